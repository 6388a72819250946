/** How fast a weekly figure fades: y = a·e^(−λw) by least squares, and the weeks after which half is left. */

import { RandomStream } from '../../../core/random.ts';
import type { Estimate } from '../estimate.ts';

const REPLICATES = 999;
/** Of λ a week: from growing by a fifth to nothing left after a week. */
const RANGE = { low: -0.2, high: 3 } as const;

/**
 * Half-life ln 2/λ with a 95 % percentile interval from drawing weeks anew. Its upper bound is null where slower and slower fading, up to none at
 * all, cannot be excluded; everything is null where the figure does not fade, or with fewer than six weeks.
 *
 * @param values [weeks]; NaN where there is none
 */
export function halfLife(values: ArrayLike<number>, seed: number): Estimate {
  const weeks = Array.from(values, (value, week) => [week, value] as const).filter(([, value]) =>
    Number.isFinite(value),
  );
  if (weeks.length < 6) return { value: null, low: null, high: null };
  const rate = fadingRate(weeks);
  const replicates = new Float64Array(REPLICATES);
  for (let b = 0; b < REPLICATES; b++) {
    const stream = new RandomStream(seed, 'bootstrap/half-life', b);
    replicates[b] = fadingRate(weeks.map(() => weeks[stream.integer(weeks.length)]!));
  }
  replicates.sort();
  const [slow, fast] = [replicates[Math.floor(0.025 * REPLICATES)]!, replicates[Math.floor(0.975 * REPLICATES)]!];
  const life = (lambda: number): number | null => (lambda > 0 ? Math.LN2 / lambda : null);
  return rate > 0
    ? { value: life(rate), low: life(fast), high: life(slow) }
    : { value: null, low: life(fast), high: null };
}

/** λ by golden-section search; for each λ the best a is a regression through the origin. */
export function fadingRate(weeks: readonly (readonly [week: number, value: number])[]): number {
  const error = (lambda: number): number => {
    let [xx, xy, yy] = [0, 0, 0];
    for (const [week, value] of weeks) {
      const x = Math.exp(-lambda * week);
      xx += x * x;
      xy += x * value;
      yy += value * value;
    }
    return yy - (xy * xy) / xx;
  };
  // A coarse look first: the error can have more than one valley.
  const steps = 160;
  let best: number = RANGE.low;
  for (let i = 0; i <= steps; i++) {
    const lambda = RANGE.low + ((RANGE.high - RANGE.low) * i * i) / (steps * steps);
    if (error(lambda) < error(best)) best = lambda;
  }
  let [low, high] = [Math.max(RANGE.low, best - 0.05), Math.min(RANGE.high, best + 0.05)];
  const golden = (Math.sqrt(5) - 1) / 2;
  while (high - low > 1e-7) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (error(left) < error(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
