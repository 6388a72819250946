/** What the rolling market line is asked for. */

import * as v from 'valibot';
import { day, type Immutable, name, weeklyTuning, whole } from '../schema.ts';

export const schema = v.object({
  kind: v.literal('decay'),
  data: name,
  model: name,
  /** Weeks of returns behind each line. */
  windowWeeks: whole(1, 520),
  /** Dates to be marked in the plot. */
  releases: v.array(v.object({ name, day })),
  /** End of the model's pre-training data; null: not known. */
  pretrainedUntil: v.nullable(day),
  fineTune: weeklyTuning,
});

export type DecaySpec = Immutable<v.InferOutput<typeof schema>>;
