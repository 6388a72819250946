/** A configuration that was told from a checkpoint's tensors, and what was left to ask. */

import type { ConfigQuestion } from '../types.ts';

export interface InferredConfig {
  readonly configJson: string;
  readonly notes: readonly string[];
  readonly questions: readonly ConfigQuestion[];
}

/** Answers to questions, by field. */
export type Answers = Readonly<Record<string, string>>;

/** The answer with which tensors are left out that the file holds and the graph does not read. */
export const leavingUnused = { field: 'unusedTensors', value: 'leave' } as const;
