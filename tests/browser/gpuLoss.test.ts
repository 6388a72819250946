/** A GPU device that is lost while a model runs: a clear sentence, and no hanging call. */

import * as ort from 'onnxruntime-web/jspi';
import { expect, it } from 'vitest';
import type { UserError } from '../../src/core/errors.ts';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import type { ForecastSettings } from '../../src/models/types.ts';
import { smallTtm } from '../support/smallTtm.ts';

const settings: ForecastSettings = {
  variants: 1,
  dropoutRate: 0.1,
  seed: 1,
  dropoutSites: 'all',
  strideTicks: 1,
  horizonTicks: null,
  inputTransform: 'normalised',
};

const bid = Float64Array.from({ length: 40 }, (_, i) => 100 + Math.sin(i));
const grid = {
  symbol: 'LOST',
  stepMs: 1000,
  timeMs: bid.map((_, i) => 1000 * i),
  bid,
  ask: bid.map((price) => price + 0.01),
  sessionStarts: Int32Array.of(0),
  sessionDays: ['2025-01-02'],
};

it('a buffer that is never mapped is given up, and with it the worker', async () => {
  const limits = { firstMs: 120_000, leastMs: 500, times: 2 };
  const runtime = { ...(await openBrowserRuntime('webgpu', true)), limits };
  const forecaster = createForecaster(await openCheckpoint(smallTtm()), runtime);
  await forecaster.measure(settings);
  const { mapAsync } = GPUBuffer.prototype;
  // Settles when the test is over: the one queue of the runtime goes on.
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  GPUBuffer.prototype.mapAsync = async function (...range) {
    await held;
    return mapAsync.apply(this, range);
  };
  const caught = await forecaster.forecast(grid, settings).catch((error: unknown) => error);
  GPUBuffer.prototype.mapAsync = mapAsync;
  letGo();
  expect((caught as UserError).problem).toMatchObject({ code: 'runtime/silent' });
});

it('a lost GPU device is a problem with a way on', async () => {
  const runtime = await openBrowserRuntime('webgpu', true);
  const forecaster = createForecaster(await openCheckpoint(smallTtm()), runtime);
  await forecaster.measure(settings);
  const device = await ort.env.webgpu.device;
  device.destroy();
  await device.lost;
  const caught = await forecaster.forecast(grid, settings).catch((error: unknown) => error);
  expect((caught as UserError).problem).toMatchObject({ code: 'runtime/lost' });
  expect((caught as UserError).problem.hint).toContain('WASM');
});
