/** The plane and the table of several models (Fig. 3a, Table 2): the same strategies on every model's forecasts of the same days. */

import type { MarketLineResult } from '../marketLineResult.ts';
import { configurationsOf } from '../settings.ts';
import { type FigureContext, lineOfModel, variantMeans } from './context.ts';
import type { CloudPoint, MarketLineFigure, ModelCloud } from './results.ts';

export async function marketLineFigure(
  context: FigureContext,
  { data, models }: { readonly data: string; readonly models: readonly string[] },
): Promise<MarketLineFigure> {
  const { settings } = context.study.manifest;
  let first: MarketLineResult | undefined;
  const clouds: ModelCloud[] = [];
  for (const model of models) {
    const result = await lineOfModel(context, data, settings.stepMs, model);
    first ??= result;
    const { fits, intervals, exceedsDeterministicCount, warnings } = result;
    clouds.push({ model, points: cloudPoints(result), fits, intervals, exceedsDeterministicCount, warnings });
  }
  const { symbols, period, periods, variants, riskFreePerPeriod, periodsPerYear, naive } = first!;
  return {
    kind: 'market-line',
    ...{ symbols, period, periods, variants, riskFreePerPeriod, periodsPerYear, naive },
    configs: configurationsOf(settings),
    clouds,
  };
}

export function cloudPoints(result: MarketLineResult): CloudPoint[] {
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
