/** What held, so that it goes on holding: a run, a study, a download and a fine-tuning that are killed at seeded points end in the same bits. */

import { afterAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { fileJobStore } from '../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { CheckpointLibrary } from '../../src/models/hub/library.ts';
import { defaultHub } from '../../src/models/hub/repository.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { runMarketLine } from '../../src/runs/run.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import { resolveStudy } from '../../src/studies/machine/environment.ts';
import { planJobs } from '../../src/studies/machine/jobPlan.ts';
import { runJobs } from '../../src/studies/machine/runJobs.ts';
import { fineTune } from '../../src/training/fineTuning/fineTune.ts';
import { FineTuningStore } from '../../src/training/fineTuning/fineTuningState.ts';
import { prepareFineTuning } from '../../src/training/fineTuning/prepare.ts';
import { tunedFiles } from '../../src/training/fineTuning/tunedFiles.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { forgiving } from '../../workers/kept/client.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import { shortSettings, smallMarket, smallModel } from '../support/fineTuning.ts';
import { type RunningHub, startHub } from '../support/hubServer.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { smallTtm } from '../support/smallTtm.ts';
import { leakingForecaster, makeGrid } from '../unit/runs/fixtures.ts';
import { nodeEnvironment, smallManifest } from '../unit/studies/machine/support.ts';
import { full, often } from './support/full.ts';

async function bytesOf(data: Blob | Uint8Array): Promise<Uint8Array> {
  return data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : data;
}

/** Every point with `--full`; otherwise as many as are asked for, drawn by a seed. */
function killPoints(changes: number, few: number): number[] {
  const all = Array.from({ length: changes }, (_, n) => n);
  if (full || changes <= few) return all;
  const stream = new RandomStream(7, 'kills');
  return Array.from({ length: few }, () => Math.floor(stream.uniform() * changes));
}

/** Does something once to count its changes, then is killed at each of some, and does it again with what was left. */
async function killed<T>(few: number, work: (files: FaultyFiles) => Promise<T>): Promise<T> {
  const counting = new FaultyFiles(new MemoryStore(), Number.POSITIVE_INFINITY, 'killed');
  const want = await work(counting);
  expect(counting.changes).toBeGreaterThan(3);
  for (const point of killPoints(counting.changes, few)) {
    const left = new MemoryStore();
    await expect(work(new FaultyFiles(left, point, 'killed')), `killed at change ${point}`).rejects.toThrow('killed');
    const again = await work(new FaultyFiles(left, Number.POSITIVE_INFINITY, 'killed'));
    expect(again, `after change ${point}`).toEqual(want);
  }
  return want;
}

describe('killed at seeded points and begun again', () => {
  test('a run ends in the same bits', async () => {
    const days = ['2025-01-02', '2025-01-03', '2025-01-06', '2025-01-07'];
    const grids = [makeGrid('ALFA', days), makeGrid('BRAVO', days.slice(1))];
    const settings = parseRunSettings({ variants: 2, configurations: 6, strideTicks: 5 });
    await killed(often(8, 1000), async (files) => {
      const forecaster = { ...leakingForecaster(1e-4), measure: async () => 100 };
      const { result } = await runMarketLine({
        ...{ grids, settings, forecaster, backtester: directBacktester, store: fileJobStore(files) },
      });
      return result;
    });
  });

  test('a run whose site data are cleared in the middle ends in the same bits, and keeps what came after', async () => {
    const grids = [makeGrid('ALFA', ['2025-01-02', '2025-01-03', '2025-01-06'])];
    const settings = parseRunSettings({ variants: 2, configurations: 6, strideTicks: 5 });
    const runOn = async (files: FaultyFiles) => {
      const forecaster = { ...leakingForecaster(1e-4), measure: async () => 100 };
      // As on the page, a day that cannot be kept is told and no more.
      const store = forgiving(fileJobStore(files), () => {});
      return runMarketLine({ ...{ grids, settings, forecaster, backtester: directBacktester, store } });
    };
    const counting = new FaultyFiles(new MemoryStore(), Number.POSITIVE_INFINITY, 'cleared');
    const want = await runOn(counting);
    for (let n = 0; n < counting.changes; n++) {
      const left = new MemoryStore();
      expect((await runOn(new FaultyFiles(left, n, 'cleared'))).result, `cleared at ${n}`).toEqual(want.result);
      const again = await runOn(new FaultyFiles(left, Number.POSITIVE_INFINITY, 'killed'));
      expect(again.result).toEqual(want.result);
    }
  });

  test('a study has the same jobs, byte by byte', async () => {
    const manifest = {
      ...smallManifest,
      models: smallManifest.models.slice(0, 1),
      figures: [{ kind: 'market-line', data: 'market', models: ['one'] }] as const,
    };
    await killed(often(2, 1000), async (files) => {
      const environment = nodeEnvironment(fileJobStore(files));
      const study = await resolveStudy(manifest, environment);
      const plan = await planJobs(study, environment);
      await runJobs(plan, study, environment);
      const { store } = environment;
      return Promise.all(plan.jobs.map(async ({ key }) => [key, await store.get(key)]));
    });
  });

  let hub: RunningHub | undefined;
  afterAll(() => hub?.close());

  test('a download is whole, and of the right hash', async () => {
    const { configJson, weights } = smallTtm();
    const repository = 'lab/small';
    hub = await startHub({
      files: { [repository]: { 'config.json': new TextEncoder().encode(configJson), 'model.safetensors': weights } },
      faults: {},
    });
    const address = hub.base;
    await killed(often(10, 1000), async (store) => {
      const library = new CheckpointLibrary({
        fetch: (url, init) => fetch(url.replace(`${defaultHub}/`, `${address}/`), init),
        ...{ store, wait: async () => {}, stallMs: 1000 },
      });
      const { signal } = new AbortController();
      const found = await library.lookUp(repository, { base: defaultHub }, signal);
      const { id } = await library.download(found, { base: defaultHub }, () => {}, signal);
      const opened = await library.open(id);
      return [opened.configJson, await Promise.all(opened.files.map(({ data }) => bytesOf(data)))];
    });
  });

  test('a fine-tuning, and the keeping of what came of it, give the same weights', async () => {
    const [runtime, model, grids] = [openNodeRuntime(), await smallModel(), smallMarket(3)];
    const prepared = await prepareFineTuning(model, grids, shortSettings());
    await killed(often(3, 1000), async (files) => {
      const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
      try {
        const tuned = await fineTune(prepared, trainer, { store: new FineTuningStore(files) });
        const library = new CheckpointLibrary({
          ...{ store: files, wait: async () => {}, stallMs: 1000, fetch: () => Promise.reject(new Error('offline')) },
        });
        const { id } = await library.keep(tunedFiles(prepared, tuned, 'WASM'));
        const [{ data } = { data: new Uint8Array() }] = (await library.open(id)).files;
        return await bytesOf(data);
      } finally {
        await trainer.release();
      }
    });
  });
});
