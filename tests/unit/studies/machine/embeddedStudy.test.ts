/** The study that comes with the page against itself: one model's share is computed again. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail } from '../../../../src/core/errors.ts';
import { openCheckpoint } from '../../../../src/models/checkpoint.ts';
import { createForecaster } from '../../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../../src/models/runtime/node.ts';
import { directBacktester } from '../../../../src/studies/backtester.ts';
import { assembleStudy } from '../../../../src/studies/figures/assemble.ts';
import { figureOf, type StudyResults } from '../../../../src/studies/figures/results.ts';
import { resolveStudy, type StudyEnvironment } from '../../../../src/studies/machine/environment.ts';
import { memoryJobStore } from '../../../../src/studies/machine/jobStore.ts';
import { checkStudyManifest, type StudyManifest2 } from '../../../../src/studies/machine/manifest.ts';
import { planJobs } from '../../../../src/studies/machine/plan.ts';
import { runJobs } from '../../../../src/studies/machine/runJobs.ts';

const root = join(import.meta.dirname, '../../../..');
const published = JSON.parse(readFileSync(join(root, 'public/studies/embedded.json'), 'utf8')) as StudyResults;

/** Back ends agree to rounding, and a trade whose signal lies that close to its threshold can differ. */
const MOST_DIFFERING = 0.01;

test('the manifest beside the results is theirs, complete and pinned, and the whole is small enough to open at once', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'public/studies/embedded.manifest.json'), 'utf8'));
  expect(checkStudyManifest(manifest)).toEqual({ kind: 'usable', manifest, differences: [] });
  expect(published.manifest).toEqual(manifest);
  expect(published.manifest.models.every(({ weightsSha256 }) => weightsSha256 !== null)).toBe(true);
  expect(statSync(join(root, 'public/studies/embedded.json')).size).toBeLessThan(3e6);
  expect(published.figures.map(({ kind }) => kind)).toEqual(['market-line', 'lead-lag', 'scaling', 'decay', 'beyond']);
});

test('one model’s market line comes out as published, from checkpoints and quotes of the published hashes', async () => {
  const { manifest } = published;
  const line = figureOf(published, 'market-line')!;
  const cheapest = [...published.models]
    .filter(({ name, precision }) => precision === 'f32' && line.clouds.some(({ model }) => model === name))
    .sort((a, b) => a.parameters - b.parameters)[0]!;
  const slice: StudyManifest2 = {
    ...manifest,
    models: manifest.models.filter(({ name }) => name === cheapest.name),
    data: manifest.data.flatMap((set) =>
      set.id === 'market'
        ? [{ ...set, grids: set.grids.filter(({ stepMs }) => stepMs === manifest.settings.stepMs) }]
        : [],
    ),
    studies: [{ kind: 'market-line', data: 'market', models: [cheapest.name] }],
  };
  const environment: StudyEnvironment = {
    provider: 'wasm',
    store: memoryJobStore(),
    readFiles: async () => fail('test', 'the embedded study is simulated'),
    open: async ({ folder }) => {
      const at = join(root, 'public/checkpoints', folder);
      if (!existsSync(at)) fail('study/no-model', `There is no checkpoint ${folder}.`);
      const weights = new Uint8Array(readFileSync(join(at, 'model.safetensors')));
      const configJson = readFileSync(join(at, 'config.json'), 'utf8');
      return createForecaster(await openCheckpoint({ name: folder, configJson, weights }), openNodeRuntime());
    },
  };
  const study = await resolveStudy(slice, environment);
  const forecaster = await environment.open(slice.models[0]!);
  await runJobs(await planJobs(study, environment), study, { ...environment, open: async () => forecaster });
  const again = await assembleStudy(study, { ...environment, backtester: directBacktester });
  const [got, want] = [
    figureOf(again, 'market-line')!.clouds[0]!,
    line.clouds.find(({ model }) => model === cheapest.name)!,
  ];
  const cells = want.points.flatMap(({ returnsBps }, c) =>
    returnsBps.map((value, p) => Math.abs(value - got.points[c]!.returnsBps[p]!)),
  );
  expect(cells.length).toBeGreaterThan(100);
  expect(cells.filter((difference) => !(difference <= 0.002)).length / cells.length).toBeLessThan(MOST_DIFFERING);
  const [slope, wanted] = [got.fits.aleatory, want.fits.aleatory];
  if (slope.kind === 'none' || wanted.kind === 'none') throw new Error('no line');
  expect(slope.annualisedSlope / wanted.annualisedSlope).toBeCloseTo(1, 2);
}, 240_000);
