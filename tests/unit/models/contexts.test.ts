import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextIsWhole, meanPredictedMid, midsOf, transformContext } from '../../../src/models/contexts.ts';

/** Mids that walk by a few basis points a step from a starting price. */
const walk = fc
  .tuple(
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    fc.array(fc.double({ min: -5e-4, max: 5e-4, noNaN: true }), { minLength: 2, maxLength: 40 }),
  )
  .map(([price, returns]) => {
    let log = Math.log(price);
    return Float64Array.from([0, ...returns], (step) => {
      log += step;
      return Math.exp(log);
    });
  });

/** What a model would have to predict for the mid to be each of the context's own. */
function roundTrip(mids: Float64Array, transform: 'normalised' | 'raw'): Float64Array {
  const values = new Float64Array(mids.length);
  const context = transformContext(mids, mids.length - 1, transform, values);
  return values.map((_, i) => meanPredictedMid(values.subarray(i, i + 1), 1, transform, context));
}

describe('the transform of a context', () => {
  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(walk, fc.constantFrom('normalised' as const, 'raw' as const), (mids, transform) => {
        // A context with next to no changes cannot be told from rounding.
        fc.pre(Math.abs(mids.at(-1)! / mids[0]! - 1) > 1e-9);
        const back = roundTrip(mids, transform);
        back.forEach((mid, i) => {
          expect(Math.abs(mid / mids[i]! - 1)).toBeLessThan(1e-13);
        });
      }),
    );
  });

  it('ends at 0 and makes one-step changes of standard deviation 1/√L', () => {
    const mids = Float64Array.of(100, 101, 99, 102, 103);
    const out = new Float64Array(5);
    transformContext(mids, 4, 'normalised', out);
    const changes = Array.from({ length: 4 }, (_, i) => out[i + 1]! - out[i]!);
    const mean = changes.reduce((sum, change) => sum + change) / 4;
    const variance = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / 4;
    expect(out[4]).toBe(0);
    expect(variance).toBeCloseTo(1 / 5, 12);
  });

  it('does not depend on the level of the price', () => {
    const returns = Array.from({ length: 32 }, (_, i) => 1 + 1e-5 * Math.sin(3 * i));
    const path = (price: number) => Float64Array.from(returns, (factor) => price * factor);
    const [low, high] = [1, 1e6].map((price) => {
      const out = new Float64Array(32);
      transformContext(path(price), 31, 'normalised', out);
      return out;
    });
    low!.forEach((value, i) => {
      expect(high![i]).toBeCloseTo(value, 8);
    });
  });

  it('raw gives the mids as they are, whatever their level', () => {
    const mids = Float64Array.of(1e6, 1e6 + 1 / 64, 1e6 - 1 / 64);
    const out = new Float64Array(2);
    expect(transformContext(mids, 2, 'raw', out)).toEqual({ lastLogMid: 0, unit: 1 });
    expect([...out]).toEqual([1e6 + 1 / 64, 1e6 - 1 / 64]);
  });

  it('reads only the context', () => {
    const mids = Float64Array.of(Number.NaN, 100, 101, 102, Number.NaN);
    const out = new Float64Array(3);
    transformContext(mids, 3, 'normalised', out);
    expect(out.some(Number.isNaN)).toBe(false);
  });

  it('of a constant context is zero, and whatever is predicted then is the last mid', () => {
    const out = new Float64Array(8);
    const context = transformContext(new Float64Array(8).fill(123.45), 7, 'normalised', out);
    expect([...out]).toEqual(new Array(8).fill(0));
    expect(meanPredictedMid(Float64Array.of(3, -7), 2, 'normalised', context)).toBeCloseTo(123.45, 12);
  });
});

describe('a predicted mid', () => {
  it('is the mean of the first predicted mids, not the exponential of a mean', () => {
    const context = { lastLogMid: Math.log(100), unit: 1 };
    const steps = Float64Array.of(Math.log(1.1), Math.log(1.3), Math.log(9));
    expect(meanPredictedMid(steps, 2, 'normalised', context)).toBeCloseTo(120, 10);
    expect(meanPredictedMid(Float64Array.of(1, 3, 9), 2, 'raw', context)).toBe(2);
  });
});

describe('the mids of a grid', () => {
  it('lie between bid and ask', () => {
    expect([...midsOf({ bid: Float64Array.of(1, 2), ask: Float64Array.of(2, 4) })]).toEqual([1.5, 3]);
  });

  it('make a whole context where none of it is missing', () => {
    const mids = Float64Array.of(Number.NaN, 1, 1, 1, Number.NaN);
    expect([2, 3, 4].map((tick) => contextIsWhole(mids, tick, 3))).toEqual([false, true, false]);
  });
});
