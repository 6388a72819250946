/** The book-keeping of dirt: how often each kind occurs, its first examples, and how many rows were dropped or repaired for it. */

import type { Finding, FindingKind, Policies, RowExample } from '../types.ts';
import { findingKinds, policyOf } from './findings.ts';

const MAX_EXAMPLES = 3;

interface Entry {
  count: number;
  dropped: number;
  repaired: number;
  /** Row of the file, from 0; the text where no line of the file has it. */
  readonly examples: { readonly row: number; readonly text: string | undefined }[];
}

export class FindingLog {
  private readonly entries = new Map<FindingKind, Entry>();

  /** `describe` gives the text of a row whose values now stand at an index of the columns; `undefined` where lines are looked up. */
  constructor(private readonly describe: ((index: number) => string) | undefined) {}

  /** Counts a row; `row` is asked for while examples are wanted only. */
  add(kind: FindingKind, row: number | (() => number), index?: number): void {
    const entry = this.entry(kind);
    entry.count++;
    if (entry.examples.length >= MAX_EXAMPLES) return;
    const number = typeof row === 'number' ? row : row();
    entry.examples.push({ row: number, text: this.describe?.(index ?? number) });
  }

  drop(kind: FindingKind): void {
    this.entry(kind).dropped++;
  }

  repair(kind: FindingKind): void {
    this.entry(kind).repaired++;
  }

  /** The rows of examples whose text is still to be looked up. */
  wanted(): number[] {
    return [...this.entries.values()].flatMap(({ examples }) =>
      examples.flatMap(({ row, text }) => (text === undefined ? [row] : [])),
    );
  }

  /** Everything that occurred, in the order of the policies. `lines` holds the wanted rows. */
  findings(policies: Policies | undefined, lines: ReadonlyMap<number, RowExample>): Finding[] {
    return findingKinds.flatMap((kind) => {
      const entry = this.entries.get(kind);
      if (entry === undefined) return [];
      const { count, dropped, repaired } = entry;
      const { outcome, sentence } = policyOf(kind, policies);
      const examples = entry.examples.map(
        ({ row, text }) => lines.get(row) ?? { row: row + 1, text: text ?? 'The line cannot be read any more.' },
      );
      return [{ kind, count, dropped, repaired, examples, action: outcome, policy: sentence }];
    });
  }

  /** Takes over what another log of the same rows holds of kinds that this one has not met. */
  append(other: FindingLog): void {
    for (const [kind, entry] of other.entries) this.entries.set(kind, entry);
  }

  private entry(kind: FindingKind): Entry {
    let entry = this.entries.get(kind);
    if (entry === undefined) {
      entry = { count: 0, dropped: 0, repaired: 0, examples: [] };
      this.entries.set(kind, entry);
    }
    return entry;
  }
}

/** Several lists as one: counts added up, and the first examples: by row, where the lists are of one file, else of the first lists. */
export function mergeFindings(lists: readonly (readonly Finding[])[], ofOneFile: boolean): Finding[] {
  return findingKinds.flatMap((kind) => {
    const same = lists.flatMap((list) => list.filter((finding) => finding.kind === kind));
    const [first] = same;
    if (first === undefined) return [];
    const examples = same.flatMap((finding) => finding.examples);
    if (ofOneFile) examples.sort((a, b) => a.row - b.row);
    const sum = (value: (finding: Finding) => number) => same.reduce((total, finding) => total + value(finding), 0);
    return [
      {
        ...first,
        count: sum(({ count }) => count),
        dropped: sum(({ dropped }) => dropped),
        repaired: sum(({ repaired }) => repaired),
        examples: examples.slice(0, MAX_EXAMPLES),
      },
    ];
  });
}
