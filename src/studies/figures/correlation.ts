/** Correlation where values may be missing. */

import { mean, sumOfSquares } from '../../risk/moments/statistics.ts';

/** Pearson correlation over the places where both are numbers; null with fewer than three, or without variation. */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const both = Array.from(a, (_, i) => i).filter((i) => Number.isFinite(a[i]) && Number.isFinite(b[i]));
  if (both.length < 3) return null;
  const [x, y] = [both.map((i) => a[i]!), both.map((i) => b[i]!)];
  const [mx, my] = [mean(x), mean(y)];
  const scale = Math.sqrt(sumOfSquares(x) * sumOfSquares(y));
  return scale > 0 ? x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0) / scale : null;
}
