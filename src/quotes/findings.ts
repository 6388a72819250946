/** The policy on dirt in one place, and the book-keeping of it: counts, first examples, and what is done. */

import type { Finding, FindingKind, RowExample } from './types.ts';

const MAX_EXAMPLES = 3;

/** A gap is a step of more than this many median steps. */
export const GAP_STEPS = 20;
/** An isolated jump is an outlier above this many median changes, and above this fraction of the price. */
export const OUTLIER_CHANGES = 20;
export const OUTLIER_FRACTION = 0.005;
/** A spread above this fraction of the mid is an outlier. */
export const WIDE_SPREAD = 0.05;

const POLICY: Readonly<Record<FindingKind, readonly [Finding['action'], string]>> = {
  unparsable: [
    'dropped',
    'Rows that cannot be read (a missing column, no number, no time of the years 1900 to 2199) are dropped.',
  ],
  suspicious: ['dropped', 'Rows the source flags as suspicious are dropped.'],
  missing: ['dropped', 'Rows without a bid or without an ask are dropped.'],
  nonPositive: ['dropped', 'Rows with a price of zero or below are dropped.'],
  crossed: ['dropped', 'Crossed quotes (bid above ask) are dropped.'],
  locked: ['kept', 'Locked quotes (bid equal to ask) are kept.'],
  duplicateStamp: ['repaired', 'Of several rows with one stamp the last usable one counts.'],
  outOfOrder: ['repaired', 'Rows earlier than the row above them are sorted in; rows of one stamp keep their order.'],
  gap: ['kept', `Steps of more than ${GAP_STEPS} median steps are noted; the quote before holds until the next.`],
  outlier: [
    'kept',
    `Quotes that jump from both neighbours (by over ${OUTLIER_CHANGES} median changes and ${OUTLIER_FRACTION * 100} %) or whose spread exceeds ${WIDE_SPREAD * 100} % of the mid are noted and kept.`,
  ],
};
const KEPT_CROSSED = ['kept', 'Crossed quotes (bid above ask) are kept, as set.'] as const;

/** Collects findings of one file; rows are given by their index. */
export class FindingLog {
  private readonly entries = new Map<FindingKind, { count: number; rows: number[] }>();

  constructor(
    private readonly exampleOf: (row: number) => RowExample,
    private readonly keepCrossed: boolean,
  ) {}

  add(kind: FindingKind, row: number): void {
    let entry = this.entries.get(kind);
    if (entry === undefined) {
      entry = { count: 0, rows: [] };
      this.entries.set(kind, entry);
    }
    entry.count++;
    if (entry.rows.length < MAX_EXAMPLES) entry.rows.push(row);
  }

  /** Everything that occurred, in the order of the policy. */
  findings(): Finding[] {
    return (Object.keys(POLICY) as FindingKind[]).flatMap((kind) => {
      const entry = this.entries.get(kind);
      if (entry === undefined) return [];
      const [action, policy] = kind === 'crossed' && this.keepCrossed ? KEPT_CROSSED : POLICY[kind];
      return [{ kind, count: entry.count, examples: entry.rows.map(this.exampleOf), action, policy }];
    });
  }
}
