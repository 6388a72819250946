/** A configuration that was told from a checkpoint's tensors, and what was left to ask. */

import type { ConfigQuestion } from '../types.ts';

export interface InferredConfig {
  readonly configJson: string;
  readonly notes: readonly string[];
  readonly questions: readonly ConfigQuestion[];
}

/** Answers to questions, by field. */
export type Answers = Readonly<Record<string, string>>;
