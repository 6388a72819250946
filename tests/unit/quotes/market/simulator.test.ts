import { describe, expect, test } from 'vitest';
import type { QuoteSeries } from '../../../../src/core/types.ts';
import { expectedReturns } from '../../../../src/quotes/market/marketTruth.ts';
import {
  defaultSimulatorSettings as demo,
  type SimulatedMarket,
  type SimulatorSettings,
  simulateMarket,
} from '../../../../src/quotes/market/simulator.ts';
import { resample } from '../../../../src/quotes/resample.ts';

const HORIZON = 30;
const market = simulateMarket(demo);
const small: SimulatorSettings = { ...demo, days: 2, stepsPerDay: 300 };

function logMids(series: QuoteSeries): Float64Array {
  return series.bid.map((bid, i) => Math.log((bid + series.ask[i]!) / 2));
}

/** Pairs of expected and realised mid returns that lie within one session. */
function expectedAndRealised({ series, truth }: SimulatedMarket, asset: number) {
  const expected = expectedReturns(truth, asset, HORIZON);
  const mids = logMids(series[asset]!);
  const { stepsPerDay } = truth.settings;
  const pairs: { step: number; expected: number; realised: number }[] = [];
  for (let step = 0; step + HORIZON < mids.length; step++) {
    if ((step % stepsPerDay) + HORIZON >= stepsPerDay) continue;
    pairs.push({ step, expected: expected[step]!, realised: mids[step + HORIZON]! - mids[step]! });
  }
  return pairs;
}

function rSquared(pairs: readonly { expected: number; realised: number }[]): number {
  const residual = pairs.reduce((sum, { expected, realised }) => sum + (realised - expected) ** 2, 0);
  return 1 - residual / pairs.reduce((sum, { realised }) => sum + realised ** 2, 0);
}

/** Slope of realised on expected returns: 1 where the truth is true. */
function slope(pairs: readonly { expected: number; realised: number }[]): number {
  const cross = pairs.reduce((sum, { expected, realised }) => sum + expected * realised, 0);
  return cross / pairs.reduce((sum, { expected }) => sum + expected ** 2, 0);
}

describe('simulateMarket', () => {
  test('draws the same market from the same seed and another from another', () => {
    expect(simulateMarket(small)).toEqual(simulateMarket(small));
    expect(simulateMarket({ ...small, seed: 1 }).series[0]!.bid).not.toEqual(simulateMarket(small).series[0]!.bid);
  });

  test('leaves the other assets as they are when one is taken away', () => {
    const fewer = simulateMarket({ ...small, assets: small.assets.slice(1) });
    expect(fewer.series[0]).toEqual(simulateMarket(small).series[1]);
  });

  test('quotes whole ticks with the bid below the ask, and a spread that breathes', () => {
    market.series.forEach((series, i) => {
      const ticksPerUnit = Math.round(1 / demo.assets[i]!.tick);
      const spreads = new Set<number>();
      for (let row = 0; row < series.bid.length; row++) {
        const bid = Math.round(series.bid[row]! * ticksPerUnit);
        const ask = Math.round(series.ask[row]! * ticksPerUnit);
        if (!(bid < ask && bid / ticksPerUnit === series.bid[row] && ask / ticksPerUnit === series.ask[row])) {
          throw new Error(`row ${row} of ${series.symbol}: ${series.bid[row]} ${series.ask[row]}`);
        }
        spreads.add(ask - bid);
      }
      expect(spreads.size).toBeGreaterThan(2);
    });
  });

  test('gives the demonstration’s grid: twenty sessions of 1800 one-second ticks', () => {
    const grid = resample(market.series[0]!, { stepMs: 1000, window: null, staleAfterMs: null });
    expect(grid.timeMs).toEqual(market.series[0]!.timeMs);
    expect(grid.bid).toEqual(market.series[0]!.bid);
    expect([...grid.sessionStarts]).toEqual(Array.from({ length: 20 }, (_, day) => 1800 * day));
    expect([grid.sessionDays[0], grid.sessionDays.at(-1)]).toEqual(['2025-09-08', '2025-10-03']);
    expect(market.series[0]!.calendar).toMatchObject({ open: '09:30', close: '10:00' });
  });

  test('is more volatile at the open and the close than at midday', () => {
    const mids = logMids(market.series[0]!);
    const variance = (from: number, to: number) => {
      let sum = 0;
      for (let step = 0; step < mids.length; step++) {
        const ofDay = step % 1800;
        if (ofDay > from && ofDay < to) sum += (mids[step]! - mids[step - 1]!) ** 2;
      }
      return sum / (to - from);
    };
    expect(variance(0, 200)).toBeGreaterThan(1.5 * variance(800, 1000));
    expect(variance(1600, 1800)).toBeGreaterThan(1.5 * variance(800, 1000));
  });

  test('moves assets together by their common factor', () => {
    const returns = market.series.map((series) =>
      logMids(series).map((mid, i, all) => (i % 1800 ? mid - all[i - 1]! : 0)),
    );
    const dot = (a: number, b: number) => returns[a]!.reduce((sum, each, i) => sum + each * returns[b]![i]!, 0);
    const correlation = dot(0, 2) / Math.sqrt(dot(0, 0) * dot(2, 2));
    expect(correlation).toBeGreaterThan(0.3);
    expect(correlation).toBeLessThan(0.6);
  });

  test('names the setting that makes no sense', () => {
    expect(() => simulateMarket({ ...small, days: 0 })).toThrow('days');
    expect(() => simulateMarket({ ...small, stepsPerDay: 60_000 })).toThrow('past midnight');
    const asset = { ...small.assets[0]!, tick: 0.3 };
    expect(() => simulateMarket({ ...small, assets: [asset] })).toThrow('ALFA');
  });
});

describe('the planted expectation', () => {
  test.each([0, 1, 2, 3])('explains 5 to 15 % of the 30-second mid returns of asset %i, and is not biased', (asset) => {
    const pairs = expectedAndRealised(market, asset);
    expect(rSquared(pairs)).toBeGreaterThan(0.05);
    expect(rSquared(pairs)).toBeLessThan(0.15);
    expect(slope(pairs)).toBeGreaterThan(0.85);
    expect(slope(pairs)).toBeLessThan(1.15);
  });

  test('pays the spread several times over where it is strong', () => {
    const { bid, ask } = market.series[3]!;
    const strong = expectedAndRealised(market, 3).filter(({ expected }) => Math.abs(expected) > 8e-4);
    const net = strong.map(({ step, expected }) =>
      expected > 0 ? bid[step + HORIZON]! / ask[step]! - 1 : 1 - ask[step + HORIZON]! / bid[step]!,
    );
    expect(net.length).toBeGreaterThan(1000);
    expect((1e4 * net.reduce((sum, each) => sum + each, 0)) / net.length).toBeGreaterThan(4);
  });

  test('shows in past mids alone: returns continue in a momentum regime, reverse in a reversal one, and neither without', () => {
    const continuation = (strength: number) => {
      const signal = { ...demo.signal, strengths: [strength, strength] as const };
      const mids = logMids(simulateMarket({ ...demo, signal }).series[3]!);
      let cross = 0;
      let past = 0;
      for (let step = 20; step + 20 < mids.length; step += 20) {
        if (step % 1800 < 20) continue;
        const before = mids[step]! - mids[step - 20]!;
        if ((step % 1800) + 20 >= 1800) continue;
        cross += before * (mids[step + 20]! - mids[step]!);
        past += before * before;
      }
      return cross / past;
    };
    expect(continuation(1.5)).toBeGreaterThan(0.15);
    expect(continuation(-0.8)).toBeLessThan(-0.1);
    expect(Math.abs(continuation(0))).toBeLessThan(0.08);
  });

  test('fades from week to week as set', () => {
    const fading = simulateMarket({ ...demo, signal: { ...demo.signal, decayPerWeek: 0.3 } });
    expect([...fading.truth.weekStrength]).toEqual([0, 1, 2, 3].map((week) => 0.3 ** week));
    const weeks = [0, 1, 2, 3].map((week) => {
      const steps = [week * 9000, (week + 1) * 9000] as const;
      const pairs = [0, 1, 2, 3].flatMap((asset) =>
        expectedAndRealised(fading, asset).filter(({ step }) => step >= steps[0] && step < steps[1]),
      );
      return rSquared(pairs);
    });
    expect(weeks[0]).toBeGreaterThan(0.05);
    expect(weeks[1]).toBeLessThan(0.5 * weeks[0]!);
    expect(weeks[3]).toBeLessThan(0.01);
  });

  test('adds nothing beyond the end of a session', () => {
    const expected = expectedReturns(market.truth, 0, HORIZON);
    expect(Math.abs(expected[1799]!)).toBe(0);
    const one = expectedReturns(market.truth, 0, 1);
    expect(expected[1798]).toBe(one[1798]);
  });
});
