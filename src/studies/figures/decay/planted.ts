/** What was planted in simulated quotes, as forecasts of someone who knows it: the measure of what could be had at all. */

import type { Forecasts } from '../../../core/types.ts';
import { expectedReturns } from '../../../quotes/market/marketTruth.ts';
import { simulateMarket } from '../../../quotes/market/simulator.ts';
import type { FigureContext } from '../context.ts';

function sourceOf(study: FigureContext['study'], data: string) {
  return study.manifest.data.find(({ id }) => id === data)!.source;
}

/** Weeks after which half of the planted strength is left; null where it lasts, or the data are no simulation. */
export function plantedHalfLife({ study }: FigureContext, data: string): number | null {
  const source = sourceOf(study, data);
  if (source.kind !== 'simulator') return null;
  const { decayPerWeek } = source.settings.signal;
  return decayPerWeek > 0 && decayPerWeek < 1 ? Math.LN2 / -Math.log(decayPerWeek) : null;
}

/** Forecasts that know the planted signal and its regime, at every tick; null where the data are no simulation of these ticks. */
export function plantedForecasts(
  { study }: FigureContext,
  { data, model }: { readonly data: string; readonly model: string },
): Forecasts[] | null {
  const source = sourceOf(study, data);
  if (source.kind !== 'simulator') return null;
  const { settings } = study.manifest;
  const { truth, series } = simulateMarket(source.settings);
  const horizon = settings.horizonTicks ?? study.cardOf(model).horizon;
  const forecasts: Forecasts[] = [];
  for (const grid of study.gridsOf(data, settings.stepMs)) {
    const asset = series.findIndex(({ symbol }) => symbol === grid.symbol);
    if (series[asset]?.timeMs.length !== grid.timeMs.length) return null;
    const average = new Float64Array(grid.timeMs.length);
    for (let ahead = 1; ahead <= horizon; ahead++) {
      expectedReturns(truth, asset, ahead).forEach((value, t) => {
        average[t] = average[t]! + value / horizon;
      });
    }
    const row = average.map((value, t) => ((grid.bid[t]! + grid.ask[t]!) / 2) * Math.exp(value));
    const predictedMid = new Float64Array(2 * row.length);
    predictedMid.set(row);
    predictedMid.set(row, row.length);
    forecasts.push({ symbol: grid.symbol, variants: 1, predictedMid });
  }
  return forecasts;
}
