import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LAGS,
  lessonConfig,
  lessonForecast,
  lessonMarket,
  roundTripBps,
  surpriseBps,
  tellTicks,
} from '../../../../src/analysis/lessons/market.ts';
import {
  bestOfMany,
  correlatedAssets,
  DAYS_A_YEAR,
  decayingAlpha,
  plantedLine,
  twoRisks,
  worthlessWorlds,
} from '../../../../src/analysis/lessons/risk.ts';
import { mean, populationVariance } from '../../../../src/risk/moments/statistics.ts';

describe('the lesson’s market', () => {
  test('keeps its quotes apart by at least the spread, on the price grid', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), fc.integer({ min: 0, max: 50 }), (spread, seed) => {
        const market = lessonMarket(40, spread, seed);
        for (let k = 0; k < 40; k++) {
          expect(market.ask[k]! - market.bid[k]!).toBeGreaterThan(0.0099);
          expect(Math.abs(market.bid[k]! * 100 - Math.round(market.bid[k]! * 100))).toBeLessThan(1e-6);
          expect(roundTripBps(market, k)).toBeGreaterThan(0.98 * spread - 1e-9);
        }
      }),
    );
  });

  test('is the same on every machine', () => {
    expect(Array.from(lessonMarket(3, 2, 1).bid, (price) => price.toFixed(2))).toEqual(
      Array.from(lessonMarket(200, 2, 1).bid.subarray(0, 3), (price) => price.toFixed(2)),
    );
    expect(lessonMarket(20, 2, 1)).not.toEqual(lessonMarket(20, 2, 2));
  });

  test('is forecast better than by chance, and differently by each variant', () => {
    const { mid } = lessonMarket(3000, 0, 3);
    const forecast = (variant: number) => lessonForecast(mid, { variant, dropoutRate: 0.3, seed: 1 });
    const surprises = [...forecast(0)].map((prediction, k) => surpriseBps(mid[k]!, prediction));
    let agree = 0;
    for (let k = LAGS; k < 2999; k++) if (Math.sign(surprises[k]!) === Math.sign(mid[k + 1]! - mid[k]!)) agree++;
    expect(agree / (2999 - LAGS)).toBeGreaterThan(0.55);
    expect(surprises.slice(0, LAGS).every(Number.isNaN)).toBe(true);
    expect(forecast(1)).not.toEqual(forecast(2));
    expect(lessonForecast(mid, { variant: 3, dropoutRate: 0, seed: 1 })).toEqual(forecast(0));
  });

  test('tells each trade where its orders are sent and filled', () => {
    const market = lessonMarket(80, 1, 4);
    const prediction = lessonForecast(market.mid, { variant: 0, dropoutRate: 0, seed: 1 });
    const { trades, events, equityBps } = tellTicks(market, prediction, lessonConfig(1, 20));
    expect(trades.length).toBeGreaterThan(2);
    const sentences = events.flat();
    expect(sentences.filter((sentence) => sentence.startsWith('It fills'))).toHaveLength(trades.length);
    for (const trade of trades) {
      expect(events[trade.entryTick]!.join()).toContain(trade.entryPrice.toFixed(2));
      expect(events[trade.exitTick]!.join()).toContain(trade.exitPrice.toFixed(2));
    }
    const total = trades.reduce((sum, trade) => sum + 1e4 * trade.netReturn, 0);
    expect(equityBps.at(-1)).toBeCloseTo(total, 9);
  });
});

describe('the lessons on risk', () => {
  test('assets have the correlation that is set', () => {
    const [a, b] = correlatedAssets(
      [
        { meanBps: 5, sigmaBps: 100 },
        { meanBps: 2, sigmaBps: 50 },
      ],
      0.6,
      20_000,
      1,
    );
    const [ma, mb] = [mean(a!), mean(b!)];
    const covariance = a!.reduce((sum, value, t) => sum + (value - ma) * (b![t]! - mb), 0) / a!.length;
    expect(covariance / Math.sqrt(populationVariance(a!) * populationVariance(b!))).toBeCloseTo(0.6, 1);
    expect(Math.sqrt(populationVariance(b!)) * 1e4).toBeCloseTo(50, -1);
  });

  test('the split gives back the two risks that were put in', () => {
    const { split, curves } = twoRisks({
      variants: 40,
      days: 400,
      meanBps: 5,
      aleatoryBps: 80,
      epistemicBps: 30,
      seed: 2,
    });
    expect(Math.sqrt(split.timeResolved.aleatoryVariance) * 1e4).toBeCloseTo(80, -1);
    expect(Math.sqrt(split.timeResolved.epistemicVariance) * 1e4).toBeCloseTo(30, -1);
    expect(curves[0]!.at(-1)! / 400 - curves[1]!.at(-1)! / 400).not.toBe(0);
  });

  test('a long record gives the planted Sharpe ratio, a short one need not', () => {
    const settings = { sharpeAYear: 3, commonShare: 0.3, configurations: 40, variants: 4, seed: 3 };
    const long = plantedLine({ ...settings, days: 5000 });
    expect(long.fit.slope * Math.sqrt(DAYS_A_YEAR)).toBeCloseTo(3, 0);
    expect(long.points).toHaveLength(40);
    expect(long.riskFreeBps).toBeCloseTo(1.98, 2);
  });

  test('shared days make worthless worlds look significant; days of their own do not', () => {
    const settings = { worlds: 60, days: 40, configurations: 30, seed: 1 };
    const shared = worthlessWorlds({ ...settings, commonShare: 0.8 });
    const apart = worthlessWorlds({ ...settings, commonShare: 0 });
    expect(shared.calledSignificant).toBeGreaterThan(0.3);
    expect(apart.calledSignificant).toBeLessThan(0.2);
    expect(mean(shared.r2)).toBeGreaterThan(3 * mean(apart.r2));
  });

  test('the best of more trials looks better, and is expected to', () => {
    const [few, many] = [bestOfMany(5, 250, 1), bestOfMany(200, 250, 1)];
    expect(many.sharpes[0]).toBeGreaterThan(few.sharpes[0]!);
    expect(many.expectedBest).toBeGreaterThan(few.expectedBest);
    expect(many.sharpes[0]! / many.expectedBest).toBeGreaterThan(0.7);
    expect(many.deflated).toBeLessThan(0.95);
    expect(bestOfMany(1, 250, 1).expectedBest).toBe(0);
  });

  test('alpha halves in its half-life', () => {
    const { planted, rolling } = decayingAlpha({
      startSharpe: 4,
      halfLifeDays: 100,
      days: 300,
      windowDays: 60,
      seed: 1,
    });
    expect(planted[100]).toBeCloseTo(2, 12);
    expect(rolling[58]).toBeNaN();
    expect(rolling[59]).not.toBeNaN();
  });
});
