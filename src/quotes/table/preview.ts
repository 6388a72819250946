/** A first look at a content, from the rows at its start. */

import { pauses } from '../../core/yielding.ts';
import { type CleanQuotes, validate } from '../cleaning/validate.ts';
import type { DetectedContent } from '../formats/detect.ts';
import type { RawTable } from '../formats/format.ts';
import type { FileOverrides, FileReport, QuotePreview } from '../types.ts';

const QUOTES = 8;
const MIDS = 120;

/** `undefined` where its first rows cannot be had by themselves, or hold no usable quote. Never rejects: the reading proper says what is wrong. */
export async function previewOf(
  { file, member }: Pick<FileReport, 'file' | 'member'>,
  { format, readFirst }: DetectedContent,
  { policies }: FileOverrides,
): Promise<QuotePreview | undefined> {
  try {
    const table = await readFirst?.();
    if (!table || table.half) return undefined;
    const linesOf = async () => new Map();
    const [quotes] = (await validate(table, { policies, pause: pauses(), linesOf })).quotes;
    if (!quotes) return undefined;
    return previewTable({ file, ...(member !== undefined && { member }) }, format, table, quotes);
  } catch {
    return undefined;
  }
}

/** Half a pair has no quotes of its own. */
export function previewTable(
  named: Pick<FileReport, 'file' | 'member'>,
  format: string,
  { symbols, timeUnit, timeZone, notes }: RawTable,
  quotes: CleanQuotes | undefined,
): QuotePreview {
  const { timeMs = [], bid = [], ask = [] } = quotes ?? {};
  const count = Math.min(MIDS, timeMs.length);
  const picked = Array.from({ length: count }, (_, i) =>
    Math.floor((i * (timeMs.length - 1)) / Math.max(1, count - 1)),
  );
  const first = Array.from({ length: Math.min(QUOTES, timeMs.length) }, (_, i) => i);
  return {
    ...named,
    format,
    symbols,
    timeUnit,
    timeZone,
    quotes: first.map((i) => ({ timeMs: timeMs[i]!, bid: bid[i]!, ask: ask[i]! })),
    mids: picked.map((i) => (bid[i]! + ask[i]!) / 2),
    notes,
  };
}
