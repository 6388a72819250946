/** Questions that a file leaves open: thrown where nothing can be read before there is an answer, noted where a reading was assumed. */

import { UserError, type UserProblem } from '../core/errors.ts';
import type { Question } from './types.ts';

/** Thrown by readers that cannot go on without an answer. */
export class Asked extends UserError {
  constructor(readonly question: Question) {
    super(problemOf(question));
  }
}

/** @throws Asked, always. */
export function ask(question: Question): never {
  throw new Asked(question);
}

/** The question as a problem, for those who show problems only. */
function problemOf({ kind, text, readings }: Question): UserProblem {
  const ways = readings.map(({ label }) => label).join(' — or — ');
  return { code: `quotes/asked-${kind}`, message: text, hint: `Say which it is: ${ways}.` };
}
