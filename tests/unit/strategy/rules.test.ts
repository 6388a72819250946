/** The further rules one by one, and searches over stretches long enough for every level of the pyramids. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { backtest } from '../../../src/strategy/backtest.ts';
import { checkConfig, describeConfig, type StrategyConfig } from '../../../src/strategy/config.ts';
import { plainRules } from '../../../src/strategy/furtherRules.ts';
import { priceStep } from '../../../src/strategy/priceStep.ts';
import { positionSize, trailingVolatilityBps } from '../../../src/strategy/sizing.ts';
import type { Market } from '../../../src/strategy/types.ts';
import { configs, scenarios } from './arbitraries.ts';
import { literalBacktest } from './literalBacktest.ts';

const plain: StrategyConfig = {
  thresholdBps: 1,
  stopLossBps: null,
  takeProfitBps: null,
  maxHoldTicks: 1,
  latencyTicks: 1,
  feeBps: 0,
  slippageBps: 0,
  allowShort: true,
  exitOnReverse: true,
  flattenAtSessionEnd: true,
  reference: 'mid',
};

/** A walk of cents with rare forecasts: hundreds of ticks between two events. */
function quietScenario(seed: number): { market: Market; prediction: Float64Array } {
  const stream = new RandomStream(seed, 'test/quiet');
  const starts = [0, 1, 700 + stream.integer(40), 1400 + stream.integer(600)];
  const ticks = 3000;
  let cents = 10_000;
  const bid = Float64Array.from({ length: ticks }, () => {
    cents += stream.uniform() < 0.05 ? stream.integer(3) - 1 : 0;
    return cents / 100;
  });
  const ask = bid.map((price) => (Math.round(price * 100) + stream.integer(2)) / 100);
  const prediction = bid.map((price) => (stream.uniform() < 0.99 ? Number.NaN : price * (1 + 3e-3 * stream.normal())));
  return { market: { bid, ask, sessionStarts: Int32Array.from(starts) }, prediction };
}

describe('searches', () => {
  test('pass over long quiet stretches and miss nothing', () => {
    const sparse = configs.map((config) => ({
      ...config,
      thresholdBps: config.thresholdBps * 2,
      maxHoldTicks: config.maxHoldTicks === null ? null : config.maxHoldTicks * 97,
    }));
    fc.assert(
      fc.property(fc.nat(), sparse, (seed, config) => {
        const { market, prediction } = quietScenario(seed);
        const want = literalBacktest(market, prediction, config);
        const got = backtest(market, prediction, config, { trades: true });
        expect(got.trades).toEqual(want.trades);
        expect([...got.periodReturns]).toEqual(want.periodReturns);
      }),
      { numRuns: 150 },
    );
  });
});

describe('price steps', () => {
  test('are found in the quotes', () => {
    expect(priceStep(Float64Array.of(10.01, 10.04), Float64Array.of(10.02, 10.05))).toBe(0.01);
    expect(priceStep(Float64Array.of(100.25, 101), Float64Array.of(100.5, 101.25))).toBe(0.25);
    expect(priceStep(Float64Array.of(10, 10), Float64Array.of(10, 10))).toBe(1);
    expect(priceStep(Float64Array.of(1.23456, 1.2346), Float64Array.of(1.23457, 1.23465))).toBe(0.00001);
    expect(priceStep(Float64Array.of(Math.PI, Math.E), Float64Array.of(4, 5))).toBeNull();
  });

  test('slippage counts them on both sides, and a lucky draw costs nothing', () => {
    const market = {
      bid: Float64Array.of(99, 99, 99, 99),
      ask: Float64Array.of(101, 101, 101, 101),
      sessionStarts: Int32Array.of(0),
    };
    const prediction = Float64Array.of(200, Number.NaN, Number.NaN, Number.NaN);
    const tradeWith = (rules: Partial<StrategyConfig>) =>
      backtest(market, prediction, { ...plain, ...rules }, { trades: true }).trades![0]!;
    expect(tradeWith({ slippageTicks: 2, tickSize: 0.5 })).toMatchObject({ entryPrice: 102, exitPrice: 98 });
    expect(tradeWith({ extraTickProbability: 1, tickSize: 0.5 })).toMatchObject({ entryPrice: 101.5, exitPrice: 98.5 });
    expect(tradeWith({ extraTickProbability: 1e-12, tickSize: 0.5 })).toMatchObject({ entryPrice: 101, exitPrice: 99 });
  });

  test('an extra step falls on the share of fills it should, the same ones every time', () => {
    const ticks = 20_000;
    const market = {
      bid: new Float64Array(ticks).fill(99),
      ask: new Float64Array(ticks).fill(101),
      sessionStarts: Int32Array.of(0),
    };
    const prediction = new Float64Array(ticks).fill(200);
    const config = { ...plain, extraTickProbability: 0.3, tickSize: 1, executionSeed: 5 };
    const trades = backtest(market, prediction, config, { trades: true }).trades!;
    const share = trades.filter((trade) => trade.entryPrice === 102).length / trades.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / trades.length));
    expect(backtest(market, prediction, config, { trades: true }).trades).toEqual(trades);
    expect(backtest(market, prediction, { ...config, executionSeed: 6 }, { trades: true }).trades).not.toEqual(trades);
  });

  test('quotes without a step are refused with a way on', () => {
    const market = { bid: Float64Array.of(Math.E), ask: Float64Array.of(Math.PI), sessionStarts: Int32Array.of(0) };
    expect(() => backtest(market, Float64Array.of(1), { ...plain, slippageTicks: 1 })).toThrow('no common price step');
  });
});

describe('quoted sizes', () => {
  test('cut an entry and spread an exit over the ticks that follow', () => {
    const market = {
      bid: Float64Array.of(100, 100, 100, 90, 80),
      ask: Float64Array.of(100, 100, 100, 90, 80),
      bidSize: Float64Array.of(9, 9, 9, 2, 9),
      askSize: Float64Array.of(9, 6, 9, 9, 9),
      sessionStarts: Int32Array.of(0),
    };
    const prediction = Float64Array.of(200, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
    const config = { ...plain, maxHoldTicks: 1, betNotional: 1000, latencyTicks: 1, flattenAtSessionEnd: false };
    // 6 of 10 are quoted at tick 1. The exit is due at tick 3, where 2·90/1000 = 0.18 are quoted; the rest follows at tick 4.
    const later = backtest(market, prediction, config, { trades: true });
    expect(later.trades).toMatchObject([{ size: 0.6, entryTick: 1, exitTick: 4 }]);
    expect(later.trades![0]!.exitPrice).toBeCloseTo((0.18 * 90 + 0.42 * 80) / 0.6, 12);
    expect(later.trades![0]!.netReturn).toBeCloseTo(-(0.18 * 0.1 + 0.42 * 0.2), 12);
    expect(later.activity.turnover).toBeCloseTo(0.6 + 0.18 * 0.9 + 0.42 * 0.8, 12);
  });

  test('do not matter where the source has none', () => {
    fc.assert(
      fc.property(scenarios, configs, ({ market, prediction }, config) => {
        const { bid, ask, sessionStarts } = market;
        const bare = { bid, ask, sessionStarts };
        const limited = backtest(bare, prediction, { ...config, betNotional: 1e9 }, { trades: true });
        expect(limited).toEqual(backtest(bare, prediction, config, { trades: true }));
      }),
      { numRuns: 50 },
    );
  });
});

describe('position sizes', () => {
  test('volatility is that of the last moves within sessions, known at the tick', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 2, max: 9 }), ({ market }, windowTicks) => {
        const { bid, ask, sessionStarts } = market;
        const got = trailingVolatilityBps(market, windowTicks);
        const moves: number[] = [];
        for (let k = 0; k < bid.length; k++) {
          if (!sessionStarts.includes(k)) moves.push(1e4 * ((bid[k]! + ask[k]!) / (bid[k - 1]! + ask[k - 1]!) - 1));
          const last = moves.slice(-windowTicks);
          if (last.length < windowTicks) expect(got[k]).toBeNaN();
          else expect(got[k]).toBeCloseTo(Math.sqrt(last.reduce((sum, move) => sum + move * move, 0)), 5);
        }
      }),
    );
  });

  test('follow their rule up to the cap', () => {
    const rules = { ...plainRules, sizingTargetBps: 10, maxSize: 2, kellyFraction: 0.001 };
    expect(positionSize({ ...rules, sizing: 'unit' }, 5, Number.NaN)).toBe(1);
    expect(positionSize({ ...rules, sizing: 'signal' }, -5, Number.NaN)).toBe(0.5);
    expect(positionSize({ ...rules, sizing: 'signal' }, 500, Number.NaN)).toBe(2);
    expect(positionSize({ ...rules, sizing: 'volatility' }, 5, 40)).toBe(0.25);
    expect(positionSize({ ...rules, sizing: 'volatility' }, 5, 0)).toBe(2);
    // 0.001 · 5e-4 / (20e-4)² = 0.125
    expect(positionSize({ ...rules, sizing: 'kelly' }, 5, 20)).toBeCloseTo(0.125, 12);
  });
});

describe('a model that knows the future', () => {
  test('never loses without costs on a trade that is held to the known move', () => {
    fc.assert(
      fc.property(
        scenarios,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        ({ market: { bid, sessionStarts } }, maxHoldTicks, latencyTicks, flattenAtSessionEnd) => {
          const market = { bid, ask: bid, sessionStarts };
          // Filled at k + latency, left at the decision `maxHoldTicks` later, which again takes the latency.
          const prediction = bid.map((price, k) => {
            const exit = bid[k + 2 * latencyTicks + maxHoldTicks];
            return exit === undefined ? Number.NaN : (price * exit) / bid[k + latencyTicks]!;
          });
          const rules = { maxHoldTicks, latencyTicks, flattenAtSessionEnd, exitOnReverse: false, thresholdBps: 1e-6 };
          const { trades } = backtest(market, prediction, { ...plain, ...rules }, { trades: true });
          const held = trades!.filter(({ reason }) => reason === 'maxHold');
          for (const trade of held) expect(trade.netReturn).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('further rules', () => {
  test.each([
    [{ slippageTicks: -1 }, 'slippageTicks'],
    [{ extraTickProbability: 1.5 }, 'extraTickProbability'],
    [{ tickSize: 0 }, 'tickSize'],
    [{ betNotional: 0 }, 'betNotional'],
    [{ sizingWindowTicks: 1 }, 'sizingWindowTicks'],
    [{ maxSize: Number.POSITIVE_INFINITY }, 'maxSize'],
    [{ strideTicks: 0 }, 'strideTicks'],
  ] as const)('%j is refused by name', (rules, where) => {
    expect(() => checkConfig({ ...plain, ...rules })).toThrow(where);
  });

  test('are in the description only where they act', () => {
    expect(describeConfig(plain)).toBe(describeConfig({ ...plain, ...plainRules }));
    const described = describeConfig({
      ...plain,
      sizing: 'signal',
      slippageTicks: 2,
      heldForecast: 'none',
      strideTicks: 4,
    });
    expect(described).toContain('slippage of 2 price steps');
    expect(described).toContain('size in proportion to surprise, 1 at 10 bps, at most 1 unit');
    expect(described).toContain('signals only at forecasts');
  });
});
