/** What the scaling of a family’s sizes is asked for. */

import * as v from 'valibot';
import { type Immutable, name, names, stepMs, whole } from '../schema.ts';

export const schema = v.object({
  kind: v.literal('scaling'),
  data: name,
  /** Models from the smallest to the largest. */
  models: names,
  stepsMs: v.pipe(v.array(stepMs), v.minLength(1)),
  /** In place of those of the settings: larger models take longer. */
  strideTicks: v.optional(v.nullable(whole(1, 1_000_000)), null),
  variants: v.optional(v.nullable(whole(1, 1000)), null),
});

export type ScalingSpec = Immutable<v.InferOutput<typeof schema>>;
