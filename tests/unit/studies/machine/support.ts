/** A small study on the simulated market with two small models of random weights, run in node. */

import { fail } from '../../../../src/core/errors.ts';
import { type JobStore, memoryJobStore } from '../../../../src/forecasts/jobStore.ts';
import { openCheckpoint } from '../../../../src/models/checkpoint.ts';
import { createForecaster } from '../../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../../src/models/runtime/node.ts';
import type { Forecaster } from '../../../../src/models/types.ts';
import { defaultSimulatorSettings } from '../../../../src/quotes/market/simulatorSettings.ts';
import { parseRunSettings } from '../../../../src/runs/settings.ts';
import { resolveStudy, type StudyEnvironment } from '../../../../src/studies/machine/environment.ts';
import { allJobs, planJobs } from '../../../../src/studies/machine/jobPlan.ts';
import { type RunOptions, runJobs } from '../../../../src/studies/machine/runJobs.ts';
import type { StudyManifest, StudyModel } from '../../../../src/studies/machine/studyManifest.ts';
import { smallTtm } from '../../../support/smallTtm.ts';
import { tuneInNode } from '../../../support/tuneInNode.ts';

/** Eight days in two weeks of two assets, 120 ticks each. */
const market = {
  ...defaultSimulatorSettings,
  days: 8,
  stepsPerDay: 120,
  assets: defaultSimulatorSettings.assets.slice(0, 2),
};

const model = (name: string): StudyModel => ({
  name,
  source: 'embedded',
  folder: name,
  precision: 'f32',
  weightsSha256: null,
  configSha256: null,
});

export const smallManifest: StudyManifest = {
  schemaVersion: 3,
  title: 'A small study',
  appVersion: 'test',
  data: [{ id: 'market', source: { kind: 'simulator', settings: market }, grids: [] }],
  models: [model('one'), model('two')],
  settings: parseRunSettings({
    variants: 3,
    strideTicks: 4,
    configurations: 12,
    thresholdMinBps: 0.2,
    thresholdMaxBps: 3,
  }),
  figures: [
    { kind: 'market-line', data: 'market', models: ['one', 'two'] },
    {
      kind: 'lead-lag',
      models: ['one'],
      resolutions: [{ data: 'market', stepMs: 1000, strideTicks: 4 }],
      lagTicks: 3,
      fineTune: null,
    },
  ],
};

const seeds: Readonly<Record<string, number>> = { one: 1, two: 2 };

/** Opens the models by name from `seeds`; any other is missing. */
export function nodeEnvironment(store: JobStore = memoryJobStore()): StudyEnvironment {
  const runtime = openNodeRuntime();
  const opened = new Map<string, Promise<Forecaster>>();
  return {
    provider: 'wasm',
    store,
    readFiles: async (paths) => fail('study/no-file', `There is no file ${paths[0]}.`),
    open: ({ name }) => {
      const seed = seeds[name];
      if (seed === undefined) fail('study/no-model', `There is no checkpoint ${name}.`);
      const known =
        opened.get(name) ?? openCheckpoint(smallTtm({}, seed)).then((found) => createForecaster(found, runtime));
      opened.set(name, known);
      return known;
    },
    tune: tuneInNode(runtime, ({ name }) => smallTtm({}, seeds[name])),
  };
}

/** Runs one shard of a manifest into the environment's store. */
export async function runSmall(
  environment: StudyEnvironment,
  manifest: StudyManifest = smallManifest,
  shard = { index: 1, count: 1 },
  options: RunOptions = {},
) {
  const study = await resolveStudy(manifest, environment);
  const plan = await planJobs(study, environment, shard);
  await runJobs(plan, study, environment, options);
  return { study, plan, jobs: await allJobs(study, environment.provider) };
}
