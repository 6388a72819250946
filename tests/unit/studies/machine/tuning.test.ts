/** A model that is renewed every week: what it is trained on, and its jobs. */

import { describe, expect, test } from 'vitest';
import type { Grid } from '../../../../src/core/types.ts';
import { memoryJobStore } from '../../../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../../../src/marketLine/backtester.ts';
import { openCheckpoint } from '../../../../src/models/checkpoint.ts';
import { simulateMarket } from '../../../../src/quotes/market/simulator.ts';
import { defaultSimulatorSettings } from '../../../../src/quotes/market/simulatorSettings.ts';
import { resample } from '../../../../src/quotes/resample.ts';
import { assembleStudy } from '../../../../src/studies/figures/assemble.ts';
import type { FigureSpec } from '../../../../src/studies/figures/index.ts';
import { figureOf } from '../../../../src/studies/figures/results.ts';
import { resolveStudy } from '../../../../src/studies/machine/environment.ts';
import { gatherFrom } from '../../../../src/studies/machine/gather.ts';
import { planJobs } from '../../../../src/studies/machine/jobPlan.ts';
import { jobsOf } from '../../../../src/studies/machine/jobs.ts';
import { dropDamaged, runJobs } from '../../../../src/studies/machine/runJobs.ts';
import type { StudyManifest } from '../../../../src/studies/machine/studyManifest.ts';
import { weeklyTuning } from '../../../../src/studies/machine/weeklyTuning.ts';
import { prepareFineTuning } from '../../../../src/training/fineTuning/prepare.ts';
import { parseFineTuneSettings } from '../../../../src/training/fineTuning/settings.ts';
import { smallTtm } from '../../../support/smallTtm.ts';
import { nodeEnvironment, runSmall, smallManifest } from './support.ts';

const tuning = {
  trailingMonths: 1,
  settings: parseFineTuneSettings({
    ...{ steps: 4, batchSize: 8, warmUpSteps: 1, validateEvery: 2, strideTicks: 2, embargoTicks: 10 },
    learningRate: 0.01,
  }),
};
/** Eleven weeks of two assets. */
const market = {
  ...defaultSimulatorSettings,
  ...{ days: 55, stepsPerDay: 120, startDay: '2024-01-29' },
  assets: defaultSimulatorSettings.assets.slice(0, 2),
};
const grids = simulateMarket(market).series.map((one) =>
  resample(one, { stepMs: 1000, window: null, staleAfterMs: null }),
);
const week = '2024-03-18';
const decay: FigureSpec = {
  ...{ kind: 'decay', data: 'market', model: 'one', windowWeeks: 2 },
  ...{ releases: [], pretrainedUntil: null, fineTune: tuning },
};
const study: StudyManifest = {
  ...smallManifest,
  data: [{ id: 'market', source: { kind: 'simulator', settings: { ...market, days: 20 } }, grids: [] }],
  figures: [decay],
};

describe('the quotes that a week’s model is trained on', () => {
  test('are those of the months before, up to the week and not beyond', async () => {
    const training = weeklyTuning(grids, week, tuning)!;
    const { sessionDays } = training.grids[0]!;
    expect(sessionDays[0]).toBe('2024-02-19');
    expect(sessionDays.at(-1)).toBe('2024-03-22');
    const model = await openCheckpoint(smallTtm());
    const { plan } = await prepareFineTuning(model, training.grids, training.settings);
    const monday = training.grids[0]!.timeMs[training.grids[0]!.sessionStarts[sessionDays.indexOf(week)]!]!;
    expect(plan.backtestStartMs).toBe(monday);
    expect(plan.validationEndMs).toBeLessThanOrEqual(monday - 10 * 1000);
    expect(plan.trainingStartMs).toBe(training.grids[0]!.timeMs[0]);
    // Three of the twenty days before are for validation.
    expect(new Date(plan.validationStartMs).toISOString().slice(0, 10)).toBe('2024-03-13');
  });

  test('are all there are where quotes begin later, and too few for the first week', () => {
    expect(weeklyTuning(grids, week, { ...tuning, trailingMonths: 12 })!.grids[0]!.sessionDays[0]).toBe('2024-01-29');
    expect(weeklyTuning(grids, '2024-01-29', tuning)).toBeUndefined();
    // A month that is shorter than the day asked for.
    expect(weeklyTuning(grids, '2024-04-01', tuning)!.grids[0]!.sessionDays[0]).toBe('2024-03-01');
  });

  test('decide the key of its job, and later quotes do not', async () => {
    const card = (await openCheckpoint(smallTtm())).card;
    const wanted = { data: 'market', stepMs: 1000, strideTicks: 4, model: 'one', variants: 1, fineTune: tuning };
    const keysOf = async (given: readonly Grid[]) => {
      const jobs = await jobsOf(study, wanted, card, given, 'wasm');
      return new Map(jobs.map((job) => [job.week, job.key]));
    };
    const changedOn = (day: string): Grid[] =>
      grids.map((grid) => {
        const bid = grid.bid.slice();
        const at = grid.sessionStarts[grid.sessionDays.indexOf(day)]! + 50;
        bid[at] = bid[at]! * 0.999;
        return { ...grid, bid };
      });
    const usual = await keysOf(grids);
    expect(usual.size).toBe(11);
    const other = await keysOf(changedOn('2024-03-06'));
    const differing = [...usual.keys()].filter((each) => usual.get(each) !== other.get(each));
    // Its own week, and those whose month before holds the day.
    expect(differing).toEqual(['2024-03-04', '2024-03-11', '2024-03-18', '2024-03-25', '2024-04-01']);
  });
});

describe('a study of a model that is renewed weekly', () => {
  test('has a job a week beside those of the checkpoint as it is, and comes out the same from shards', async () => {
    const assemble = async (shards: number) => {
      const store = memoryJobStore();
      const environment = nodeEnvironment(store);
      for (let i = 1; i <= shards; i++) await runSmall(environment, study, { index: i, count: shards });
      const resolved = await resolveStudy(study, environment);
      const jobs = (await planJobs(resolved, environment)).jobs;
      const [asItIs, tuned] = await Promise.all(
        [null, tuning].map((fineTune) =>
          gatherFrom(resolved, jobs, store)({ data: 'market', stepMs: 1000, model: 'one', fineTune }),
        ),
      );
      const results = await assembleStudy(resolved, { provider: 'wasm', store, backtester: directBacktester });
      return { jobs, asItIs: asItIs!, tuned: tuned!, figure: figureOf(results, 'decay')! };
    };
    const [one, three] = [await assemble(1), await assemble(3)];
    expect(three.figure).toEqual(one.figure);
    expect(one.jobs.filter(({ fineTune }) => fineTune).map(({ parts }) => parts.length)).toEqual([2, 2, 2, 2]);
    // The first week has nothing before it; the others forecast otherwise than the checkpoint.
    expect(one.tuned.untunedWeeks).toEqual(['2024-01-29']);
    const ticks = 5 * 120;
    const [before, after] = [one.asItIs, one.tuned].map(({ forecasts }) => forecasts[1]!.predictedMid);
    expect(after!.subarray(0, ticks)).toEqual(before!.subarray(0, ticks));
    const changed = [...after!.subarray(ticks, 20 * 120)].filter(
      (value, t) => Number.isFinite(value) && value !== before![ticks + t],
    );
    expect(changed.length).toBeGreaterThan(1000);
    expect(one.figure.courses.map(({ renewal }) => renewal)).toEqual(['zero-shot', 'fine-tuned weekly']);
    expect(one.figure.skipped).toEqual([expect.stringMatching(/^Week of 2024-01-29: not fine-tuned/)]);
  }, 60_000);

  test('goes on where it was stopped, and does a damaged week again', async () => {
    const environment = nodeEnvironment();
    const stopping = new AbortController();
    const options = {
      signal: stopping.signal,
      onProgress: ({ done }: { done: number }) => done === 42 && stopping.abort(),
    };
    await expect(runSmall(environment, study, { index: 1, count: 1 }, options)).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    const resolved = await resolveStudy(study, environment);
    const plan = await planJobs(resolved, environment);
    // Two assets on twenty days as they are, and four weeks renewed.
    expect([plan.kept.size, plan.jobs.length]).toEqual([42, 44]);
    await runJobs(plan, resolved, environment);
    const last = plan.jobs.findLast(({ fineTune }) => fineTune)!;
    const bytes = (await environment.store.get(last.key))!;
    for (const at of [1, 6, 100, bytes.length - 3]) {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ 4;
      await environment.store.put(last.key, damaged);
      expect((await dropDamaged(await planJobs(resolved, environment), resolved, environment)).size).toBe(1);
    }
    await runJobs(await planJobs(resolved, environment), resolved, environment);
    expect(await environment.store.get(last.key)).toEqual(bytes);
  }, 60_000);
});
