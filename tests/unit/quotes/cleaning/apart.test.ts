/** Files of one guessed symbol: merged where they agree, kept apart and asked about where they do not. */

import { expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';

const file = (name: string, price: number, from = 0, count = 60) => ({
  name,
  bytes: new TextEncoder().encode(
    `time,bid,ask\n${Array.from({ length: count }, (_, i) => `${1_709_285_400 + from + i},${price + i / 100},${(price + i / 100 + 0.02).toFixed(2)}`).join('\n')}\n`,
  ),
});

test('files that overlap at prices far apart are two series, and each says so', async () => {
  const { series, reports } = await readQuoteFiles([file('mix-a.csv', 100), file('mix-b.csv', 37)]);
  expect(series.map(({ symbol, bid }) => [symbol, bid[0]])).toEqual([
    ['MIX (mix-a.csv)', 100],
    ['MIX (mix-b.csv)', 37],
  ]);
  for (const { questions } of reports) {
    expect(questions).toMatchObject([{ kind: 'sameSymbol', assumed: 0 }]);
    expect(questions![0]!.text).toContain('mix-a.csv at 100.01, mix-b.csv at 37.01');
  }
});

test('the answer joins them all the same', async () => {
  const files = [file('mix-a.csv', 100), file('mix-b.csv', 37)];
  const { reports } = await readQuoteFiles(files);
  const byFile = reports[0]!.questions![0]!.readings[1]!.files!;
  const again = await readQuoteFiles(files, { byFile });
  expect(again.series.map(({ symbol }) => symbol)).toEqual(['MIX']);
  expect(again.reports.flatMap(({ questions }) => questions ?? [])).toEqual([]);
});

test('files that agree, or do not overlap, are one series; a third goes with those it agrees with', async () => {
  const agreeing = await readQuoteFiles([
    file('mix-a.csv', 100),
    file('mix-b.csv', 100.01),
    file('mix-c.csv', 37, 3600),
  ]);
  expect(agreeing.series).toHaveLength(1);
  const days = await readQuoteFiles([
    ...[file('mix-1.csv', 100), file('mix-2.csv', 37), file('mix-3.csv', 100.6, 60), file('mix-4.csv', 37.6, 60)],
  ]);
  expect(days.series.map(({ timeMs }) => timeMs.length)).toEqual([120, 120]);
});
