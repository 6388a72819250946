import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { backtest } from '../../../src/strategy/backtest.ts';
import type { StrategyConfig } from '../../../src/strategy/config.ts';
import { equityCurve } from '../../../src/strategy/equity.ts';
import type { Market } from '../../../src/strategy/types.ts';
import { configs, furtherConfigs, scenarios } from './arbitraries.ts';
import { literalBacktest } from './literalBacktest.ts';

const plain: StrategyConfig = {
  thresholdBps: 1,
  stopLossBps: null,
  takeProfitBps: null,
  maxHoldTicks: null,
  latencyTicks: 1,
  feeBps: 0,
  slippageBps: 0,
  allowShort: true,
  exitOnReverse: true,
  flattenAtSessionEnd: true,
  reference: 'mid',
};

const fillPrice = ({ bid, ask }: Market, { slippageBps }: StrategyConfig, tick: number, buy: boolean): number =>
  buy ? ask[tick]! * (1 + slippageBps / 1e4) : bid[tick]! * (1 - slippageBps / 1e4);

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('backtest', () => {
  test('equals the literal reading of the rules, trade by trade and bit by bit, whatever the input', () => {
    fc.assert(
      fc.property(scenarios, configs, ({ market, prediction }, config) => {
        const got = backtest(market, prediction, config, { trades: true });
        const want = literalBacktest(market, prediction, config);
        expect(got.trades).toEqual(want.trades);
        expect(got.tradeCount).toBe(want.trades.length);
        expect([...got.periodReturns]).toEqual(want.periodReturns);
      }),
      { numRuns: 2000 },
    );
  });

  test('equals the literal reading with every further rule: price steps, quoted sizes, position sizes, held returns', () => {
    fc.assert(
      fc.property(scenarios, furtherConfigs, ({ market, prediction }, config) => {
        const got = backtest(market, prediction, config, { trades: true });
        const want = literalBacktest(market, prediction, config);
        expect(got.trades).toEqual(want.trades);
        expect([...got.periodReturns]).toEqual(want.periodReturns);
        expect([...equityCurve(market, prediction, config)]).toEqual(want.equity);
        expect(got.activity.winCount).toBe(want.trades.filter((trade) => trade.netReturn > 0).length);
        expect(got.activity.heldTicks).toBe(sum(want.trades.map((trade) => trade.exitTick - trade.entryTick)));
      }),
      { numRuns: 3000 },
    );
  });

  test('decides exact ties with a stop loss or a take profit as the literal reading does', () => {
    const ticks = fc.tuple(fc.nat(), fc.nat(), fc.boolean());
    fc.assert(
      fc.property(scenarios, configs, ticks, ({ market, prediction }, config, [a, b, long]) => {
        // A level that a position from one tick to another meets to the last bit.
        const entry = fillPrice(market, config, a % market.bid.length, long);
        const exit = fillPrice(market, config, b % market.bid.length, !long);
        const levelBps = 10_000 * (long ? exit / entry - 1 : 1 - exit / entry);
        fc.pre(levelBps !== 0);
        const tied: StrategyConfig =
          levelBps < 0
            ? { ...config, stopLossBps: -levelBps, takeProfitBps: null, maxHoldTicks: null }
            : { ...config, takeProfitBps: levelBps, stopLossBps: null, maxHoldTicks: null };
        const got = backtest(market, prediction, tied, { trades: true });
        expect(got.trades).toEqual(literalBacktest(market, prediction, tied).trades);
      }),
      { numRuns: 3000 },
    );
  });

  test('conserves money: trades plus the open position make the returns, and so does gross less costs', () => {
    fc.assert(
      fc.property(scenarios, furtherConfigs, ({ market, prediction }, config) => {
        const result = backtest(market, prediction, config, { trades: true });
        const equity = equityCurve(market, prediction, config);
        const total = sum(result.periodReturns);
        const closed = sum(result.trades!.map((trade) => trade.netReturn));
        expect(total).toBeCloseTo(equity.at(-1)!, 13);
        if (!result.openPosition) expect(total).toBeCloseTo(closed, 13);
        const { gross, spread, slippage, fees } = result.costs;
        for (let s = 0; s < gross.length; s++) {
          const net = gross[s]! - spread[s]! - slippage[s]! - fees[s]!;
          expect(net).toBeCloseTo(result.periodReturns[s]!, 13);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('tells spread, slippage and fees apart', () => {
    const market = {
      bid: Float64Array.of(99, 99, 109, 109),
      ask: Float64Array.of(101, 101, 111, 111),
      sessionStarts: Int32Array.of(0),
    };
    const prediction = Float64Array.of(200, 200, 1, 1);
    const config = { ...plain, allowShort: false, slippageBps: 100, feeBps: 10 };
    const { costs, tradeCount } = backtest(market, prediction, config);
    const touch = 109 / 101 - 1;
    const filledRatio = (109 * 0.99) / (101 * 1.01);
    expect(tradeCount).toBe(1);
    expect(costs.gross[0]).toBeCloseTo(110 / 100 - 1, 14);
    expect(costs.spread[0]).toBeCloseTo(0.1 - touch, 14);
    expect(costs.slippage[0]).toBeCloseTo(touch - (filledRatio - 1), 14);
    expect(costs.fees[0]).toBeCloseTo(0.001 * (1 + filledRatio), 14);
  });

  test('draws the literal equity at every tick', () => {
    fc.assert(
      fc.property(scenarios, configs, ({ market, prediction }, config) => {
        const got = equityCurve(market, prediction, config);
        const want = literalBacktest(market, prediction, config).equity;
        expect([...got]).toEqual(want);
      }),
      { numRuns: 500 },
    );
  });

  test('does not look ahead: quotes and predictions after a tick change no trade closed by then', () => {
    fc.assert(
      fc.property(scenarios, configs, fc.nat(), ({ market, prediction }, config, at) => {
        const cut = at % market.bid.length;
        const jolt = (values: Float64Array) => values.map((value, k) => (k > cut ? value * 1.01 : value));
        const later = { ...market, bid: jolt(market.bid), ask: jolt(market.ask) };
        const before = backtest(market, prediction, config, { trades: true }).trades!;
        const after = backtest(later, jolt(prediction), config, { trades: true }).trades!;
        const known = (trades: typeof before) => trades.filter((trade) => trade.exitTick <= cut);
        expect(known(after)).toEqual(known(before));
      }),
      { numRuns: 300 },
    );
  });

  test('places no order that would fill beyond the session when flattening, and drops an entry due at its last tick', () => {
    const market = {
      bid: Float64Array.of(10, 10, 10, 10, 10, 10),
      ask: Float64Array.of(10, 10, 10, 10, 10, 10),
      sessionStarts: Int32Array.of(0, 3),
    };
    const prediction = Float64Array.of(Number.NaN, 11, 11, Number.NaN, Number.NaN, Number.NaN);
    expect(backtest(market, prediction, plain).tradeCount).toBe(0);
    const carried = backtest(market, prediction, { ...plain, flattenAtSessionEnd: false });
    expect(carried.openPosition).toEqual({ side: 'long', size: 1, entryTick: 2, entryPrice: 10 });
  });

  test('has nothing to say about an empty market', () => {
    const market = { bid: new Float64Array(0), ask: new Float64Array(0), sessionStarts: new Int32Array(0) };
    expect(backtest(market, new Float64Array(0), plain, { trades: true })).toMatchObject({ tradeCount: 0, trades: [] });
  });

  test('refuses a tick without a quote, naming it, instead of returning NaN', () => {
    const market = { bid: Float64Array.of(1, Number.NaN), ask: Float64Array.of(1, 1), sessionStarts: Int32Array.of(0) };
    const attempt = () => backtest(market, Float64Array.of(1, 1), plain);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow('tick 1: there is no usable quote (bid NaN, ask 1).');
  });
});
