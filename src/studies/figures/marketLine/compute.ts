/** The plane and the table of several models (Fig. 3a, Table 2): the same strategies on every model's forecasts of the same days. */

import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { configurationsOf } from '../../../runs/settings.ts';
import type { StrategyConfig } from '../../../strategy/config.ts';
import { type FigureContext, lineOfModel, variantMeans } from '../context.ts';
import type { CloudPoint, MarketLineFigure, ModelCloud } from './result.ts';
import type { MarketLineSpec } from './spec.ts';

export async function marketLineFigure(
  context: FigureContext,
  { data, models }: MarketLineSpec,
): Promise<MarketLineFigure> {
  const { settings } = context.study.manifest;
  const lines: ModelLine[] = [];
  for (const model of models) {
    lines.push({ model, result: await lineOfModel(context, data, settings.stepMs, model) });
  }
  return figureOfLines(lines, configurationsOf(settings));
}

/** A model's name and what came of it. */
export interface ModelLine {
  readonly model: string;
  readonly result: MarketLineResult;
}

/** @param lines at least one; all of the same quotes and configurations */
export function figureOfLines(lines: readonly ModelLine[], configs: readonly StrategyConfig[]): MarketLineFigure {
  const { symbols, period, periods, variants, riskFreePerPeriod, periodsPerYear, naive } = lines[0]!.result;
  return {
    kind: 'market-line',
    symbols,
    period,
    periods,
    variants,
    riskFreePerPeriod,
    periodsPerYear,
    naive,
    configs,
    clouds: lines.map(({ model, result }): ModelCloud => {
      const { fits, intervals, exceedsDeterministicCount, notFinite, warnings } = result;
      const left = notFinite && { notFinite };
      return { model, points: cloudPoints(result), fits, intervals, exceedsDeterministicCount, ...left, warnings };
    }),
  };
}

function cloudPoints(result: MarketLineResult): CloudPoint[] {
  const returns = variantMeans(result);
  return result.configurations.map(
    ({ index, meanBps, costsBps, sigmaBps, sharpe, tradesPerPeriod, activity, traded }) => ({
      index,
      meanBps,
      grossBps: costsBps.gross,
      sigmaBps,
      sharpe,
      tradesPerPeriod,
      hitRate: activity.hitRate,
      holdingTicks: activity.holdingTicks,
      traded,
      returnsBps: Array.from(returns[index]!, (value) => Math.round(value * 1e7) / 1e3),
    }),
  );
}
