/** What lead and lag are asked for. */

import * as v from 'valibot';
import { type Immutable, names, resolution, weeklyTuning, whole } from '../schema.ts';

export const schema = v.object({
  kind: v.literal('lead-lag'),
  models: names,
  resolutions: v.pipe(v.array(resolution), v.minLength(1)),
  /** Lags from −`lagTicks` to +`lagTicks`. */
  lagTicks: whole(1, 100),
  /** At every resolution. */
  fineTune: weeklyTuning,
});

export type LeadLagSpec = Immutable<v.InferOutput<typeof schema>>;
