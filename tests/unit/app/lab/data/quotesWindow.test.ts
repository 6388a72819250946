/** What a chart of quotes shows: every tick of a short stretch, and of a long one all that its ticks would paint. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extremesOf } from '../../../../../src/app/charts/extremes.ts';
import { mostTicks, pan, quotesSource, quotesWindow, zoom } from '../../../../../src/app/lab/data/quotesWindow.ts';
import type { Forecasts, Grid } from '../../../../../src/core/types.ts';
import type { Trade } from '../../../../../src/strategy/types.ts';
import { makeGrid } from '../../../runs/fixtures.ts';

function longGrid(length: number): Grid {
  const bid = Float64Array.from({ length }, (_, i) => 100 + Math.sin(i / 700));
  return {
    ...makeGrid('LONG', ['2025-01-02']),
    ...{ bid, ask: bid.map((value) => value + 0.01), timeMs: Float64Array.from(bid, (_, i) => 1000 * i) },
  };
}

test('the extremes of any stretch are those of its values, whatever blocks it cuts', () => {
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.double({ noNaN: true, min: -1e3, max: 1e3 }) },
    fc.constant(Number.NaN),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 1500 }), fc.nat(), fc.nat(), (values, a, b) => {
      const from = a % values.length;
      const endExclusive = from + 1 + (b % (values.length - from));
      const finite = values.slice(from, endExclusive).filter((each) => !Number.isNaN(each));
      const extremes = extremesOf(Float64Array.from(values));
      expect(extremes.low(from, endExclusive)).toBe(finite.length > 0 ? Math.min(...finite) : Number.NaN);
      expect(extremes.high(from, endExclusive)).toBe(finite.length > 0 ? Math.max(...finite) : Number.NaN);
    }),
  );
});

test('a short stretch of a million ticks is shown tick by tick, as the quotes are', () => {
  const grid = longGrid(1_000_000);
  const range = { from: 654_321, endExclusive: 654_321 + mostTicks };
  const { ticks, bid, ask, low } = quotesWindow(quotesSource(grid), [], range);
  expect(ticks).toEqual(Array.from({ length: mostTicks }, (_, i) => range.from + i));
  expect(bid).toEqual([...grid.bid.slice(range.from, range.endExclusive)]);
  expect(ask).toEqual([...grid.ask.slice(range.from, range.endExclusive)]);
  expect(low.every((value) => value === null)).toBe(true);
});

test('of a long stretch few positions are left, and no spike is lost', () => {
  const grid = longGrid(1_000_000);
  grid.bid[500_001] = 50;
  grid.ask[777_777] = 150;
  const { ticks, bid, ask } = quotesWindow(quotesSource(grid), [], { from: 0, endExclusive: 1_000_000 });
  expect(ticks.length).toBeLessThan(mostTicks);
  expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!)).toBe(true);
  expect(Math.min(...bid.map(Number))).toBe(50);
  expect(Math.max(...ask.map(Number))).toBe(150);
  expect(Math.abs(ticks[bid.indexOf(50)]! - 500_001)).toBeLessThan(1000);
});

test('predictions are a band between the lowest and the highest variant, without the model itself', () => {
  const grid = longGrid(6000);
  const predictedMid = Float64Array.from({ length: 3 * 6000 }, (_, i) => [999, 10, 20][Math.floor(i / 6000)]!);
  predictedMid.fill(Number.NaN, 6000, 6100);
  predictedMid.fill(Number.NaN, 12_000, 12_100);
  const forecasts: Forecasts = { symbol: 'LONG', variants: 2, predictedMid };
  const source = quotesSource(grid, forecasts);
  for (const range of [
    { from: 0, endExclusive: 6000 },
    { from: 50, endExclusive: 200 },
  ]) {
    const { ticks, low, high } = quotesWindow(source, [], range);
    for (const [i, tick] of ticks.entries()) {
      if (tick < 95) expect([low[i], high[i]]).toEqual([null, null]);
      else if (tick > 105) expect([low[i], high[i]]).toEqual([10, 20]);
    }
  }
});

test('trades are marked where they were filled, in a long stretch too', () => {
  const trade = { side: 'long', entryTick: 5000, exitTick: 7000, entryPrice: 1, exitPrice: 2 } as Trade;
  const { ticks, bought, sold } = quotesWindow(quotesSource(longGrid(10_000)), [trade], {
    from: 0,
    endExclusive: 10_000,
  });
  expect(Math.abs(ticks[bought.indexOf(1)]! - 5000)).toBeLessThan(10);
  expect(Math.abs(ticks[sold.indexOf(2)]! - 7000)).toBeLessThan(10);
});

test('moving and zooming never leave the quotes, and zooming keeps its place', () => {
  const ranges = fc.tuple(fc.nat(900), fc.integer({ min: 10, max: 100 }));
  fc.assert(
    fc.property(
      ranges,
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0.1, max: 9, noNaN: true }),
      ([from, length], share, factor) => {
        const range = { from, endExclusive: from + length };
        for (const next of [pan(range, share, 1000), zoom(range, factor, 1000), zoom(range, factor, 1000, from + 3)]) {
          expect(next.from).toBeGreaterThanOrEqual(0);
          expect(next.endExclusive).toBeLessThanOrEqual(1000);
          expect(next.endExclusive - next.from).toBeGreaterThanOrEqual(10);
        }
        expect(pan(range, share, 1000).endExclusive - pan(range, share, 1000).from).toBe(length);
      },
    ),
  );
  expect(zoom({ from: 400, endExclusive: 600 }, 0.5, 1000, 450)).toEqual({ from: 425, endExclusive: 525 });
});
