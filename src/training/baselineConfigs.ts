/** The baselines that come with the page, and what a new one reads. */

import type { Grid } from '../core/types.ts';
import type { FeatureName } from '../models/features.ts';

/** Embedded: trained by `npm run baselines`. */
export const baselineIds = ['lstm', 'gru', 'alstm', 'da-rnn', 'sfm', 'mlp'] as const;

/** What is read of grids: imbalance where all have sizes. */
export function featuresFor(grids: readonly Pick<Grid, 'bidSize' | 'askSize'>[]): readonly FeatureName[] {
  const sized = grids.every(({ bidSize, askSize }) => bidSize && askSize);
  return ['mid', 'return', 'spread', ...(sized ? (['imbalance'] as const) : [])];
}
