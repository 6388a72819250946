/** What is asked for beyond the paper. */

import * as v from 'valibot';
import { type Immutable, name, names } from '../schema.ts';

export const schema = v.object({
  kind: v.literal('beyond'),
  data: name,
  models: names,
});

export type BeyondSpec = Immutable<v.InferOutput<typeof schema>>;
