/**
 * What models that read features are given of a grid: columns made of bids and asks up to a tick, all in units that do not depend
 * on the price or the asset.
 */

import type { Grid } from '../core/types.ts';
import { moments } from './series.ts';

export const featureNames = ['mid', 'return', 'spread', 'imbalance'] as const;

/**
 * - `mid`: log-mid less its last value, over the standard deviation of the window's one-step changes times √L, as the normalised
 *   input transform has it;
 * - `return`: the one-step change of the log-mid over that deviation (0 at the window's first tick);
 * - `spread`: ask − bid over the mid, over that deviation;
 * - `imbalance`: bid size less ask size over their sum, from −1 to 1; 0 where the grid has no sizes.
 */
export type FeatureName = (typeof featureNames)[number];

/** A window of features that ends at a tick. */
export interface FeatureWindow {
  /** [L, F] row-major */
  readonly values: Float64Array;
  /** Natural logarithm of the last mid. */
  readonly lastLogMid: number;
  /** Standard deviation of the one-step changes of the log-mid; 0 for a window that does not move. */
  readonly deviation: number;
}

/** The features of the ticks [tick − length + 1, tick]. A window that does not move has zeros, spreads included. */
export function featureWindow(
  { bid, ask, bidSize, askSize }: Pick<Grid, 'bid' | 'ask' | 'bidSize' | 'askSize'>,
  tick: number,
  length: number,
  features: readonly FeatureName[],
): FeatureWindow {
  const first = tick - length + 1;
  const mid = (t: number): number => (bid[t]! + ask[t]!) / 2;
  const logs = Float64Array.from({ length }, (_, i) => Math.log(mid(first + i)));
  const changes = logs.map((value, i) => (i === 0 ? 0 : value - logs[i - 1]!));
  const lastLogMid = logs[length - 1]!;
  const deviation = length > 1 ? moments(changes.subarray(1)).deviation : 0;
  const column: Record<FeatureName, (i: number) => number> = {
    mid: (i) => (logs[i]! - lastLogMid) / Math.sqrt(length),
    return: (i) => changes[i]!,
    spread: (i) => (ask[first + i]! - bid[first + i]!) / mid(first + i),
    // It has no unit: dividing by the deviation is undone.
    imbalance: (i) => deviation * imbalanceOf(bidSize?.[first + i], askSize?.[first + i]),
  };
  const values = Float64Array.from({ length: length * features.length }, (_, i) => {
    const raw = column[features[i % features.length]!](Math.floor(i / features.length));
    return deviation > 0 ? raw / deviation : 0;
  });
  return { values, lastLogMid, deviation };
}

function imbalanceOf(bidSize = 0, askSize = 0): number {
  const total = bidSize + askSize;
  return total > 0 ? (bidSize - askSize) / total : 0;
}

/** The mid a score predicts: a log return over `ticks` ticks, in units of its standard deviation. */
export function scoredMid(score: number, ticks: number, { lastLogMid, deviation }: FeatureWindow): number {
  return Math.exp(lastLogMid + score * deviation * Math.sqrt(ticks));
}
