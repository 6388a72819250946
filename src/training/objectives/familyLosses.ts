/** Which losses a family can be trained on. */

import { factsOf } from '../../models/familyFacts.ts';
import type { PointLoss } from '../losses.ts';

export type LossKind = PointLoss['kind'] | 'quantiles' | 'crossEntropy' | 'mixture';

/** The losses that a family can be trained on, its own first. */
export function lossesOf(family: string): readonly LossKind[] {
  const ownLoss = factsOf(family)?.ownLoss;
  return [...(ownLoss ? [ownLoss] : []), 'mse', 'mae', 'huber', 'quantile'];
}
