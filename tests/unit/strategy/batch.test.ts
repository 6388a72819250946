import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/core/types.ts';
import { defaultRunSettings, gridSettingsOf } from '../../../src/runs/settings.ts';
import { backtest } from '../../../src/strategy/backtest.ts';
import { runBatch } from '../../../src/strategy/batch.ts';
import { drawConfigs } from '../../../src/strategy/grid.ts';
import { configs, furtherConfigs, scenarios } from './arbitraries.ts';

const defaultGrid = gridSettingsOf(defaultRunSettings);

describe('runBatch', () => {
  test('is every configuration on every variant, one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarios,
        fc.array(fc.oneof(configs, furtherConfigs), { minLength: 1, maxLength: 4 }),
        async ({ market, prediction }, drawn) => {
          const T = prediction.length;
          const rows = [prediction, prediction.map((value) => value * 1.0004), prediction.map(() => Number.NaN)];
          const predictions = new Float64Array(rows.length * T);
          rows.forEach((row, v) => {
            predictions.set(row, v * T);
          });
          const batch = await runBatch(market, predictions, drawn);
          drawn.forEach((config, c) => {
            rows.forEach((row, v) => {
              const single = backtest(market, row, config);
              const cell = c * rows.length + v;
              const from = cell * batch.periods;
              expect(batch.periodReturns.slice(from, from + batch.periods)).toEqual(single.periodReturns);
              expect({
                tradeCount: batch.tradeCounts[cell],
                winCount: batch.winCounts[cell],
                heldTicks: batch.heldTicks[cell],
                exposureTicks: batch.exposureTicks[cell],
                turnover: batch.turnover[cell],
              }).toEqual(single.activity);
              for (const part of ['gross', 'spread', 'slippage', 'fees'] as const) {
                const total = single.costs[part].reduce((sum, value) => sum + value, 0);
                expect(batch[part][cell]).toBeCloseTo(total, 13);
              }
              const net = batch.gross[cell]! - batch.spread[cell]! - batch.slippage[cell]! - batch.fees[cell]!;
              expect(net).toBeCloseTo(
                single.periodReturns.reduce((total, value) => total + value, 0),
                13,
              );
            });
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('reports progress up to its total and stops within a slice of an abort', async () => {
    const market = {
      bid: new Float64Array(2000).fill(1),
      ask: new Float64Array(2000).fill(1),
      sessionStarts: Int32Array.of(0),
    };
    const grid = drawConfigs({ ...defaultGrid, count: 20 }, 1);
    const seen: Progress[] = [];
    await runBatch(market, new Float64Array(4000).fill(1), grid, { sliceMs: 0, onProgress: (p) => seen.push(p) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ stage: 'Backtesting', done: 40, total: 40, unit: 'backtests' });

    const controller = new AbortController();
    const cancelled = runBatch(market, new Float64Array(4000).fill(1), grid, {
      sliceMs: 0,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 3) controller.abort();
        expect(done).toBeLessThanOrEqual(3);
      },
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  });
});
