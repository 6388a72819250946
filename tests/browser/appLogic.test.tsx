/** The page's own small computations, without the page. */

import { describe, expect, test } from 'vitest';
import { previewOf } from '../../src/app/charts/preview.ts';
import { extent, linear, ticks } from '../../src/app/charts/scale.ts';
import {
  formatBps,
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatStep,
  formatWithError,
} from '../../src/app/format.ts';
import { sortFiles } from '../../src/app/lab/model/checkpointFiles.ts';
import { StageRate } from '../../src/app/lab/run/stageRate.ts';
import { checkForm } from '../../src/app/lab/settings/settings.ts';
import { RandomStream } from '../../src/core/random.ts';
import { toShared } from '../../src/core/sharedArray.ts';
import { defaultRunSettings, gridSettingsOf } from '../../src/runs/settings.ts';
import { runBatch } from '../../src/strategy/batch.ts';
import { drawConfigs } from '../../src/strategy/grid.ts';
import { BacktestPool } from '../../workers/backtests/client.ts';
import { joinBatches, splitEvenly } from '../../workers/backtests/shares.ts';

const defaultGrid = gridSettingsOf(defaultRunSettings);

describe('numbers for people', () => {
  test('minus signs are as wide as digits, and what is no number is a dash', () => {
    expect(formatCount(-12_345)).toBe('−12,345');
    expect(formatBps(-0.00123)).toBe('−12.3');
    expect(formatCount(Number.NaN)).toBe('–');
    expect(formatWithError(3.444, 0.587)).toBe('3.44 ± 0.59');
  });

  test('durations, steps and sizes use the unit a person would', () => {
    expect([0.04, 3.21, 45.4, 200, 3599.9, 7500].map(formatDuration)).toEqual([
      'under 0.1 s',
      '3.2 s',
      '45 s',
      '3 min 20 s',
      '1 h 0 min',
      '2 h 5 min',
    ]);
    expect([100, 1_000, 300_000, 3_600_000, 86_400_000].map(formatStep)).toEqual([
      '100 ms',
      '1 s',
      '5 min',
      '1 h',
      '1 day',
    ]);
    expect([640_000, 3_804_872].map(formatBytes)).toEqual(['640 kB', '3.8 MB']);
  });

  test('instants are read on the clock of their zone', () => {
    const summer = Date.UTC(2013, 9, 7, 13, 30);
    expect(formatInstant(summer, 'America/New_York')).toBe('2013-10-07 09:30:00');
    expect(formatInstant(summer, 'UTC')).toBe('2013-10-07 13:30:00');
  });
});

describe('axes', () => {
  test('ticks are round and lie within the extent', () => {
    expect(ticks({ min: -0.31, max: 0.52 }, 4)).toEqual([-0.2, 0, 0.2, 0.4]);
    expect(ticks({ min: 0, max: 9_200 }, 5)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  });

  test('an extent passes over what is not finite and is never empty', () => {
    expect(extent([Number.NaN, 3, 1])).toEqual({ min: 1, max: 3 });
    const { min, max } = extent([5, 5], 0.1);
    expect(min).toBeLessThan(5);
    expect(max).toBeGreaterThan(5);
    expect(linear({ min: 0, max: 10 }, 100, 0)(2.5)).toBe(75);
  });
});

test('a preview keeps the first tick of every session it shows, and no more points than asked for', () => {
  const values = Float64Array.from({ length: 1_000 }, (_, i) => 100 + i);
  const grid = {
    symbol: 'A',
    stepMs: 1_000,
    timeMs: values,
    bid: values,
    ask: values.map((value) => value + 0.1),
    sessionStarts: Int32Array.of(0, 500),
    sessionDays: ['2025-01-01', '2025-01-02'],
  };
  const preview = previewOf(grid, 100);
  expect(preview.mids).toHaveLength(100);
  expect(preview.sessionStarts).toEqual([0, 50]);
  expect(preview.medianSpreadBps).toBeCloseTo((1e4 * 0.1) / 600, 1);
});

describe('pace', () => {
  const progress = (done: number, unit = 'forward passes') => ({ stage: '', done, total: 1_000, unit });

  test('rate and time left come from the last seconds, and only when there is something to go by', () => {
    const pace = new StageRate();
    expect(pace.note(progress(0), 0)).toEqual({ perSecond: undefined, secondsLeft: undefined });
    expect(pace.note(progress(100), 1_000)).toEqual({ perSecond: 100, secondsLeft: 9 });
    expect(pace.note(progress(300), 2_000)).toEqual({ perSecond: 150, secondsLeft: 700 / 150 });
  });

  test('another unit starts anew', () => {
    const pace = new StageRate();
    pace.note(progress(0), 0);
    expect(pace.note(progress(500, 'backtests'), 2_000).perSecond).toBeUndefined();
  });
});

describe('the settings form', () => {
  test('typed numbers count, with a comma too, and an empty optional number is null', () => {
    const { settings, problems } = checkForm(
      { ...defaultRunSettings, dropoutRate: '0,25', variants: '8', horizonTicks: '' },
      defaultRunSettings,
    );
    expect(problems).toEqual({});
    expect(settings).toMatchObject({ dropoutRate: 0.25, variants: 8, horizonTicks: null });
  });

  test('every field at fault is named, and counts with its last valid value', () => {
    const before = { ...defaultRunSettings, variants: 8 };
    const form = { ...before, variants: 'many', dropoutRate: 2, strideTicks: 5, thresholdMaxBps: 0.1 };
    const { settings, problems } = checkForm(form, before);
    expect(Object.keys(problems).sort()).toEqual(['dropoutRate', 'thresholdMaxBps', 'variants']);
    expect(settings).toEqual({ ...before, strideTicks: 5 });
  });
});

const sharedOut = () => {
  const stream = new RandomStream(1, 'app test');
  const bid = Float64Array.from({ length: 400 }, () => 100 + stream.normal() / 50);
  const market = { symbol: 'X', bid, ask: bid.map((value) => value + 0.01), sessionStarts: Int32Array.of(0, 200) };
  const predictedMid = Float64Array.from({ length: 5 * 400 }, () => 100 + stream.normal() / 50);
  return { market, predictedMid, configs: drawConfigs({ ...defaultGrid, count: 10 }, 1) };
};

test('backtests split over workers and joined again are those of one worker', async () => {
  const { market, predictedMid, configs } = sharedOut();
  const shares = splitEvenly(5, 3);
  expect(shares).toEqual([
    [0, 2],
    [2, 3],
    [3, 5],
  ]);
  const batches = await Promise.all(
    shares.map(([first, end]) => runBatch(market, predictedMid.subarray(first * 400, end * 400), configs)),
  );
  expect(joinBatches(batches)).toEqual(await runBatch(market, predictedMid, configs));
});

test('workers read shared predictions in place, take copies of others, and leave the caller’s alone', async () => {
  const { market, predictedMid, configs } = sharedOut();
  const pool = new BacktestPool(2);
  const want = await runBatch(market, predictedMid, configs);
  expect(await pool.run({ market, predictedMid, configs })).toEqual(want);
  expect(predictedMid).toHaveLength(5 * 400);
  expect(crossOriginIsolated).toBe(true);
  const shared = toShared(predictedMid);
  expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(await pool.run({ market, predictedMid: shared, configs })).toEqual(want);
  const detail = await pool.detail({ market, prediction: shared.subarray(400, 800), config: configs[0]! });
  expect(detail.result.tradeCount).toBe(want.tradeCounts[1]);
});

test('a pool of workers stops when it is cancelled', async () => {
  const { market, predictedMid, configs } = sharedOut();
  const pool = new BacktestPool(2);
  await pool.run({ market, predictedMid, configs });
  const many = Array.from({ length: 200 }, () => configs).flat();
  const long = new Float64Array(200 * 400).fill(101);
  const controller = new AbortController();
  let cancelledMs = 0;
  const run = pool.run(
    { market, predictedMid: long, configs: many },
    () => {
      if (cancelledMs > 0) return;
      cancelledMs = performance.now();
      controller.abort();
    },
    controller.signal,
  );
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(cancelledMs).toBeGreaterThan(0);
});

test('dropped files are told apart: a checkpoint’s two, quotes, tensors that are not the weights, and pickles by what they begin with', async () => {
  const named = (name: string, ...parts: BlobPart[]) => ({ path: `folder/${name}`, file: new File(parts, name) });
  const files = ['config.json', 'cases.safetensors', 'model.safetensors', 'quotes.zip', 'meta.json'].map((name) =>
    named(name),
  );
  const { config, weights, quotes } = await sortFiles(files);
  expect(config?.file.name).toBe('config.json');
  expect(weights.map(({ file }) => file.name)).toEqual(['model.safetensors']);
  expect(quotes.map(({ file }) => file.name)).toEqual(['quotes.zip', 'meta.json']);

  const archive = named('trained.pkl', 'PK\u0003\u0004');
  const table = named('frame.pkl', '\u0080\u0004');
  const sorted = await sortFiles([table, archive]);
  expect(sorted.weights).toEqual([archive]);
  expect(sorted.quotes).toEqual([table]);
});
