/** What is said of a file before, or instead of, its being read: small, for those who have others read it. */

import type { UserProblem } from '../core/errors.ts';
import type { ReadPart } from './readFile.ts';
import type { FileOverrides, FileReport, ImportOverrides } from './types.ts';

/** A report before anything is known. */
export const unknownReport = {
  format: '',
  confidence: 0,
  symbols: [],
  rowsRead: 0,
  rowsKept: 0,
  rowsRepaired: 0,
  rowsDropped: 0,
  rowsElsewhere: 0,
  firstMs: Number.NaN,
  lastMs: Number.NaN,
  barMs: 0,
  timeUnit: '',
  timeZone: '',
  notes: [],
  findings: [],
  medianStepMs: Number.NaN,
  largestGapMs: Number.NaN,
  overlapping: 0,
} as const;

/** What is set for one file. */
export function overridesFor(name: string, { byFile, ...forAll }: ImportOverrides): FileOverrides {
  return { ...forAll, ...byFile?.[name] };
}

export function unread(report: FileReport): ReadPart {
  return { report, quotes: [], calendar: { kind: '24/7' } };
}

/** The part of a file whose reading failed as a whole. */
export function failedFile(file: string, problem: UserProblem): ReadPart {
  return unread({ ...unknownReport, file, problem: { where: file, ...problem } });
}
