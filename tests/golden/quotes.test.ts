/** Every real quote file of a format that is read: rows, first and last stamp and dirt against an independent count. */

import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import type { FindingKind } from '../../src/quotes/types.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedBytes, sharedPresent, sharedText } from '../support/shared.ts';

interface ExpectedFile {
  readonly file: string;
  readonly format: string;
  readonly first: string;
  readonly last: string;
  readonly rows: number;
  readonly dirt: Readonly<Partial<Record<FindingKind, number | null>>>;
}

/** Formats of `quotes/README.md` that are read; `F1 (unscaled price)` counts as F1. */
const FORMATS_READ = new Set(['F1', 'F2', 'F3', 'F4', 'F6', 'F9']);

describe.skipIf(!sharedPresent)(
  'quote files against counts (skipped only where the reference folder is absent)',
  () => {
    const expected: ExpectedFile[] = sharedPresent ? JSON.parse(sharedText('quotes/expected.json')) : [];
    const read = expected.filter(({ format }) => FORMATS_READ.has(format.split(' ')[0]!));
    test('there are quote files', () => expect(read.length).toBeGreaterThan(0));

    for (const want of read) {
      test(want.file, (context) => {
        const { reports, series } = readQuoteFiles([{ name: want.file, bytes: sharedBytes(`quotes/${want.file}`) }]);
        expect(reports.filter((report) => report.problem)).toEqual([]);
        const sum = (value: (report: (typeof reports)[number]) => number) =>
          reports.reduce((total, report) => total + value(report), 0);
        const found = (kind: FindingKind) =>
          sum((report) => report.findings.find((finding) => finding.kind === kind)?.count ?? 0);

        const comparison = new GoldenComparison(context, `quotes/${dirname(want.file)}`, 'typescript');
        comparison.number(
          'rows',
          sum((report) => report.rowsRead),
          want.rows,
          0,
        );
        // The table shows whole milliseconds, and bars by their start.
        const stamp = (pick: 'firstMs' | 'lastMs', choose: typeof Math.min) =>
          Math.floor(choose(...reports.map((report) => report[pick] - report.barMs)));
        comparison.number('first', stamp('firstMs', Math.min), Date.parse(`${want.first.replace(' ', 'T')}Z`), 0);
        comparison.number('last', stamp('lastMs', Math.max), Date.parse(`${want.last.replace(' ', 'T')}Z`), 0);
        for (const [kind, count] of Object.entries(want.dirt) as [FindingKind, number | null][]) {
          // In one-sided ticks the table counts the absent side's zero as a price, and no state of both sides at all.
          if (count === null || (want.format === 'F2' && kind === 'nonPositive')) continue;
          const carried = want.format === 'F2' && kind === 'missing';
          comparison.number(kind, carried ? 0 : found(kind), count, 0);
        }
        comparison.number('unparsable', found('unparsable'), 0, 0);
        comparison.number('series', series.length, reports.length, 0);
        const states = statesAfterCarrying(want);
        if (states) {
          comparison.number('crossed states', found('crossed'), states.crossed, 0);
          comparison.number('locked states', found('locked'), states.locked, 0);
          comparison.number('states', sum((report) => report.rowsKept) + found('crossed'), states.count, 0);
        }
        comparison.finish();
      });
    }
  },
);

/** What the table's note says of one-sided ticks with both sides carried forward. */
function statesAfterCarrying(want: ExpectedFile) {
  if (want.format !== 'F2') return undefined;
  const row = sharedText('quotes/README.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${want.file}\``));
  const match = /(\d+) distinct-ms states, (\d+) crossed, (\d+) locked/.exec(row ?? '');
  return match && { count: Number(match[1]), crossed: Number(match[2]), locked: Number(match[3]) };
}
