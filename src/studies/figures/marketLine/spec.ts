/** What the plane and the table of several models are asked for. */

import * as v from 'valibot';
import { type Immutable, name, names } from '../schema.ts';

export const schema = v.object({
  kind: v.literal('market-line'),
  data: name,
  models: names,
});

export type MarketLineSpec = Immutable<v.InferOutput<typeof schema>>;
