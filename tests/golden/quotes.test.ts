/** Every real quote file: rows, first and last stamp and dirt against an independent count. */

import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { QuoteSeries } from '../../src/core/types.ts';
import { assemble, readQuoteFiles } from '../../src/quotes/import.ts';
import { type ReadPart, readSource } from '../../src/quotes/readFile.ts';
import type { FindingKind, QuoteImport } from '../../src/quotes/types.ts';
import { choppedSource } from '../support/chopped.ts';
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

describe.skipIf(!sharedPresent)(
  'quote files against counts (skipped only where the reference folder is absent)',
  () => {
    const expected: ExpectedFile[] = sharedPresent ? JSON.parse(sharedText('quotes/expected.json')) : [];
    test('there are quote files', () => expect(expected.length).toBeGreaterThan(0));

    test('faults of a NautilusTrader file are told and not repaired', async () => {
      const name = 'nautilus/64-bit/quotes.parquet';
      const { reports, series } = await readQuoteFiles([{ name, bytes: sharedBytes(`quotes/${name}`) }]);
      expect([series[0]!.symbol, series[0]!.bid[0], series[0]!.ask[0]]).toEqual(['EUR/USD.SIM', 112.12, 112.172]);
      expect(reports[0]!.notes.filter((note) => note.startsWith('Suspicion'))).toEqual([
        expect.stringContaining('They may be 100 times the market'),
        expect.stringContaining('Milliseconds may have been stored as nanoseconds'),
      ]);
    });

    for (const want of expected) {
      test(want.file, async (context) => {
        const names = [want.file, ...otherHalf(want)];
        const { reports: all, series } = await readQuoteFiles(
          names.map((name) => ({ name, bytes: sharedBytes(`quotes/${name}`) })),
        );
        expect(all.filter((report) => report.problem)).toEqual([]);
        expectSame(await readInSmallPieces(names), { reports: all, series });
        const reports = all.filter((report) => report.file === want.file);
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
          // Stamps of one file are counted across its instruments there, within each here.
          const acrossSymbols = kind === 'duplicateStamp' && reports[0]!.symbols.length > 1 ? sharedStamps(series) : 0;
          comparison.number(kind, carried ? 0 : found(kind) + acrossSymbols, count, 0);
        }
        comparison.number('unparsable', found('unparsable'), 0, 0);
        const symbols = reports.flatMap((report) => report.symbols);
        comparison.number('series', series.length, symbols.length, 0);
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

/** The same files in pieces so small that their ends fall everywhere: into lines, numbers, headers, packed blocks. */
async function readInSmallPieces(names: readonly string[]): Promise<Read> {
  const parts: ReadPart[] = [];
  for (const [i, name] of names.entries()) {
    parts.push(...(await readSource(name, choppedSource(sharedBytes(`quotes/${name}`), 2039 + 2 * i), {})));
  }
  return assemble(parts);
}

type Read = Pick<QuoteImport, 'series' | 'reports'>;

function expectSame(got: Read, want: Read): void {
  expect(got.reports).toEqual(want.reports);
  expect(got.series.map(({ symbol, source }) => [symbol, source])).toEqual(
    want.series.map(({ symbol, source }) => [symbol, source]),
  );
  for (const [i, series] of got.series.entries()) {
    for (const column of ['timeMs', 'bid', 'ask', 'bidSize', 'askSize'] as const) {
      const [a, b] = [series[column], want.series[i]![column]];
      expect(a?.length).toBe(b?.length);
      expect(a?.every((value, row) => Object.is(value, b?.[row])) ?? true).toBe(true);
    }
  }
}

/** Quotes whose stamp a series before has too. */
function sharedStamps(series: readonly QuoteSeries[]): number {
  const stamps = new Set(series.flatMap(({ timeMs }) => [...timeMs]));
  return series.reduce((sum, { timeMs }) => sum + timeMs.length, 0) - stamps.size;
}

/** Bids and asks in two files are quotes only together. */
function otherHalf({ file, format }: ExpectedFile): string[] {
  if (format !== 'F11') return [];
  return [file.includes('-bid-') ? file.replace('-bid-', '-ask-') : file.replace('-ask-', '-bid-')];
}

/** What the table's note says of one-sided ticks with both sides carried forward. */
function statesAfterCarrying(want: ExpectedFile) {
  if (want.format !== 'F2') return undefined;
  const row = sharedText('quotes/README.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${want.file}\``));
  const match = /(\d+) distinct-ms states, (\d+) crossed, (\d+) locked/.exec(row ?? '');
  return match && { count: Number(match[1]), crossed: Number(match[2]), locked: Number(match[3]) };
}
