/** A model as results speak of it. */

import { factsOf } from '../../models/familyFacts.ts';
import type { ModelCard } from '../../models/types.ts';
import type { ModelEntry } from './results.ts';

/** A model as results speak of it, under its name in them. */
export function entryOf(name: string, card: ModelCard): ModelEntry {
  const { family, title, parameters, contextLength, horizon, precision = 'f32' } = card;
  const kind = factsOf(family)?.kind ?? 'foundation';
  return { name, family, title, parameters, contextLength, horizon, precision, kind };
}

/** A model and the precision it was used in. */
export function nameOf({ name, precision }: ModelCard): string {
  return precision ? `${name} ${precision}` : name;
}
