/** Random markets, predictions and configurations that meet the rules' edges often: ties, locked quotes, tiny sessions, gaps. */

import fc from 'fast-check';
import type { StrategyConfig } from '../../../src/strategy/config.ts';
import type { Market } from '../../../src/strategy/types.ts';

export interface Scenario {
  readonly market: Market;
  readonly prediction: Float64Array;
}

/** Prices move on a tick grid of 0.01 around 10, so that returns of round basis points are hit exactly; spreads may be 0. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })
  .chain((lengths) => {
    const ticks = lengths.reduce((sum, length) => sum + length, 0);
    const column = (min: number, max: number) =>
      fc.array(fc.integer({ min, max }), { minLength: ticks, maxLength: ticks });
    return fc.record({
      lengths: fc.constant(lengths),
      steps: column(-2, 2),
      spreads: column(0, 3),
      bidSizes: column(0, 4),
      askSizes: column(0, 4),
      surprises: fc.array(fc.option(fc.integer({ min: -40, max: 40 }), { freq: 4 }), {
        minLength: ticks,
        maxLength: ticks,
      }),
    });
  })
  .map(({ lengths, steps, spreads, bidSizes, askSizes, surprises }) => {
    const sessionStarts = new Int32Array(lengths.length);
    for (let s = 1; s < lengths.length; s++) sessionStarts[s] = sessionStarts[s - 1]! + lengths[s - 1]!;
    let cents = 1000;
    const bid = Float64Array.from(steps, (step) => {
      cents = Math.max(900, cents + step);
      return cents / 100;
    });
    const ask = Float64Array.from(bid, (price, k) => (Math.round(price * 100) + spreads[k]!) / 100);
    const prediction = Float64Array.from(surprises, (surprise, k) =>
      surprise === null ? Number.NaN : ((bid[k]! + ask[k]!) / 2) * (1 + surprise / 1e4),
    );
    // One unit of notional (see `furtherConfigs`) is three to four of these.
    const sizes = { bidSize: Float64Array.from(bidSizes), askSize: Float64Array.from(askSizes) };
    return { market: { bid, ask, sessionStarts, ...sizes, symbol: 'X' }, prediction };
  });

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 });

export const configs: fc.Arbitrary<StrategyConfig> = fc.record({
  thresholdBps: fc.constantFrom(0, 1, 5, 10, 17.3),
  stopLossBps: optional(fc.constantFrom(5, 10, 20, 50, 33.3)),
  takeProfitBps: optional(fc.constantFrom(5, 10, 20, 50, 41.7)),
  maxHoldTicks: optional(fc.integer({ min: 1, max: 12 })),
  latencyTicks: fc.integer({ min: 1, max: 6 }),
  feeBps: fc.constantFrom(0, 0.1, 1),
  slippageBps: fc.constantFrom(0, 0.2, 3),
  allowShort: fc.boolean(),
  exitOnReverse: fc.boolean(),
  flattenAtSessionEnd: fc.boolean(),
  reference: fc.constantFrom('mid' as const, 'touch' as const),
});

/** The same with any of the further rules. */
export const furtherConfigs: fc.Arbitrary<StrategyConfig> = fc
  .tuple(
    configs,
    fc.record({
      slippageTicks: fc.constantFrom(0, 1, 2.5),
      extraTickProbability: fc.constantFrom(0, 0.5, 1),
      tickSize: fc.constantFrom(null, 0.01),
      executionSeed: fc.nat(),
      betNotional: fc.constantFrom(null, 35),
      sizing: fc.constantFrom('unit' as const, 'signal' as const, 'volatility' as const, 'kelly' as const),
      sizingTargetBps: fc.constantFrom(1, 10),
      sizingWindowTicks: fc.integer({ min: 2, max: 8 }),
      kellyFraction: fc.constantFrom(0.5, 0.01),
      maxSize: fc.constantFrom(1, 2.5),
      heldForecast: fc.constantFrom('price' as const, 'return' as const, 'none' as const),
      strideTicks: fc.integer({ min: 1, max: 5 }),
    }),
  )
  .map(([plain, further]) => ({ ...plain, ...further }));
