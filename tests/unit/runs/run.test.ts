import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/core/types.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import { equalBetReturns } from '../../../src/marketLine/equalBets.ts';
import { marketLineOf, pointDetail, runMarketLine } from '../../../src/runs/run.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { leakingForecaster, makeGrid } from './fixtures.ts';

const days = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];
const grids = [makeGrid('A', days), makeGrid('B', days.slice(1))];
const settings = parseRunSettings({
  variants: 4,
  configurations: 25,
  thresholdMaxBps: 5,
  feeBps: 0.1,
  slippageBps: 0.05,
});
const study = { grids, forecaster: leakingForecaster(5e-4), backtester: directBacktester, settings };

describe('runMarketLine', () => {
  test('gives every configuration a point, and lines through them', async () => {
    const { result } = await runMarketLine(study);
    expect(result.periods).toEqual(days);
    expect(result.missingAssetPeriods).toBe(1);
    expect(result.configurations).toHaveLength(25);
    expect(result.periodReturns).toHaveLength(25 * 5 * 6);
    expect(result.tradeCounts).toHaveLength(25 * 5 * 2);
    for (const point of result.configurations) {
      const { aleatory, epistemic, total } = point.sigmaBps;
      expect(aleatory ** 2 + epistemic ** 2).toBeCloseTo(total ** 2, 6);
      const { gross, spread, slippage, fees } = point.costsBps;
      expect(gross - spread - slippage - fees).toBeCloseTo(point.meanBps, 8);
      expect(point.traded).toBe(true);
      // Five rows of two assets each, the first row the deterministic model.
      const variantTrades = result.tradeCounts.subarray(point.index * 10 + 2, point.index * 10 + 10);
      expect(point.tradesPerPeriod).toBeCloseTo(variantTrades.reduce((total, count) => total + count, 0) / (4 * 6), 12);
    }
    for (const fit of Object.values(result.fits)) {
      expect(fit).toMatchObject({ kind: 'fitted' });
      if (fit.kind === 'fitted') expect(fit.annualisedSlope).toBeCloseTo(fit.leastSquares.slope * Math.sqrt(252), 9);
    }
    for (const priced of ['aleatory', 'epistemic', 'total'] as const) {
      const [fit, interval] = [result.fits[priced], result.intervals[priced].leastSquares];
      if (fit.kind === 'none' || interval.kind === 'none') throw new Error('no line or no interval');
      expect((interval.low + interval.high) / 2).toBeCloseTo(fit.leastSquares.slope, 9);
      expect(interval.high).toBeGreaterThan(interval.low);
    }
    // A model that sees the future earns money before costs.
    expect(result.configurations.every((point) => point.costsBps.gross > 0)).toBe(true);
  });

  test('says how much each configuration trades', async () => {
    const { result, forecasts } = await runMarketLine(study);
    const point = result.configurations[3]!;
    const details = await Promise.all(
      grids.flatMap((grid, a) =>
        [1, 2, 3, 4].map((variant) =>
          pointDetail({ grid, forecasts: forecasts[a]!, config: point.config, variant, backtester: directBacktester }),
        ),
      ),
    );
    const trades = details.flatMap((detail) => detail.result.trades!);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const { hitRate, holdingTicks, exposure, turnoverPerPeriod } = point.activity;
    expect(hitRate).toBeCloseTo(mean(trades.map((trade) => (trade.netReturn > 0 ? 1 : 0))), 12);
    expect(holdingTicks).toBeCloseTo(mean(trades.map((trade) => trade.exitTick - trade.entryTick)), 9);
    expect(turnoverPerPeriod).toBeCloseTo(
      trades.reduce((sum, trade) => sum + 1 + trade.exitPrice / trade.entryPrice, 0) / (8 * 6),
      9,
    );
    const held = details.map((detail, i) => detail.result.activity.exposureTicks / grids[i < 4 ? 0 : 1]!.bid.length);
    expect(exposure).toBeCloseTo(mean(held), 12);
    expect(exposure).toBeLessThanOrEqual(1);
  });

  test('trades the same configurations on naive forecasts and on the future itself', async () => {
    const { result } = await runMarketLine({ ...study, settings: { ...settings, feeBps: 0, slippageBps: 0 } });
    expect(result.naive.map((line) => line.id)).toEqual([
      'random',
      'persistence',
      'reversal',
      'ar1',
      'crossover',
      'oracle',
    ]);
    for (const line of result.naive) expect(line.points).toHaveLength(25);
    const best = (id: string) => Math.max(...result.naive.find((line) => line.id === id)!.points.map((p) => p.meanBps));
    // The market is a random walk with a small spread: only the future pays.
    for (const id of ['random', 'persistence', 'reversal', 'ar1', 'crossover'])
      expect(best('oracle')).toBeGreaterThan(best(id));
    expect(best('oracle')).toBeGreaterThan(0);
  });

  test('fills no sooner than the forecast is there, and draws regular grids', async () => {
    const timed = { ...settings, inferenceMs: 2500, gridKind: 'regular' as const, configurations: 16 };
    const { result } = await runMarketLine({ ...study, settings: timed });
    expect(result.configurations).toHaveLength(16);
    // 2.5 s are there at the third tick of one second.
    expect(result.configurations.every((point) => point.config.latencyTicks === 3)).toBe(true);
  });

  test('comes out the same twice', async () => {
    const [first, second] = [await runMarketLine(study), await runMarketLine(study)];
    expect(second.result).toEqual(first.result);
  });

  test('counts progress over all assets, forecasts first', async () => {
    const seen: Progress[] = [];
    await runMarketLine({ ...study, onProgress: (progress) => seen.push(progress) });
    const stages = [...new Set(seen.map((progress) => progress.stage))];
    const [forecasting, backtesting] = ['Forecasting', 'Backtesting'].map((name) => [`${name} A`, `${name} B`]);
    expect(stages).toEqual([...forecasting!, ...backtesting!, 'Resampling days']);
    for (const unit of ['forward passes', 'backtests', 'replicates']) {
      const counted = seen.filter((progress) => progress.unit === unit);
      expect(counted.at(-1)!.done).toBe(counted.at(-1)!.total);
      expect(counted.every((progress, i) => i === 0 || progress.done >= counted[i - 1]!.done)).toBe(true);
    }
  });

  test('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const forecaster = leakingForecaster(5e-4);
    const cancelled = runMarketLine({
      ...study,
      forecaster,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(forecaster.calls).toEqual(['A']);
  });

  test('refuses a single day with a way on', async () => {
    const oneDay = runMarketLine({ ...study, grids: [makeGrid('A', days.slice(0, 1))] });
    await expect(oneDay).rejects.toMatchObject({
      problem: { code: 'study/one-period', hint: 'Add quotes of more hours.' },
    });
  });

  test('gives the lines without intervals where there are too few days to draw from', async () => {
    const { result } = await runMarketLine({ ...study, grids: [makeGrid('A', days.slice(0, 4))] });
    expect(result.fits.aleatory).toMatchObject({ kind: 'fitted' });
    const interval = result.intervals.aleatory.leastSquares;
    expect(interval).toMatchObject({ kind: 'none', problem: { code: 'risk/too-few-days' } });
  });

  test('says that nothing traded instead of drawing a line through the origin', async () => {
    const far = parseRunSettings({ ...settings, thresholdMinBps: 5000, thresholdMaxBps: 9000 });
    const { result } = await runMarketLine({ ...study, settings: far });
    expect(result.notTradedCount).toBe(25);
    expect(result.configurations[0]).toMatchObject({ meanBps: 0, sharpe: null, traded: false, tradesPerPeriod: 0 });
    const none = { kind: 'none', problem: { code: 'study/too-few-distinct' } };
    expect(result.fits.aleatory).toMatchObject(none);
    expect(result.intervals.aleatory.orthogonal).toMatchObject(none);
    expect(result.warnings.at(-1)).toContain('No configuration ever traded');
  });

  test('draws no line through fewer than three configurations that differ', async () => {
    const { forecasts, result } = await runMarketLine(study);
    const one = result.configurations[0]!.config;
    const same = await marketLineOf({ ...study, forecasts, configs: [one, one, one, one] });
    expect(same.fits.total).toMatchObject({
      kind: 'none',
      problem: { message: 'A line needs at least 3 configurations that behave differently, but there is 1.' },
    });
    expect(same.warnings.join()).toContain('3 configurations behave exactly like another one');
  });

  test('opens a point with the trades and the equity that made its returns', async () => {
    const { result, forecasts } = await runMarketLine(study);
    const variant = 2;
    const details = await Promise.all(
      grids.map((grid, a) => {
        const config = result.configurations[7]!.config;
        return pointDetail({ grid, forecasts: forecasts[a]!, config, variant, backtester: directBacktester });
      }),
    );
    details.forEach(({ result: detail, equity }, a) => {
      expect(detail.trades).toHaveLength(result.tradeCounts[(7 * 5 + variant) * 2 + a]!);
      expect(equity).toHaveLength(grids[a]!.bid.length);
    });
    const row = result.periodReturns.subarray((7 * 5 + variant) * 6, (7 * 5 + variant + 1) * 6);
    const earned = details.reduce((sum, { equity }) => sum + equity.at(-1)! / 2, 0);
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(earned, 12);
  });
});

describe('equalBetReturns', () => {
  test('aligns assets by day, a missing day earning nothing', () => {
    const batch = (periodReturns: number[]) => ({
      configs: 1,
      variants: 1,
      periods: periodReturns.length,
      periodReturns: Float64Array.from(periodReturns),
      tradeCounts: new Int32Array(1),
      winCounts: new Int32Array(1),
      heldTicks: new Float64Array(1),
      exposureTicks: new Float64Array(1),
      turnover: new Float64Array(1),
      gross: new Float64Array(1),
      spread: new Float64Array(1),
      slippage: new Float64Array(1),
      fees: new Float64Array(1),
    });
    const { periods: union, returns } = equalBetReturns([
      { periods: ['2024-01-02', '2024-01-04'], batch: batch([0.01, 0.02]) },
      { periods: ['2024-01-03', '2024-01-04'], batch: batch([0.03, 0.04]) },
    ]);
    expect(union).toEqual(['2024-01-02', '2024-01-03', '2024-01-04']);
    expect([...returns]).toEqual([0.005, 0.015, 0.03]);
  });
});
