/** Which losses a family can be trained on. */

import type { PointLoss } from '../losses.ts';

export type LossKind = PointLoss['kind'] | 'quantiles' | 'crossEntropy' | 'mixture';

/** The losses that families were published with, where they are more than an error of one forecast. */
const ownLosses: Readonly<Record<string, LossKind>> = {
  'chronos-bolt': 'quantiles',
  'chronos-t5': 'crossEntropy',
  moirai: 'mixture',
};

/** The losses that a family can be trained on, its own first. */
export function lossesOf(family: string): readonly LossKind[] {
  const own = ownLosses[family];
  return [...(own ? [own] : []), 'mse', 'mae', 'huber', 'quantile'];
}
