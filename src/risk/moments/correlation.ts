/** Correlation of two series, and of their ranks. */

import { mean, varies } from './statistics.ts';

/** Pearson's correlation; NaN where a side never varies. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (!varies(x) || !varies(y)) return Number.NaN;
  const [xMean, yMean] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - xMean, y[i]! - yMean];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** 1 … n; ties share their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) out[order[i]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return out;
}

/** Spearman's rank correlation; NaN where a side never varies. */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return correlation(ranks(x), ranks(y));
}
