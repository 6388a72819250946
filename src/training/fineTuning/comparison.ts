/** How good forecasts are, on windows that were never trained on. */

import type { QuoteWindow } from './quoteWindows.ts';

export interface ForecastComparison {
  readonly windows: number;
  /** Squared error of the predicted mean over the horizon, relative to persistence's ("the price stays"): below 1 beats it. */
  readonly errorRatio: number;
  /** Correlation of the model's surprise with what came: predicted and realised mean over the horizon, each less the last value. */
  readonly surpriseCorrelation: number;
}

/** `predicted` [N, H] beside the windows it is of, both in the windows' units. */
export function scoreForecasts(
  batches: readonly { readonly predicted: Float64Array; readonly windows: readonly QuoteWindow[] }[],
): ForecastComparison {
  const [said, came]: [number[], number[]] = [[], []];
  for (const { predicted, windows } of batches) {
    const horizon = predicted.length / windows.length;
    windows.forEach(({ future }, n) => {
      said.push(mean(predicted.subarray(n * horizon, (n + 1) * horizon)));
      came.push(mean(future.subarray(0, horizon)));
    });
  }
  const sum = (term: (i: number) => number): number => came.reduce((total, _, i) => total + term(i), 0);
  const [middleSaid, middleCame] = [mean(said), mean(came)];
  const covariance = sum((i) => (said[i]! - middleSaid) * (came[i]! - middleCame));
  const spread = Math.sqrt(sum((i) => (said[i]! - middleSaid) ** 2) * sum((i) => (came[i]! - middleCame) ** 2));
  return {
    windows: came.length,
    errorRatio: sum((i) => (said[i]! - came[i]!) ** 2) / sum((i) => came[i]! ** 2),
    surpriseCorrelation: spread > 0 ? covariance / spread : 0,
  };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
