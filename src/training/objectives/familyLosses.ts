/** Which losses a family can be trained on. */

import { familyOf } from '../../models/registry.ts';
import type { PointLoss } from '../losses.ts';

export type LossKind = PointLoss['kind'] | 'quantiles' | 'crossEntropy' | 'mixture';

/** The losses that a family can be trained on, its own first. */
export function lossesOf(family: string): readonly LossKind[] {
  const own = familyOf(family)?.ownLoss;
  return [...(own ? [own] : []), 'mse', 'mae', 'huber', 'quantile'];
}
