/** From planted alpha to the recovered line: the market simulator's own expectation trades as an oracle, blurred for the variants. */

import { expect, test } from 'vitest';
import { capitalPoint } from '../../../src/analysis/capitalLines.ts';
import { deterministicReturns } from '../../../src/analysis/honesty.ts';
import { RandomStream } from '../../../src/core/random.ts';
import type { Forecasts, Grid } from '../../../src/core/types.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { expectedReturns } from '../../../src/quotes/market/marketTruth.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../../src/quotes/market/simulator.ts';
import { marketLineOf } from '../../../src/runs/run.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';

const VARIANTS = 3;
const HORIZON = 20;
const [DAYS, STEPS] = [24, 300];

/** A market whose delayed moves are `strength` times their shocks, and the line of an oracle on it. */
async function studyOf(strength: number): Promise<{ result: MarketLineResult; oracleSharpe: number }> {
  const assets = defaultSimulatorSettings.assets.slice(0, 2).map((asset) => ({ ...asset, halfSpreadBps: 0.4 }));
  const signal = { ...defaultSimulatorSettings.signal, strengths: [strength, strength] as const };
  const market = simulateMarket({ ...defaultSimulatorSettings, days: DAYS, stepsPerDay: STEPS, signal, assets });
  const grids = market.series.map(
    ({ symbol, timeMs, bid, ask }): Grid => ({
      symbol,
      stepMs: 1000,
      timeMs,
      bid,
      ask,
      sessionStarts: Int32Array.from({ length: DAYS }, (_, d) => d * STEPS),
      sessionDays: Array.from({ length: DAYS }, (_, d) => new Date(timeMs[d * STEPS]!).toISOString().slice(0, 10)),
    }),
  );
  const forecasts = grids.map((grid, asset): Forecasts => {
    const expected = expectedReturns(market.truth, asset, HORIZON);
    const ticks = grid.bid.length;
    const predictedMid = new Float64Array((VARIANTS + 1) * ticks);
    for (let k = 0; k <= VARIANTS; k++) {
      const stream = new RandomStream(1, `test/oracle/${grid.symbol}`, k);
      for (let t = 0; t < ticks; t++) {
        const doubt = k === 0 ? 0 : 2e-5 * stream.normal();
        predictedMid[k * ticks + t] = ((grid.bid[t]! + grid.ask[t]!) / 2) * Math.exp(expected[t]! + doubt);
      }
    }
    return { symbol: grid.symbol, variants: VARIANTS, predictedMid };
  });
  const settings = parseRunSettings({
    variants: VARIANTS,
    configurations: 30,
    thresholdMinBps: 0.2,
    thresholdMaxBps: 3,
    feeBps: 0,
    slippageBps: 0,
  });
  const result = await marketLineOf({ grids, forecasts, backtester: directBacktester, settings });
  const traded = result.configurations.filter((point) => point.traded).map((point) => point.index);
  const sharpes = traded
    .map((index) => capitalPoint(deterministicReturns(result, index), result.riskFreePerPeriod).sharpe)
    .filter(Number.isFinite);
  return { result, oracleSharpe: sharpes.length === 0 ? Number.NaN : Math.max(...sharpes) };
}

test('more planted alpha gives the oracle a higher Sharpe ratio, and the line through the risk-free rate recovers most of it', async () => {
  const [weak, strong] = [await studyOf(0.5), await studyOf(3)];
  expect(strong.oracleSharpe).toBeGreaterThan(weak.oracleSharpe);
  expect(strong.oracleSharpe).toBeGreaterThan(1);
  const fit = strong.result.fits.total;
  const interval = strong.result.intervals.total.throughRiskFree;
  if (fit.kind === 'none' || interval.kind === 'none') throw new Error('no line');
  expect(interval.low).toBeGreaterThan(0);
  // The line averages over configurations of which the oracle's is the best, so it lies below, but not far.
  expect(fit.throughRiskFree.slope).toBeLessThan(1.1 * strong.oracleSharpe);
  expect(fit.throughRiskFree.slope).toBeGreaterThan(0.4 * strong.oracleSharpe);
});

test('without planted alpha the oracle never trades', async () => {
  const { result, oracleSharpe } = await studyOf(0);
  const deterministicTrades = result.configurations.filter((point) =>
    deterministicReturns(result, point.index).some((value) => value !== 0),
  );
  expect(deterministicTrades).toHaveLength(0);
  expect(oracleSharpe).toBeNaN();
});
