/** `npm run study` without its command line: the built page does a small manifest's jobs in shards, and their tables are those of one run. */

import { expect, test } from '@playwright/test';
import { runStudy } from '../../scripts/study/run.ts';
import { UserError } from '../../src/core/errors.ts';
import { memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { defaultSimulatorSettings } from '../../src/quotes/market/simulatorSettings.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import { tablesOf } from '../../src/studies/figures/tables.ts';
import type { StudyManifest } from '../../src/studies/machine/studyManifest.ts';

const market = {
  ...defaultSimulatorSettings,
  days: 6,
  stepsPerDay: 160,
  assets: defaultSimulatorSettings.assets.slice(0, 2),
};
const manifest: StudyManifest = {
  schemaVersion: 3,
  title: 'A small study',
  appVersion: 'test',
  data: [{ id: 'market', source: { kind: 'simulator', settings: market }, grids: [] }],
  models: [
    { name: 'nano', source: 'embedded', folder: 'ttm-nano', precision: 'f32', weightsSha256: null, configSha256: null },
  ],
  settings: parseRunSettings({
    variants: 2,
    strideTicks: 8,
    configurations: 12,
    thresholdMinBps: 0.5,
    thresholdMaxBps: 4,
  }),
  figures: [
    { kind: 'market-line', data: 'market', models: ['nano'] },
    {
      kind: 'lead-lag',
      models: ['nano'],
      resolutions: [{ data: 'market', stepMs: 1000, strideTicks: 8 }],
      lagTicks: 2,
      fineTune: null,
    },
  ],
};

test('shards done one after the other give the tables of one run, and what was pinned is recognised', async ({
  browser,
  baseURL,
}) => {
  const address = baseURL ?? '';
  const run = (store: ReturnType<typeof memoryJobStore>, index: number, count: number, given = manifest) =>
    runStudy(browser, address, { manifest: given, folder: '/nowhere', store, shard: { index, count }, repair: false });
  const [apart, together] = [memoryJobStore(), memoryJobStore()];
  expect(await run(apart, 1, 2)).toBeUndefined();
  const merged = await run(apart, 2, 2);
  const whole = await run(together, 1, 1);
  if (!merged || !whole) throw new Error('not finished');
  expect(tablesOf(merged)).toEqual(tablesOf(whole));
  expect(merged.figures).toEqual(whole.figures);
  expect(whole.device?.latencyMs.nano).toBeGreaterThan(0);
  expect(tablesOf(whole).configurations?.rows).toHaveLength(12);

  // Its own manifest, with hashes, runs from what is kept; a wrong hash or a missing file is refused by name.
  expect((await run(together, 1, 1, whole.manifest))?.figures).toEqual(whole.figures);
  const wrong = {
    ...whole.manifest,
    models: whole.manifest.models.map((model) => ({ ...model, weightsSha256: '0'.repeat(64) })),
  };
  await expect(run(memoryJobStore(), 1, 1, wrong)).rejects.toThrow(/models\.nano\.weightsSha256/);
  const absent = {
    ...manifest,
    data: [{ id: 'market', source: { kind: 'files', paths: ['spy.csv'] } as const, grids: [] }],
  };
  await expect(run(memoryJobStore(), 1, 1, absent)).rejects.toThrow(UserError);
});
