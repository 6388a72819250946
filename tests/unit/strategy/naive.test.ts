import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { type NaiveId, naiveForecast, naiveIds, onSchedule } from '../../../src/strategy/naive.ts';
import type { Market } from '../../../src/strategy/types.ts';
import { scenarios } from './arbitraries.ts';

const causal = naiveIds.filter((id) => id !== 'oracle');

const flatMarket = (prices: readonly number[], starts: readonly number[] = [0]): Market => ({
  bid: Float64Array.from(prices),
  ask: Float64Array.from(prices),
  sessionStarts: Int32Array.from(starts),
});

describe('naive forecasts', () => {
  test('know nothing of the future, but for the oracle', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 1, max: 5 }), fc.nat(), ({ market }, horizon, at) => {
        const cut = at % market.bid.length;
        const jolt = (values: Float64Array) => values.map((value, k) => (k > cut ? value * 1.1 : value));
        const later = { ...market, bid: jolt(market.bid), ask: jolt(market.ask) };
        for (const id of causal) {
          const before = naiveForecast(id, market, horizon, 1).subarray(0, cut + 1);
          expect(naiveForecast(id, later, horizon, 1).subarray(0, cut + 1)).toEqual(before);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('do not reach over the start of a session', () => {
    const market = flatMarket([1, 2, 4, 8, 100, 100, 100, 100], [0, 4]);
    expect([...naiveForecast('persistence', market, 1, 1)]).toEqual([Number.NaN, 4, 8, 16, Number.NaN, 100, 100, 100]);
    expect([...naiveForecast('oracle', market, 2, 1)]).toEqual([3, 6, 8, Number.NaN, 100, 100, 100, Number.NaN]);
  });

  test('the oracle predicts the mean of the mids to come', () => {
    const market = flatMarket([10, 11, 12, 13]);
    expect([...naiveForecast('oracle', market, 2, 1)]).toEqual([11.5, 12.5, 13, Number.NaN]);
  });

  test('moving averages follow the trend', () => {
    const prices = Array.from({ length: 20 }, (_, k) => 100 + k);
    const forecast = naiveForecast('crossover', flatMarket(prices), 2, 1);
    expect(forecast.slice(0, 7).every(Number.isNaN)).toBe(true);
    // Means over the last 2 and the last 8 of 100 … 107.
    expect(forecast[7]).toBeCloseTo((107 * 106.5) / 103.5, 10);
  });

  test('an autoregression finds the coefficient that made the prices', () => {
    const stream = new RandomStream(3, 'test/ar1');
    const phi = 0.4;
    let move = 0;
    let log = 0;
    const prices = Array.from({ length: 20_000 }, () => {
      move = phi * move + 1e-4 * stream.normal();
      log += move;
      return Math.exp(log);
    });
    const forecast = naiveForecast('ar1', flatMarket(prices), 1, 1);
    const last = prices.length - 1;
    const fitted = Math.log(forecast[last]! / prices[last]!) / Math.log(prices[last]! / prices[last - 1]!);
    // The standard error of φ̂ is √((1 − φ²)/T), about 0.0065.
    expect(Math.abs(fitted - phi)).toBeLessThan(0.03);
    // Mean over two ticks of φ and φ + φ².
    const two = naiveForecast('ar1', flatMarket(prices), 2, 1);
    const response = Math.log(two[last]! / prices[last]!) / Math.log(prices[last]! / prices[last - 1]!);
    expect(response).toBeCloseTo((fitted + fitted + fitted ** 2) / 2, 9);
  });

  test('a random forecast is fixed by its seed and as large as the market moves', () => {
    const stream = new RandomStream(4, 'test/random');
    let log = 0;
    const prices = Array.from({ length: 20_000 }, () => {
      log += 1e-4 * stream.normal();
      return Math.exp(log);
    });
    const market = flatMarket(prices);
    const draw = naiveForecast('random', market, 25, 7);
    expect(naiveForecast('random', market, 25, 7)).toEqual(draw);
    expect(naiveForecast('random', market, 25, 8)).not.toEqual(draw);
    const surprises = [...draw].map((price, k) => price / prices[k]! - 1).filter((value) => !Number.isNaN(value));
    const rms = Math.sqrt(surprises.reduce((sum, value) => sum + value * value, 0) / surprises.length);
    expect(rms / (1e-4 * Math.sqrt(25))).toBeCloseTo(1, 1);
  });

  test('are made when the model makes its forecasts, and held as long', () => {
    const model = Float64Array.of(Number.NaN, 1, 1, 1, Number.NaN, Number.NaN, 1, 1);
    const values = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const held = onSchedule(values, model, Int32Array.of(0, 4), 2);
    expect([...held]).toEqual([Number.NaN, 1, 1, 3, Number.NaN, Number.NaN, 6, 6]);
  });

  test('every kind has a name', () => {
    const ids: readonly NaiveId[] = naiveIds;
    expect(new Set(ids).size).toBe(6);
  });
});

test('mean reversion takes the last move back, momentum repeats it', () => {
  const mid = [100, 101, 103, 102];
  const market = {
    bid: Float64Array.from(mid),
    ask: Float64Array.from(mid),
    sessionStarts: Int32Array.from([0]),
  };
  expect([...naiveForecast('reversal', market, 1, 1)]).toEqual([Number.NaN, 100, 101, 103]);
  expect(naiveForecast('persistence', market, 1, 1)[2]).toBeCloseTo(103 * (103 / 101), 12);
});
