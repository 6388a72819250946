import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countForecastTicks, forecastTicks, holdForecasts } from '../../../src/models/schedule.ts';

describe('forecastTicks', () => {
  test('takes session ticks L−1, L−1+stride, … and none in a session that is too short', () => {
    const sessionStarts = Int32Array.of(0, 10, 13);
    expect([...forecastTicks(sessionStarts, 23, 4, 3)]).toEqual([3, 6, 9, 16, 19, 22]);
    expect([...forecastTicks(sessionStarts, 23, 3, 100)]).toEqual([2, 12, 15]);
  });

  test('is what it counts, and no context crosses the start of a session', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 });
    const counts = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(lengths, counts, counts, (sizes, contextLength, stride) => {
        const starts = Int32Array.from(sizes, (_, s) => sizes.slice(0, s).reduce((a, b) => a + b, 0));
        const total = sizes.reduce((a, b) => a + b, 0);
        const ticks = forecastTicks(starts, total, contextLength, stride);
        expect(ticks.length).toBe(countForecastTicks(starts, total, contextLength, stride));
        for (const tick of ticks) {
          const start = starts.findLast((candidate) => candidate <= tick)!;
          expect(tick - contextLength + 1).toBeGreaterThanOrEqual(start);
          expect((tick - start - contextLength + 1) % stride).toBe(0);
        }
      }),
    );
  });

  test('refuses lengths and strides below 1', () => {
    expect(() => forecastTicks(Int32Array.of(0), 5, 0, 1)).toThrow(RangeError);
    expect(() => forecastTicks(Int32Array.of(0), 5, 1, 0)).toThrow(RangeError);
  });
});

describe('holdForecasts', () => {
  test('holds a value until the next forecast or the end of the session', () => {
    const held = holdForecasts(Int32Array.of(1, 3, 7), [10, 20, 30], Int32Array.of(0, 5), 9);
    expect([...held]).toEqual([Number.NaN, 10, 10, 20, 20, Number.NaN, Number.NaN, 30, 30]);
  });

  test('writes into one row of a larger array', () => {
    const all = new Float64Array(6);
    holdForecasts(Int32Array.of(0), [5], Int32Array.of(0), 3, all.subarray(3));
    expect([...all]).toEqual([0, 0, 0, 5, 5, 5]);
  });
});
