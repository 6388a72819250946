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

it('a lost GPU device is a problem with a way on', async () => {
  const runtime = await openBrowserRuntime('webgpu', true);
  const forecaster = createForecaster(await openCheckpoint(smallTtm()), runtime);
  await forecaster.measure(settings);
  const device = await ort.env.webgpu.device;
  device.destroy();
  await device.lost;
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
  const caught = await forecaster.forecast(grid, settings).catch((error: unknown) => error);
  expect((caught as UserError).problem).toMatchObject({ code: 'runtime/run' });
  expect((caught as UserError).problem.hint).toContain('WASM');
});
