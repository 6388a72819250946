import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import type { FindingKind } from '../../../../src/quotes/types.ts';

const START = Date.UTC(2024, 2, 1, 10);
const DAY = 86_400_000;

interface Quote {
  readonly ms: number;
  readonly mid: number;
}

/** Quotes every second with a mid that wanders a little. */
const quotes = (count: number, startMs: number, mid: (i: number) => number): Quote[] =>
  Array.from({ length: count }, (_, i) => ({ ms: startMs + i * 1000, mid: mid(i) }));
const wander = (level: number) => (i: number) => level * (1 + ((i * 7) % 11) / 10_000);
const file = (name: string, rows: readonly Quote[]) => ({
  name,
  bytes: strToU8(
    `time,symbol,bid,ask\n${rows.map(({ ms, mid }) => `${ms},X,${(mid * 0.9999).toFixed(6)},${(mid * 1.0001).toFixed(6)}\n`).join('')}`,
  ),
});

async function found(rows: readonly Quote[], kind: FindingKind) {
  const { reports } = await readQuoteFiles([file('x.csv', rows)]);
  const finding = reports[0]!.findings.find((each) => each.kind === kind);
  return { count: finding?.count ?? 0, rows: finding?.examples.map(({ row }) => row - 2) ?? [] };
}

describe('a stale stretch', () => {
  const frozen = (from: number, to: number) => quotes(2000, START, (i) => wander(100)(i >= from && i < to ? from : i));

  test('is noted at its first quote', async () => {
    expect(await found(frozen(500, 900), 'stale')).toEqual({ count: 1, rows: [500] });
  });

  test('is none with few quotes, in short time, or where quotes hardly ever change', async () => {
    expect((await found(frozen(500, 690), 'stale')).count).toBe(0);
    const quick = frozen(500, 900).map(({ ms, mid }) => ({ ms: START + (ms - START) / 100, mid }));
    expect((await found(quick, 'stale')).count).toBe(0);
    expect(
      (
        await found(
          quotes(4000, START, (i) => 100 + Math.floor(i / 210) / 100),
          'stale',
        )
      ).count,
    ).toBe(0);
  });

  test('is noted where nothing ever changes', async () => {
    expect(
      (
        await found(
          quotes(300, START, () => 100),
          'stale',
        )
      ).count,
    ).toBe(1);
  });
});

describe('a suspected split', () => {
  const twoDays = (factor: number, back = false) => [
    ...quotes(300, START, wander(120)),
    ...quotes(300, START + DAY, wander(120 * factor)),
    ...(back ? quotes(900, START + DAY + 300_000, wander(120)) : []),
  ];

  test.each([2, 1 / 2, 3, 1 / 4, 10, 1 / 20, 1.5])('by a factor of %d overnight is noted', async (factor) => {
    expect(await found(twoDays(factor * 1.01), 'split')).toEqual({ count: 1, rows: [300] });
  });

  test.each([1.02, 0.9, 1.25, 2.3])('is none by a factor of %d', async (factor) => {
    expect((await found(twoDays(factor), 'split')).count).toBe(0);
  });

  test('is none within a day, nor where the level comes back', async () => {
    const within = [...quotes(300, START, wander(120)), ...quotes(300, START + 400_000, wander(60))];
    expect((await found(within, 'split')).count).toBe(0);
    expect((await found(twoDays(0.5, true), 'split')).count).toBe(0);
  });

  test('is seen between two files as well', async () => {
    const [first, second] = [twoDays(0.5).slice(0, 300), twoDays(0.5).slice(300)];
    const { reports, health } = await readQuoteFiles([file('2.csv', second), file('1.csv', first)]);
    expect(reports.flatMap(({ findings }) => findings.filter(({ kind }) => kind === 'split'))).toEqual([]);
    const split = health[0]!.findings.find(({ kind }) => kind === 'split')!;
    expect(split).toMatchObject({ count: 1, examples: [{ row: 301 }] });
    expect(split.examples[0]!.text).toMatch(/^2024-03-02T10:00:00.000Z, bid 59/);
  });
});

describe('another scale', () => {
  test.each([100, 0.01, 1000, 1e-4])(
    'of a factor %d in a stretch is noted, and what most quotes have is taken for right',
    async (factor) => {
      const rows = quotes(500, START, (i) => wander(50)(i) * (i >= 100 && i < 140 ? factor : 1));
      expect(await found(rows, 'scale')).toEqual({ count: 40, rows: [100, 101, 102] });
      const most = quotes(500, START, (i) => wander(50)(i) * (i >= 100 ? factor : 1));
      expect(await found(most, 'scale')).toEqual({ count: 100, rows: [0, 1, 2] });
    },
  );

  test('is told from a split, and from a spike', async () => {
    const rows = quotes(500, START, (i) => wander(50)(i) * (i === 70 ? 100 : i === 90 ? 7 : 1));
    expect((await found(rows, 'scale')).rows).toEqual([70]);
    expect((await found(rows, 'outlier')).rows).toEqual([90]);
  });

  test('of one side of a quote is noted', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${START + i * 1000},${i === 5 ? 0.5 : 50},50.1`);
    const { reports } = await readQuoteFiles([{ name: 'x.csv', bytes: strToU8(`time,bid,ask\n${lines.join('\n')}`) }]);
    const scale = reports[0]!.findings.find(({ kind }) => kind === 'scale')!;
    expect(scale).toMatchObject({ count: 1, examples: [{ row: 7 }] });
  });

  test('is dropped on demand', async () => {
    const rows = quotes(500, START, (i) => wander(50)(i) * (i >= 100 && i < 140 ? 100 : 1));
    const { series, reports } = await readQuoteFiles([file('x.csv', rows)], { policies: { scale: 'drop' } });
    expect(Math.max(...series[0]!.bid)).toBeLessThan(51);
    expect(reports[0]).toMatchObject({ rowsKept: 460, rowsDropped: 40 });
  });
});

describe('the report on a symbol', () => {
  test('adds up its files’ dirt, and says which days are covered', async () => {
    const clean = quotes(3, START, wander(10));
    const text = (rows: readonly Quote[], dirt: string) => ({
      ...file('', rows),
      bytes: strToU8(new TextDecoder().decode(file('', rows).bytes) + dirt),
    });
    const { health, series } = await readQuoteFiles([
      { ...text(clean, `${START + 5000},X,2,1\nbad\n`), name: 'a.csv' },
      { ...text(quotes(2, START + 2 * DAY, wander(10)), `${START + 2 * DAY + 9000},X,2,1\n`), name: 'b.csv' },
      { ...text(clean, `${START + 5000},X,2,1\nbad\n`), name: 'copy of a.csv' },
    ]);
    expect(health).toHaveLength(1);
    const [of] = health as [(typeof health)[number]];
    expect(of).toMatchObject({ symbol: 'X', files: ['a.csv', 'b.csv'], rows: 5, daysPerYear: 365 });
    expect([of.firstMs, of.lastMs]).toEqual([series[0]!.timeMs[0], series[0]!.timeMs.at(-1)]);
    const dirt = Object.fromEntries(of.findings.map(({ kind, count, dropped }) => [kind, [count, dropped]]));
    expect(dirt).toMatchObject({ crossed: [2, 2], unparsable: [1, 1] });
    expect(of.coverage).toEqual([
      { day: '2024-03-01', quotes: 3, firstMs: START, lastMs: START + 2000, longestGapMs: 1000 },
      { day: '2024-03-03', quotes: 2, firstMs: START + 2 * DAY, lastMs: START + 2 * DAY + 1000, longestGapMs: 1000 },
    ]);
  });

  test('counts days where the calendar has them: of New York, and of the forex week', async () => {
    const evening = Date.UTC(2024, 2, 3, 22, 30);
    const rows = quotes(3, evening, wander(10));
    const days = async (calendar: Parameters<typeof readQuoteFiles>[1]) =>
      (await readQuoteFiles([file('x.csv', rows)], calendar)).health[0]!;
    expect((await days({})).coverage[0]!.day).toBe('2024-03-03');
    const forex = await days({ calendar: { kind: 'forex' } });
    expect([forex.coverage[0]!.day, forex.daysPerYear]).toEqual(['2024-03-04', 260]);
    const calendar = { kind: 'exchange', timeZone: 'Asia/Tokyo', open: '09:00', close: '15:00' } as const;
    expect((await days({ calendar })).coverage[0]!.day).toBe('2024-03-04');
    expect((await days({ calendar })).daysPerYear).toBe(252);
  });
});
