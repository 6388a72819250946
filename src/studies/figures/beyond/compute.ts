/** Beyond the paper: ensembles over models and whether they lie further left, the risk models share, portfolios over assets. */

import { assetReturns, marketReturns } from '../../../analysis/capitalLines.ts';
import { RandomStream } from '../../../core/random.ts';
import type { Forecasts } from '../../../core/types.ts';
import { neededContext } from '../../../forecasts/neededContext.ts';
import type { ReturnPeriod } from '../../../marketLine/periods.ts';
import { sharpeRatio } from '../../../risk/moments/performance.ts';
import { mean, populationVariance } from '../../../risk/moments/statistics.ts';
import { bootstrapInterval } from '../../../risk/resampling/bootstrapInterval.ts';
import { drawPeriods, emptyDraw } from '../../../risk/resampling/dayResampling.ts';
import { marketLineOf } from '../../../runs/run.ts';
import { settingsAt } from '../../machine/settingsAt.ts';
import { type FigureContext, lineOfForecasts, variantMeans } from '../context.ts';
import { correlationOf } from '../correlation.ts';
import type { Estimate } from '../estimate.ts';
import { seriesOf } from '../surprises.ts';
import { portfolioReturns, weightings } from './portfolios.ts';
import type { BeyondFigure } from './result.ts';
import { correlationMatrix, eigenOf } from './sharedRisk.ts';
import type { BeyondSpec } from './spec.ts';

const REPLICATES = 499;
const CONFIDENCE = 0.95;

/** [C][D] net daily returns, mean over variants. */
type Panel = readonly Float64Array[];

export async function beyondFigure(context: FigureContext, { data, models }: BeyondSpec): Promise<BeyondFigure> {
  const { study, gather } = context;
  const { stepMs, seed, strideTicks } = study.manifest.settings;
  const grids = study.gridsOf(data, stepMs);
  const forecasts: (readonly Forecasts[])[] = [];
  const panels: Panel[] = [];
  let days: readonly string[] = [];
  let period: ReturnPeriod = 'day';
  for (const model of models) {
    const { forecasts: own } = await gather({ data, stepMs, model });
    const result = await lineOfForecasts(context, data, stepMs, own);
    forecasts.push(own);
    panels.push(variantMeans(result));
    days = result.periods;
    period = result.period;
  }
  const members = models.map((model, m) => ({ model, ...centre(panels[m]!) }));
  const settings = settingsAt(study.manifest, stepMs);
  const contexts = models.map((model) => neededContext(study.cardOf(model), settings));
  /** Only forecasts made at the same ticks can be averaged. */
  const inStep = contexts.every((context) => (context - contexts[0]!) % strideTicks === 0);
  const averaged = inStep
    ? variantMeans(await lineOfForecasts(context, data, stepMs, averageForecasts(forecasts)))
    : undefined;
  const pooled = panels[0]!.map((_, c) =>
    Float64Array.from(days, (_day, d) => mean(panels.map((panel) => panel[c]![d]!))),
  );
  const ensembleOf = (name: 'forecasts' | 'returns', panel: Panel) => ({
    name,
    centroid: centre(panel),
    ...shiftOf(panel, panels, seed),
  });
  const ensembles = [...(averaged ? [ensembleOf('forecasts', averaged)] : []), ensembleOf('returns', pooled)];

  const cloudReturns = panels.map((panel) => Float64Array.from(days, (_, d) => mean(panel.map((own) => own[d]!))));
  const returns = correlationMatrix(cloudReturns);
  const eigen = eigenOf(returns.map((row) => row.map((value) => value ?? 0)));
  const total = eigen.reduce((sum, { value }) => sum + value, 0);
  const first = Float64Array.from(days, (_, d) =>
    eigen[0]!.vector.reduce((sum, weight, m) => sum + (weight * cloudReturns[m]![d]!) / deviation(cloudReturns[m]!), 0),
  );
  const market = assetReturns(grids, period);
  const surprises = grids.map((grid, a) =>
    correlationMatrix(
      models.map((_model, m) => {
        const series = seriesOf(grid, forecasts[m]![a]!, contexts[m]!, strideTicks);
        return series.predictedMid.map((price, t) => price / series.mid[t]! - 1);
      }),
    ),
  );
  return {
    kind: 'beyond',
    ensembles,
    members,
    sharedRisk: {
      models,
      returns,
      surprises: models.map((_, i) => models.map((_model, j) => averageOf(surprises.map((matrix) => matrix[i]![j]!)))),
      componentShares: eigen.map(({ value }) => value / total),
      firstAgainstMarket: correlationOf(first, marketReturns(market)),
    },
    notes: inStep
      ? []
      : [
          'The models forecast at different ticks (contexts that do not differ by whole strides), so their forecasts are not averaged.',
        ],
    portfolios: await portfoliosOf(context, data, models, forecasts),
  };
}

function averageOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : mean(there);
}

/** Predicted prices of several models averaged, variant by variant; where one has no prediction there is none. */
export function averageForecasts(models: readonly (readonly Forecasts[])[]): Forecasts[] {
  return models[0]!.map(({ symbol, variants, predictedMid }, a) => ({
    symbol,
    variants,
    predictedMid: predictedMid.map(
      (_, i) => models.reduce((sum, own) => sum + own[a]!.predictedMid[i]!, 0) / models.length,
    ),
  }));
}

function deviation(values: ArrayLike<number>): number {
  return Math.sqrt(populationVariance(values)) || 1;
}

/** Means over the configurations with any risk, in bps a day. */
function centre(panel: Panel): { sigmaBps: number; meanBps: number } {
  const own = panel.filter((returns) => populationVariance(returns) > 0);
  if (own.length === 0) return { sigmaBps: 0, meanBps: 0 };
  return {
    sigmaBps: 1e4 * mean(own.map((each) => Math.sqrt(populationVariance(each)))),
    meanBps: 1e4 * mean(own.map(mean)),
  };
}

/** Ensemble less the mean of its members, configuration by configuration, with intervals by drawing blocks of days anew. */
function shiftOf(
  ensemble: Panel,
  members: readonly Panel[],
  seed: number,
): { sigmaShift: Estimate; meanShift: Estimate } {
  const days = ensemble[0]?.length ?? 0;
  const sigma = new Float64Array(REPLICATES);
  const level = new Float64Array(REPLICATES);
  const weights = new Float64Array(days).fill(1);
  const all = [ensemble, ...members];
  const estimate = shifts(all, weights);
  const leave = Array.from({ length: days }, (_, left) =>
    shifts(
      all,
      weights.map((_w, d) => (d === left ? 0 : 1)),
    ),
  );
  const block = Math.max(1, Math.round(Math.cbrt(days)));
  const draw = emptyDraw(days);
  for (let b = 0; b < REPLICATES; b++) {
    drawPeriods(new RandomStream(seed, 'bootstrap/ensemble', b), 'circular', days, block, draw);
    weights.fill(0);
    for (let j = 0; j < draw.count; j++) weights[draw.days[j]!] = draw.weights[j]!;
    [sigma[b], level[b]] = shifts(all, weights);
  }
  const intervalOf = (value: number, replicates: Float64Array, i: 0 | 1): Estimate => {
    const jack = Float64Array.from(leave, (each) => each[i]);
    const found = bootstrapInterval(value, replicates, jack, Math.max(2, days / block), CONFIDENCE, 'studentT');
    return found.kind === 'none' ? { value, low: null, high: null } : { value, low: found.low, high: found.high };
  };
  return { sigmaShift: intervalOf(estimate[0], sigma, 0), meanShift: intervalOf(estimate[1], level, 1) };
}

/** [Δσ, Δmean] in bps with weighted days. */
function shifts([ensemble, ...members]: readonly Panel[], weights: Float64Array): [number, number] {
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  const moments = (returns: Float64Array): [number, number] => {
    let [first, second] = [0, 0];
    for (let d = 0; d < returns.length; d++) {
      first += weights[d]! * returns[d]!;
      second += weights[d]! * returns[d]! ** 2;
    }
    return [Math.sqrt(Math.max(0, second / count - (first / count) ** 2)), first / count];
  };
  let [sigma, level] = [0, 0];
  ensemble!.forEach((own, c) => {
    const mine = moments(own);
    const theirs = members.map((panel) => moments(panel[c]!));
    sigma += mine[0] - mean(theirs.map((each) => each[0]));
    level += mine[1] - mean(theirs.map((each) => each[1]));
  });
  return [(1e4 * sigma) / ensemble!.length, (1e4 * level) / ensemble!.length];
}

async function portfoliosOf(
  { study, backtester }: FigureContext,
  data: string,
  models: readonly string[],
  forecasts: readonly (readonly Forecasts[])[],
): Promise<BeyondFigure['portfolios']> {
  const { settings } = study.manifest;
  const grids = study.gridsOf(data, settings.stepMs);
  const found: BeyondFigure['portfolios'][number][] = [];
  for (const [m, model] of models.entries()) {
    const byAsset = [];
    for (const [a, grid] of grids.entries()) {
      const result = await marketLineOf({ grids: [grid], forecasts: [forecasts[m]![a]!], backtester, settings });
      byAsset.push({ panel: variantMeans(result), days: result.periods, result });
    }
    const { periodsPerYear, riskFreePerPeriod } = byAsset[0]!.result;
    const days = [...new Set(byAsset.flatMap((each) => each.days))].sort();
    const aligned = byAsset.map(({ panel, days: own }) =>
      panel.map((returns) => days.map((day) => returns[own.indexOf(day)] ?? 0)),
    );
    for (const weights of weightings) {
      const panel = aligned[0]!.map((_, c) =>
        portfolioReturns(
          aligned.map((each) => each[c]!),
          weights,
        ),
      );
      const { sigmaBps, meanBps } = centre(panel);
      const sharpe = sharpeRatio(meanBps / 1e4, sigmaBps / 1e4, riskFreePerPeriod, periodsPerYear);
      found.push({ model, weights, sigmaBps, meanBps, sharpe });
    }
  }
  return found;
}
