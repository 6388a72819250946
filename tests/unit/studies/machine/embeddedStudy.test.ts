/** The study that comes with the page against itself: one model's share is computed again. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail } from '../../../../src/core/errors.ts';
import { type JobStore, memoryJobStore } from '../../../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../../../src/marketLine/backtester.ts';
import { openCheckpoint } from '../../../../src/models/checkpoint.ts';
import { createForecaster } from '../../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../../src/models/runtime/node.ts';
import type { CheckpointFiles } from '../../../../src/models/types.ts';
import { assembleStudy } from '../../../../src/studies/figures/assemble.ts';
import { weeklyCorrelations } from '../../../../src/studies/figures/decay/weeklyCorrelations.ts';
import type { FigureSpec } from '../../../../src/studies/figures/index.ts';
import { figureOf, type StudyResults } from '../../../../src/studies/figures/results.ts';
import { resolveStudy, type StudyEnvironment } from '../../../../src/studies/machine/environment.ts';
import { gatherFrom } from '../../../../src/studies/machine/gather.ts';
import { planJobs } from '../../../../src/studies/machine/jobPlan.ts';
import { runJobs } from '../../../../src/studies/machine/runJobs.ts';
import {
  checkStudyManifest,
  type StudyManifest,
  type StudyModel,
} from '../../../../src/studies/machine/studyManifest.ts';
import { tuneInNode } from '../../../support/tuneInNode.ts';

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

const runtime = openNodeRuntime();

function filesOf({ folder }: StudyModel): CheckpointFiles {
  const at = join(root, 'public/checkpoints', folder);
  if (!existsSync(at)) fail('study/no-model', `There is no checkpoint ${folder}.`);
  const weights = new Uint8Array(readFileSync(join(at, 'model.safetensors')));
  return { name: folder, configJson: readFileSync(join(at, 'config.json'), 'utf8'), weights };
}

function environmentIn(store: JobStore): StudyEnvironment {
  return {
    provider: 'wasm',
    store,
    readFiles: async () => fail('test', 'the embedded study is simulated'),
    open: async (model) => createForecaster(await openCheckpoint(filesOf(model)), runtime),
    tune: tuneInNode(runtime, filesOf),
  };
}

/** The published manifest with one of its studies alone, on its own data and model. */
function sliceOf(study: FigureSpec, data: string, model: string): StudyManifest {
  const { manifest } = published;
  return {
    ...manifest,
    models: manifest.models.filter(({ name }) => name === model),
    data: manifest.data.flatMap((set) =>
      set.id === data ? [{ ...set, grids: set.grids.filter(({ stepMs }) => stepMs === manifest.settings.stepMs) }] : [],
    ),
    figures: [study],
  };
}

const line = figureOf(published, 'market-line')!;

/** The smallest foundation model and the smallest baseline. */
const cheapest = (['foundation', 'baseline'] as const).map(
  (kind) =>
    published.models
      .filter((model) => model.kind === kind && line.clouds.some((cloud) => cloud.model === model.name))
      .sort((a, b) => a.parameters - b.parameters)[0]!.name,
);

test.for(cheapest)(
  'the market line of %s comes out as published, from checkpoints and quotes of the published hashes',
  {
    timeout: 240_000,
  },
  async (name) => {
    const slice = sliceOf({ kind: 'market-line', data: 'market', models: [name] }, 'market', name);
    const environment = environmentIn(memoryJobStore());
    const study = await resolveStudy(slice, environment);
    const forecaster = await environment.open(slice.models[0]!);
    await runJobs(await planJobs(study, environment), study, { ...environment, open: async () => forecaster });
    const again = await assembleStudy(study, { ...environment, backtester: directBacktester });
    const [got, want] = [figureOf(again, 'market-line')!.clouds[0]!, line.clouds.find(({ model }) => model === name)!];
    const cells = want.points.flatMap(({ returnsBps }, c) =>
      returnsBps.map((value, p) => Math.abs(value - got.points[c]!.returnsBps[p]!)),
    );
    expect(cells.length).toBeGreaterThan(100);
    expect(cells.filter((difference) => !(difference <= 0.002)).length / cells.length).toBeLessThan(MOST_DIFFERING);
    const [slope, wanted] = [got.fits.aleatory, want.fits.aleatory];
    if (slope.kind === 'none' || wanted.kind === 'none') throw new Error('no line');
    expect(slope.annualisedSlope / wanted.annualisedSlope).toBeCloseTo(1, 2);
  },
);

test('a week of the fine-tuned model comes out as published: the training, the forecasts, and what came of them', async () => {
  const spec = published.manifest.figures.find((study) => study.kind === 'decay')!;
  const slice = sliceOf(spec, spec.data, spec.model);
  const environment = environmentIn(memoryJobStore());
  const study = await resolveStudy(slice, environment);
  const figure = figureOf(published, 'decay')!;
  // Early enough for a short training, and one in which the published correlations differ.
  const [asItIs, tuned] = figure.courses;
  const at = tuned!.weekly.findIndex(({ correlation }, w) => correlation !== asItIs!.weekly[w]!.correlation);
  const { week, correlation } = tuned!.weekly[at]!;
  const plan = await planJobs(study, environment);
  const own = plan.jobs.filter((job) => job.fineTune && job.week === week);
  expect(own).toHaveLength(1);
  await runJobs({ ...plan, jobs: own }, study, environment);
  const gather = gatherFrom(study, own, environment.store);
  const { forecasts } = await gather({
    ...{ data: spec.data, model: spec.model, fineTune: spec.fineTune },
    stepMs: published.manifest.settings.stepMs,
  });
  const [found] = weeklyCorrelations({ study }, spec, forecasts, [{ monday: week }]);
  expect(found!.correlation!).toBeCloseTo(correlation!, 3);
}, 120_000);
