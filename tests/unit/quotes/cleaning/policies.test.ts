import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { findingKinds, policyOptions } from '../../../../src/quotes/cleaning/findings.ts';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import type { FileReport, FindingKind, Policies } from '../../../../src/quotes/types.ts';

const START = 1_709_285_400;

/** Rows `[second, bid, ask]` as a CSV. */
async function read(rows: readonly (readonly (number | string)[])[], policies: Policies = {}) {
  const text = `time,bid,ask\n${rows.map(([second, ...rest]) => [START + Number(second), ...rest].join()).join('\n')}\n`;
  const { series, reports } = await readQuoteFiles([{ name: 'x.csv', bytes: strToU8(text) }], { policies });
  const quotes = series.flatMap(({ timeMs, bid, ask }) =>
    Array.from(timeMs, (time, i) => [time / 1000 - START, bid[i], ask[i]]),
  );
  return { quotes, report: reports[0]! };
}

const finding = (report: FileReport, kind: FindingKind) => report.findings.find((each) => each.kind === kind);
const counts = (report: FileReport, kind: FindingKind) => {
  const found = finding(report, kind);
  return found && [found.count, found.dropped, found.repaired, found.action];
};

describe('the table of policies', () => {
  test('has a switch per kind, whose default comes first and whose sentences are sentences', () => {
    expect(policyOptions.map(({ kind }) => kind)).toEqual(findingKinds);
    for (const { options, label, default: usual } of policyOptions) {
      expect(options[0]!.action).toBe(usual);
      expect(new Set(options.map(({ action }) => action)).size).toBe(options.length);
      expect(label).toMatch(/^[a-z]/);
      for (const { sentence } of options) expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('a policy', () => {
  test.each<['drop' | 'keep' | 'swap', number[][], (number | string)[]]>([
    ['drop', [[0, 1, 2]], [1, 1, 0, 'dropped']],
    [
      'keep',
      [
        [0, 1, 2],
        [1, 4, 3],
      ],
      [1, 0, 0, 'kept'],
    ],
    [
      'swap',
      [
        [0, 1, 2],
        [1, 3, 4],
      ],
      [1, 0, 1, 'repaired'],
    ],
  ])('on crossed quotes: %s', async (crossed, quotes, found) => {
    const got = await read(
      [
        [0, 1, 2],
        [1, 4, 3],
      ],
      { crossed },
    );
    expect(got.quotes).toEqual(quotes);
    expect(counts(got.report, 'crossed')).toEqual(found);
    // The example is what the file says, not what was made of it.
    expect(finding(got.report, 'crossed')!.examples).toEqual([{ row: 3, text: `${START + 1},4,3` }]);
  });

  test('on locked quotes: drop', async () => {
    const got = await read(
      [
        [0, 1, 2],
        [1, 3, 3],
      ],
      { locked: 'drop' },
    );
    expect(got.quotes).toEqual([[0, 1, 2]]);
    expect(counts(got.report, 'locked')).toEqual([1, 1, 0, 'dropped']);
  });

  test('on a missing side: the last known one is carried, also from rows that were dropped, and none before the first', async () => {
    const rows = [
      [0, '', 2],
      [1, 1, ''],
      [2, 5, 4],
      [3, '', 6],
      [4, '', ''],
    ];
    const got = await read(rows, { missing: 'carry' });
    // At 1 the ask of 0 is known although 0 itself had no bid; at 3 the bid is that of the crossed row.
    expect(got.quotes).toEqual([
      [1, 1, 2],
      [3, 5, 6],
      [4, 5, 6],
    ]);
    expect(counts(got.report, 'missing')).toEqual([4, 1, 3, 'repaired']);
    expect(got.report).toMatchObject({ rowsRead: 5, rowsKept: 3, rowsDropped: 2, rowsRepaired: 3 });
  });

  test('on prices of zero and below: carry, each kind by its own switch', async () => {
    const rows = [
      [0, 1, 2],
      [1, 0, 3],
      [2, -2, ''],
      [3, 1, -4],
    ];
    expect((await read(rows, { nonPositive: 'carry' })).quotes).toEqual([
      [0, 1, 2],
      [1, 1, 3],
      [3, 1, 3],
    ]);
    expect((await read(rows, { missing: 'carry' })).quotes).toEqual([[0, 1, 2]]);
    expect((await read(rows, { missing: 'carry', nonPositive: 'carry' })).quotes).toHaveLength(4);
  });

  test('on several rows of one stamp: the last usable one, or the first', async () => {
    const rows = [
      [0, 1, 2],
      [0, 3, 4],
      [0, 9, 8],
      [1, 5, 6],
    ];
    const last = await read(rows);
    expect(last.quotes).toEqual([
      [0, 3, 4],
      [1, 5, 6],
    ]);
    expect(counts(last.report, 'duplicateStamp')).toEqual([2, 1, 0, 'repaired']);
    const first = await read(rows, { duplicateStamp: 'first' });
    expect(first.quotes).toEqual([
      [0, 1, 2],
      [1, 5, 6],
    ]);
  });

  test('on rows out of order: sorted in, or dropped where they are before the latest stamp', async () => {
    const rows = [
      [0, 1, 2],
      [5, 3, 4],
      [2, 5, 6],
      [3, 7, 8],
      [6, 9, 10],
    ];
    const sorted = await read(rows);
    expect(sorted.quotes.map(([second]) => second)).toEqual([0, 2, 3, 5, 6]);
    expect(counts(sorted.report, 'outOfOrder')).toEqual([1, 0, 2, 'repaired']);
    const dropped = await read(rows, { outOfOrder: 'drop' });
    expect(dropped.quotes.map(([second]) => second)).toEqual([0, 5, 6]);
    expect(counts(dropped.report, 'outOfOrder')).toEqual([1, 2, 0, 'dropped']);
  });

  test('on spikes: drop, with the rows around them left where they were', async () => {
    const spike = (i: number) => i === 20 || i === 40;
    const rows = Array.from({ length: 60 }, (_, i) => [i, spike(i) ? 150 : 100 + (i % 3) / 100, spike(i) ? 151 : 101]);
    const { quotes, report } = await read(rows, { outlier: 'drop' });
    expect(quotes.map(([second]) => second)).toEqual(
      rows.map(([second]) => second).filter((i) => i !== 20 && i !== 40),
    );
    expect(counts(report, 'outlier')).toEqual([2, 2, 0, 'dropped']);
    expect(finding(report, 'outlier')!.examples.map(({ row }) => row)).toEqual([22, 42]);
    expect(report).toMatchObject({ rowsKept: 58, rowsDropped: 2 });
  });

  test('on flagged ticks: kept, they speak like any other', async () => {
    const ticks = '34200000,475000,200,0,0,P,1,0\n34200001,0,0,475100,300,P,1,1\n34200002,475000,100,0,0,Q,1,0\n';
    const file = { name: '20131009_aig_Quote_Tick.csv', bytes: strToU8(ticks) };
    expect((await readQuoteFiles([file])).series).toEqual([]);
    const { series, reports } = await readQuoteFiles([file], { policies: { suspicious: 'keep' } });
    expect([...series[0]!.ask]).toEqual([47.51, 47.51]);
    expect(counts(reports[0]!, 'suspicious')).toEqual([1, 0, 0, 'kept']);
  });

  test('may differ from file to file', async () => {
    const bytes = strToU8(`time,bid,ask\n${START},2,1\n`);
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, bytes }));
    const { series } = await readQuoteFiles(files, { byFile: { 'b.csv': { policies: { crossed: 'keep' } } } });
    expect(series.map(({ symbol }) => symbol)).toEqual(['B']);
  });
});

describe('rows add up', () => {
  const price = fc.constantFrom('', '0', '-1', '1', '2', '3', '250', 'x');
  const row = fc.tuple(fc.integer({ min: 0, max: 12 }), price, price, fc.constantFrom('A', 'B'));
  const policies = fc.record(
    Object.fromEntries(
      policyOptions.map(({ kind, options }) => [kind, fc.constantFrom(...options.map(({ action }) => action))]),
    ),
  ) as fc.Arbitrary<Policies>;

  test.each([1, 2])('whatever the rows and the policies, with symbols: %d', async (symbols) => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), policies, async (rows, set) => {
        const header = symbols > 1 ? 'time,bid,ask,symbol' : 'time,bid,ask';
        const lines = rows.map(([second, bid, ask, symbol]) =>
          [START + second, bid, ask, ...(symbols > 1 ? [symbol] : [])].join(),
        );
        const file = { name: 'x.csv', bytes: strToU8([header, ...lines].join('\n')) };
        const { series, reports, health } = await readQuoteFiles([file], { policies: set });
        const report = reports[0]!;
        const kept = series.reduce((sum, { timeMs }) => sum + timeMs.length, 0);
        expect(report.rowsRead).toBe(rows.length);
        expect(report.rowsKept).toBe(kept);
        expect(report.rowsKept + report.rowsDropped + report.rowsElsewhere).toBe(report.rowsRead);
        expect(report.findings.reduce((sum, each) => sum + each.dropped, 0)).toBe(report.rowsDropped);
        expect(report.rowsRepaired).toBeLessThanOrEqual(report.rowsKept);
        const repaired = report.findings.map((each) => each.repaired);
        expect(Math.max(0, ...repaired)).toBeLessThanOrEqual(report.rowsRepaired);
        expect(repaired.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(report.rowsRepaired);
        for (const each of report.findings) {
          expect(each.examples.length).toBe(Math.min(3, each.count));
          expect(each.examples.map(({ text }) => text)).toEqual(each.examples.map((example) => lines[example.row - 2]));
        }
        for (const [i, { timeMs, bid, ask }] of series.entries()) {
          expect(timeMs.every((time, k) => k === 0 || time > timeMs[k - 1]!)).toBe(true);
          expect(bid.every((each) => each > 0) && ask.every((each) => each > 0)).toBe(true);
          if (set.crossed !== 'keep') expect(bid.every((each, k) => each <= ask[k]!)).toBe(true);
          expect(health[i]!.coverage.reduce((sum, { quotes }) => sum + quotes, 0)).toBe(timeMs.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('over files that share quotes and over pairs', async () => {
    const text = `time,bid,ask\n${START},1,2\n${START + 1},3,2\n`;
    const file = (name: string, content: string) => ({ name, bytes: strToU8(content) });
    const { reports } = await readQuoteFiles([
      file('a/x.csv', text),
      file('b/x.csv', text),
      file('y_bid.csv', `time,bid\n${START},1\n${START + 1},1\n`),
      file('y_ask.csv', `time,ask\n${START},2\n`),
    ]);
    expect(reports.map((each) => [each.rowsRead, each.rowsKept, each.rowsDropped, each.rowsElsewhere])).toEqual([
      [2, 1, 1, 0],
      [2, 0, 1, 1],
      [2, 1, 1, 0],
      [1, 0, 0, 1],
    ]);
  });
});
