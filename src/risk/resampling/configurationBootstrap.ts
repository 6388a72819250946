/**
 * Bootstrap of a market line over its points: configurations are drawn anew, days stay as they were. Says how much the slope hangs
 * on which configurations were drawn, not how much on the days that happened; for that see `bootstrap.ts`.
 */

import { RandomStream } from '../../core/random.ts';
import { whyNoLine } from '../lines/marketLine.ts';
import { type SlopeKind, slopeKinds, writeSlopes } from '../lines/slopes.ts';
import type { SlopeIntervalOutcome } from './bootstrap.ts';
import { bootstrapInterval, type IntervalMethod } from './bootstrapInterval.ts';

export interface ConfigurationBootstrapOptions {
  readonly riskFreePerPeriod: number;
  readonly seed: number;
  readonly replicates: number;
  readonly confidence: number;
  readonly method: IntervalMethod;
}

/**
 * Intervals of the three slopes per day. Points with a coordinate that is not finite are left out.
 *
 * @param sigma [n] risk per day
 * @param meanReturn [n] per day
 */
export function bootstrapConfigurations(
  sigma: ArrayLike<number>,
  meanReturn: ArrayLike<number>,
  options: ConfigurationBootstrapOptions,
): Readonly<Record<SlopeKind, SlopeIntervalOutcome>> {
  const usable = Array.from(sigma, (_, i) => i).filter(
    (i) => Number.isFinite(sigma[i]) && Number.isFinite(meanReturn[i]),
  );
  const x = Float64Array.from(usable, (i) => sigma[i]!);
  const y = Float64Array.from(usable, (i) => meanReturn[i]!);
  const problem = whyNoLine(x, y);
  if (problem) {
    const none = { kind: 'none', problem } as const;
    return { leastSquares: none, throughRiskFree: none, orthogonal: none };
  }

  const { riskFreePerPeriod, replicates, confidence, method } = options;
  const kinds = slopeKinds.length;
  const estimates = new Float64Array(kinds);
  writeSlopes(x, y, riskFreePerPeriod, estimates, 0);
  const drawn = resampled(x, y, options);
  const without = leftOut(x, y, riskFreePerPeriod);
  const column = (slopes: Float64Array, kind: number) => slopes.filter((_, i) => i % kinds === kind);
  const intervalOf = (kind: number): SlopeIntervalOutcome => {
    const [values, others] = [column(drawn, kind), column(without, kind)];
    const result = bootstrapInterval(estimates[kind]!, values, others, x.length, confidence, method);
    if (result.kind === 'none') return result;
    return { ...result, confidence, method, resampled: 'configurations', blockPeriods: null, replicates };
  };
  return { leastSquares: intervalOf(0), throughRiskFree: intervalOf(1), orthogonal: intervalOf(2) };
}

/** [B, kinds] of points drawn with replacement */
function resampled(x: Float64Array, y: Float64Array, options: ConfigurationBootstrapOptions): Float64Array {
  const slopes = new Float64Array(options.replicates * slopeKinds.length);
  const drawnX = new Float64Array(x.length);
  const drawnY = new Float64Array(x.length);
  for (let b = 0; b < options.replicates; b++) {
    const stream = new RandomStream(options.seed, 'bootstrap/configurations', b);
    for (let i = 0; i < x.length; i++) {
      const source = stream.integer(x.length);
      drawnX[i] = x[source]!;
      drawnY[i] = y[source]!;
    }
    writeSlopes(drawnX, drawnY, options.riskFreePerPeriod, slopes, b * slopeKinds.length);
  }
  return slopes;
}

/** [n, kinds] without each point */
function leftOut(x: Float64Array, y: Float64Array, riskFreePerPeriod: number): Float64Array {
  const slopes = new Float64Array(x.length * slopeKinds.length);
  for (let i = 0; i < x.length; i++) {
    const others = (values: Float64Array) => values.filter((_, j) => j !== i);
    writeSlopes(others(x), others(y), riskFreePerPeriod, slopes, i * slopeKinds.length);
  }
  return slopes;
}
