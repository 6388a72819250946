import { describe, expect, it } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import { tryReading } from '../../../../src/quotes/table/trial.ts';
import type { FileOverrides, ImportOverrides } from '../../../../src/quotes/types.ts';

function file(text: string, name = 'x.csv') {
  return { name, bytes: new TextEncoder().encode(text) };
}

async function quotesOf(text: string, overrides: ImportOverrides, name?: string) {
  const { series, reports } = await readQuoteFiles([file(text, name)], overrides);
  expect(reports[0]!.problem).toBeUndefined();
  const { timeMs, bid, ask } = series[0]!;
  return Array.from(timeMs, (time, i) => [new Date(time).toISOString(), bid[i], ask[i]]);
}

describe('columns that a person names', () => {
  it('may stand anywhere, without a header, in another scale', async () => {
    const mapping = { columns: { time: 2, bid: 1, ask: 0 }, priceDivisor: 10_000 };
    expect(await quotesOf('1002500,1002300,1709285400\n1002700,1002400,1709285401\n', { mapping })).toEqual([
      ['2024-03-01T09:30:00.000Z', 100.23, 100.25],
      ['2024-03-01T09:30:01.000Z', 100.24, 100.27],
    ]);
  });

  it('may count from midnight of a day and on the clock of a zone that are said', async () => {
    const mapping = { columns: { time: 0, bid: 1, ask: 2 }, day: '2024-03-08' };
    const wanted = [['2024-03-08T14:30:00.250Z', 5, 6]];
    const timeZone = 'America/New_York';
    expect(await quotesOf('34200250,5,6\n', { mapping, timeZone })).toEqual(wanted);
    expect(await quotesOf('34200.25,5,6\n', { mapping, timeZone, timeUnit: 's' })).toEqual(wanted);
    expect(await quotesOf('34200250000000,5,6\n', { mapping, timeZone, timeUnit: 'ns' })).toEqual(wanted);
    expect(await quotesOf('09:30:00.250,5,6\n', { mapping, timeZone })).toEqual(wanted);
  });

  it('may tell of one side a row: a blank or a zero leaves the other side, symbol by symbol', async () => {
    const text =
      's,t,b,a\nX,1709285400,5,\nY,1709285400,50,51\nX,1709285401,,6\nX,1709285401,5.5,0\nX,1709285402,0,6.5\n';
    const mapping = { columns: { symbol: 0, time: 1, bid: 2, ask: 3 }, header: true, oneSided: true };
    const { series, reports } = await readQuoteFiles([file(text)], { mapping });
    expect(series.map(({ symbol, bid, ask }) => [symbol, [...bid], [...ask]])).toEqual([
      ['X', [5.5, 5.5], [6, 6.5]],
      ['Y', [50], [51]],
    ]);
    expect(reports[0]!.notes).toContain(
      'Each row carries one side only: the last bid and the last ask were carried forward, as set.',
    );
  });

  it('may be separated by what the content does not tell', async () => {
    const mapping = { columns: { time: 0, bid: 1, ask: 2 }, delimiter: ' ' };
    expect(await quotesOf('1709285400 5.5 6.5\n', { mapping })).toEqual([['2024-03-01T09:30:00.000Z', 5.5, 6.5]]);
  });

  it('may hold one side only: the file then waits for its other half', async () => {
    const bids = file('time,price\n1709285400,5\n', 'x_bid.csv');
    const asks = file('time,price\n1709285400,6\n', 'x_ask.csv');
    const byFile = {
      'x_bid.csv': { mapping: { columns: { time: 0, bid: 1 } } },
      'x_ask.csv': { mapping: { columns: { time: 0, ask: 1 } } },
    };
    const { series } = await readQuoteFiles([bids, asks], { byFile });
    expect(series.map(({ bid, ask }) => [bid[0], ask[0]])).toEqual([[5, 6]]);
    const alone = await readQuoteFiles([bids], { byFile });
    expect(alone.reports[0]!.problem?.message).toBe('This file holds bids only and is not a quote file by itself.');
  });

  it('are refused where no price or no time is among them', async () => {
    for (const columns of [{ time: 0 }, { bid: 0, ask: 1 }]) {
      const { reports } = await readQuoteFiles([file('1709285400,5,6\n')], { mapping: { columns } });
      expect(reports[0]!.problem).toEqual({
        code: 'quotes/mapping',
        where: 'x.csv',
        message: 'Without a time and a bid or an ask there are no quotes in a table.',
        hint: 'Say which columns hold them.',
      });
    }
  });
});

describe('a table that is not understood', () => {
  const text = 'when,x,y\n09:30:00,5.01,5.02\n09:30:01,5.00,5.02\n';

  it('is reported with a look at it and a guess', async () => {
    const { reports } = await readQuoteFiles([file(text)]);
    expect(reports[0]).toMatchObject({
      confidence: 0,
      problem: { code: 'quotes/format' },
      look: {
        header: true,
        guess: { time: 0, bid: 1, ask: 2 },
        rows: [['when', 'x', 'y'], ['09:30:00', '5.01', '5.02'], {}],
      },
    });
  });

  it('is read by what was saved for its layout, unless something else is said', async () => {
    const { reports } = await readQuoteFiles([file(text)]);
    const { shape } = reports[0]!.look!;
    const saved = { mapping: { columns: { time: 0, bid: 1, ask: 2 }, day: '2024-03-01' } };
    const other = text.replace('5.01', '4.01');
    expect(await quotesOf(other, { savedMappings: { [shape]: saved } })).toEqual([
      ['2024-03-01T09:30:00.000Z', 4.01, 5.02],
      ['2024-03-01T09:30:01.000Z', 5, 5.02],
    ]);
    const said = { mapping: { ...saved.mapping, priceDivisor: 2 } };
    expect(await quotesOf(other, { savedMappings: { [shape]: saved }, ...said })).toMatchObject([
      [{}, 2.005, 2.51],
      {},
    ]);
  });

  it('is not asked about where it is no table', async () => {
    const { reports } = await readQuoteFiles([file('Dear reader\nthese are no quotes\n')]);
    expect(reports[0]!.look).toBeUndefined();
    expect(reports[0]!.problem?.code).toBe('quotes/format');
  });

  it('is asked about where it is JSON, and read by the names that are said', async () => {
    const content = '{"when":1709285400,"lo":5,"hi":6}\n{"when":1709285401,"lo":5,"hi":7}\n';
    const { reports } = await readQuoteFiles([file(content)]);
    expect(reports[0]!.problem?.code).toBe('quotes/columns');
    expect(reports[0]!.look?.rows.slice(0, 2)).toEqual([
      ['when', 'lo', 'hi'],
      ['1709285400', '5', '6'],
    ]);
    expect(await quotesOf(content, { mapping: { columns: { time: 0, bid: 1, ask: 2 } } })).toEqual([
      ['2024-03-01T09:30:00.000Z', 5, 6],
      ['2024-03-01T09:30:01.000Z', 5, 7],
    ]);
  });
});

describe('a trial of settings', () => {
  const text = 'when,x,y\n09:30:00,5.01,5.02\n09:30:01,5.00,5.02\n';
  const tryWith = (overrides: FileOverrides) => tryReading(file(text), undefined, overrides);

  it('shows the first quotes as they would be read', async () => {
    const { preview, problem } = await tryWith({
      mapping: { columns: { time: 0, bid: 1, ask: 2 }, day: '2024-03-01' },
      timeZone: 'Asia/Tokyo',
    });
    expect(problem).toBeUndefined();
    expect(preview).toMatchObject({
      timeUnit: 'date and time of day',
      timeZone: 'Asia/Tokyo',
      quotes: [{ timeMs: Date.UTC(2024, 2, 1, 0, 30), bid: 5.01, ask: 5.02 }, {}],
    });
  });

  it('says why there would be none', async () => {
    expect((await tryWith({ mapping: { columns: { time: 0, bid: 1, ask: 2 } } })).problem).toEqual({
      code: 'quotes/time-of-day',
      message: 'The times are times of day such as “09:30:00”, and no column holds the day.',
      hint: 'Say which column holds the day, or of which day they are.',
    });
    const mapping = { columns: { time: 0, bid: 2, ask: 1 }, day: '2024-03-01' };
    expect((await tryWith({ mapping })).problem?.message).toBe('None of its 2 rows is a usable quote: 2 are crossed.');
  });

  it('looks at the table again when it is cut otherwise', async () => {
    const trial = await tryWith({ mapping: { columns: { time: 0, bid: 1, ask: 2 }, delimiter: ';', header: false } });
    expect(trial.look).toBeUndefined();
    const headerless = await tryWith({ mapping: { columns: { time: 0, bid: 1, ask: 2 }, header: false } });
    expect(headerless.look).toMatchObject({ header: false });
  });
});
