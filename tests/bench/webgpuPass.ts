/** Runs inside a browser's page for the model benchmarks: passes of a benchmark model on WebGPU, and the adapter's name. */

import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { benchModels, openBenchModel } from './benchModels.ts';
import { contextWalks } from './walks.ts';

export interface WebgpuPass {
  readonly adapter: string;
  /** Of one pass over all contexts, the best of three. */
  readonly seconds: number;
  /** [rows, H] in the contexts' units. */
  readonly forecasts: readonly number[];
}

export async function webgpuPass(name: string, rows: number): Promise<WebgpuPass> {
  const { model } = await openBenchModel(benchModels.find((each) => each.name === name)!);
  const runtime = await openBrowserRuntime('webgpu');
  const length = model.card.contextLength;
  const values = Float64Array.from(contextWalks(rows, length));
  const session = await model.compile(runtime, { variants: 1, contexts: rows });
  const masks: Record<string, Float32Array> = {};
  for (const site of model.card.sites) masks[`mask.${site.name}`] = new Float32Array(site.size).fill(1);
  let seconds = Number.POSITIVE_INFINITY;
  let forecasts: Float64Array = new Float64Array();
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    const { feeds, scaling } = model.architecture.prepare({
      values,
      contexts: rows,
      length,
      channels: 1,
      stepMs: 1000,
    });
    const { forecast } = await session.run({ ...feeds, ...masks });
    forecasts = model.architecture.finish(forecast!, scaling);
    if (i > 0) seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  await session.release();
  return { adapter: runtime.backend.adapter ?? 'unknown adapter', seconds, forecasts: [...forecasts] };
}
