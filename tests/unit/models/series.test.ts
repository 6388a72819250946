import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendValues,
  fillGaps,
  moments,
  padLeft,
  repeatRows,
  seriesOf,
  splitByMovingAverage,
} from '../../../src/models/series.ts';

const numbers = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const { NaN: gap } = Number;

describe('series before a model reads them', () => {
  it('lie context by context and channel by channel, with NaN where nothing was observed', () => {
    const values = numbers(1, 10, 2, 20, 3, 30, 4, 40);
    const observed = Uint8Array.from([1, 1, 0, 1, 1, 1, 1, 1]);
    const series = seriesOf({ values, contexts: 2, length: 2, channels: 2, observed });
    expect(series).toEqual([numbers(1, gap), numbers(10, 20), numbers(3, 4), numbers(30, 40)]);
  });

  it.each([
    ['leading gaps are cut', [gap, gap, 1, 2], [1, 2]],
    ['inner gaps lie on a line', [1, gap, gap, 4], [1, 2, 3, 4]],
    ['a gap at the end holds the last value', [1, 3, gap, Number.POSITIVE_INFINITY], [1, 3, 3, 3]],
    ['nothing but gaps is nothing', [gap, gap], []],
    ['a whole series stays as it is', [5, 6], [5, 6]],
  ])('%s', (_, series, want) => {
    expect(fillGaps(numbers(...series))).toEqual(numbers(...want));
  });

  it('have population moments', () => {
    expect(moments([1, 3])).toEqual({ mean: 2, deviation: 1 });
  });

  it('are the sum of their moving average and the rest', () => {
    const series = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 5 }), (values, window) => {
        const [smooth, rest] = splitByMovingAverage(numbers(...values), window);
        for (const [t, value] of values.entries()) expect(smooth[t]! + rest[t]!).toBeCloseTo(value, 9);
      }),
    );
  });

  it('have zeros before them in their moving average', () => {
    expect(splitByMovingAverage(numbers(4, 2, 6), 2)[0]).toEqual(numbers(2, 3, 4));
  });

  it('are padded or cut on the left', () => {
    expect(padLeft([numbers(1), numbers(1, 2, 3)], 2)).toEqual({
      rows: 2,
      values: numbers(0, 1, 2, 3),
      padding: Uint8Array.from([1, 0, 0, 0]),
    });
  });

  it('grow, or move on at one length', () => {
    const rows = repeatRows(padLeft([numbers(1)], 2), 2);
    const fresh = [numbers(7), numbers(8)];
    expect(appendValues(rows, fresh).values).toEqual(numbers(0, 1, 7, 0, 1, 8));
    expect(appendValues(rows, fresh, 2)).toEqual({
      rows: 2,
      values: numbers(1, 7, 1, 8),
      padding: new Uint8Array(4),
    });
  });
});
