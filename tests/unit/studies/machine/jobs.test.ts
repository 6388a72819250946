import { describe, expect, test } from 'vitest';
import { forecastKey } from '../../../../src/forecasts/forecastKey.ts';
import { takeRows } from '../../../../src/forecasts/forecastRows.ts';
import { fileJobStore, memoryJobStore } from '../../../../src/forecasts/jobStore.ts';
import { packForecasts, unpackForecasts } from '../../../../src/forecasts/packedForecasts.ts';
import { mondayOf, sliceSessions, tickRange, weeksOf } from '../../../../src/forecasts/sessionParts.ts';
import { directBacktester } from '../../../../src/marketLine/backtester.ts';
import type { Forecaster } from '../../../../src/models/types.ts';
import { marketLineOf, runMarketLine } from '../../../../src/runs/run.ts';
import { resolveStudy, type StudyEnvironment } from '../../../../src/studies/machine/environment.ts';
import { gatherFrom } from '../../../../src/studies/machine/gather.ts';
import { measurePlan, planJobs } from '../../../../src/studies/machine/jobPlan.ts';
import { forecastSettingsFor } from '../../../../src/studies/machine/jobs.ts';
import { dropDamaged, runJobs } from '../../../../src/studies/machine/runJobs.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';
import { leakingForecaster, makeGrid } from '../../runs/fixtures.ts';
import { nodeEnvironment, runSmall, smallManifest } from './support.ts';

const base = { data: 'market', stepMs: 1000 };

describe('a study as jobs', () => {
  test('gives the numbers of a single run, to the bit', async () => {
    const environment = nodeEnvironment();
    const { study, jobs } = await runSmall(environment);
    const grids = study.gridsOf('market', 1000);
    const { forecasts } = await gatherFrom(study, jobs, environment.store)({ ...base, model: 'two' });
    const settings = study.manifest.settings;
    const forecaster = await environment.open(study.manifest.models[1]!);
    const whole = await runMarketLine({ grids, forecaster, backtester: directBacktester, settings });
    expect(forecasts.map((each) => each.predictedMid)).toEqual(whole.forecasts.map((each) => each.predictedMid));
    const result = await marketLineOf({
      grids,
      forecasts,
      backtester: directBacktester,
      settings,
      horizonTicks: forecaster.card.horizon,
      warnings: whole.result.warnings.slice(0, 1),
    });
    expect(result.periodReturns).toEqual(whole.result.periodReturns);
    expect(result.fits).toEqual(whole.result.fits);
    expect(result.intervals).toEqual(whole.result.intervals);
  });

  test('plans each model on each asset on each day once, and lead and lag on the same forecasts', async () => {
    const environment = nodeEnvironment();
    const study = await resolveStudy(smallManifest, environment);
    const plan = await planJobs(study, environment);
    expect(plan.jobs).toHaveLength(2 * 2 * 8);
    expect(new Set(plan.jobs.map(({ key }) => key)).size).toBe(32);
    expect(new Set(plan.jobs.map(({ week }) => week))).toEqual(new Set(['2025-09-08', '2025-09-15']));
    // 120 ticks, context 32: a forecast at every 4th tick from the 32nd on, by four models.
    expect(plan.forwardPasses).toBe(2 * 2 * 8 * 23 * 4);
    expect((await measurePlan(plan, study, environment)).estimatedSeconds).toBeGreaterThan(0);
  });

  test('gives the same keys and bytes again, and others for other quotes, weights or settings', async () => {
    const [first, second] = await Promise.all([runSmall(nodeEnvironment()), runSmall(nodeEnvironment())]);
    expect(first.plan.jobs.map(({ key }) => key)).toEqual(second.plan.jobs.map(({ key }) => key));
    const { settings } = smallManifest;
    for (const changed of [{ seed: 2 }, { dropoutRate: 0.2 }, { inputTransform: 'raw' as const }]) {
      const environment = nodeEnvironment();
      const study = await resolveStudy({ ...smallManifest, settings: { ...settings, ...changed } }, environment);
      const { jobs } = await planJobs(study, environment);
      const known = new Set(first.plan.jobs.map(({ key }) => key));
      expect(jobs.filter(({ key }) => known.has(key))).toEqual([]);
    }
    // What only concerns trading leaves the forecasts as they are.
    const environment = nodeEnvironment();
    const study = await resolveStudy({ ...smallManifest, settings: { ...settings, feeBps: 1 } }, environment);
    const { jobs } = await planJobs(study, environment);
    expect(jobs.map(({ key }) => key)).toEqual(first.plan.jobs.map(({ key }) => key));
  });

  test('shards computed apart give the results of one run', async () => {
    const together = nodeEnvironment();
    const { study, jobs } = await runSmall(together);
    const shards = [nodeEnvironment(), nodeEnvironment(), nodeEnvironment()];
    for (const [i, environment] of shards.entries()) {
      await runSmall(environment, smallManifest, { index: i + 1, count: 3 });
    }
    const merged = memoryJobStore();
    const counts: number[] = [];
    for (const { store } of shards) {
      const keys = await store.keys();
      counts.push(keys.length);
      for (const key of keys) await merged.put(key, (await store.get(key))!);
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(jobs.length);
    for (const model of ['one', 'two']) {
      const [apart, whole] = await Promise.all(
        [merged, together.store].map((store) => gatherFrom(study, jobs, store)({ ...base, model })),
      );
      expect(apart).toEqual(whole);
    }
  });

  test('goes on where it was stopped, and what was finished is not done again', async () => {
    const files = new MemoryStore();
    const first = nodeEnvironment(fileJobStore(files));
    const stopping = new AbortController();
    const run = runSmall(
      first,
      smallManifest,
      { index: 1, count: 1 },
      {
        signal: stopping.signal,
        onProgress: ({ done }) => done === 3 && stopping.abort(),
      },
    );
    await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await fileJobStore(files).keys()).toHaveLength(3);

    const again = nodeEnvironment(fileJobStore(files));
    const done: number[] = [];
    const { study, jobs } = await runSmall(
      again,
      smallManifest,
      { index: 1, count: 1 },
      { onProgress: (at) => done.push(at.done) },
    );
    expect(done[0]).toBe(3);
    expect(done.at(-1)).toBe(32);
    const whole = nodeEnvironment();
    await runSmall(whole);
    const wanted = { ...base, model: 'one' };
    expect(await gatherFrom(study, jobs, again.store)(wanted)).toEqual(
      await gatherFrom(study, jobs, whole.store)(wanted),
    );
  });

  test('results that are missing or damaged are named, dropped and done again', async () => {
    const environment = nodeEnvironment();
    const { study, jobs } = await runSmall(environment);
    const [first] = jobs;
    const bytes = (await environment.store.get(first!.key))!.slice();
    bytes[40] = bytes[40]! ^ 1;
    await environment.store.put(first!.key, bytes);
    await expect(gatherFrom(study, jobs, environment.store)({ ...base, model: 'one' })).rejects.toThrow(
      /, 2025-09-08, are not there/,
    );
    const plan = await planJobs(study, environment);
    expect((await dropDamaged(plan, study, environment)).size).toBe(1);
    await runJobs(await planJobs(study, environment), study, environment);
    const { forecasts } = await gatherFrom(study, jobs, environment.store)({ ...base, model: 'one' });
    expect(forecasts).toHaveLength(2);
  });

  test('after a tenth of the work the estimate holds within 1.5, however wrong the measurement was', async () => {
    const environment = nodeEnvironment();
    const study = await resolveStudy(smallManifest, environment);
    const plan = {
      ...(await planJobs(study, environment)),
      secondsPerForwardPass: new Map([
        ['one 3', 1],
        ['two 3', 1],
      ]),
      estimatedSeconds: 1472 * 2,
    };
    // A clock by which every job takes 7 seconds in place of the planned.
    let clock = 0;
    const left: (readonly [number, number])[] = [];
    const clockAt = new Map<number, number>();
    const ticking = {
      ...environment,
      open: async (...args: Parameters<typeof environment.open>) => {
        clock += 7;
        return environment.open(...args);
      },
    };
    await runJobs(plan, study, ticking, {
      now: () => clock,
      onProgress: ({ secondsLeft, done }) => {
        left.push([done, secondsLeft]);
        clockAt.set(done, clockAt.get(done) ?? clock);
      },
    });
    for (const [done, seconds] of left.filter(([count]) => count >= 3 && count < 32)) {
      // Days of one asset are done in common requests, so that what is left is told by the jobs, not by the requests.
      const truth = clock - clockAt.get(done)!;
      expect(seconds / truth).toBeGreaterThan(1 / 1.5);
      expect(seconds / truth).toBeLessThan(1.5);
    }
  });
});

describe('forecasts that are kept', () => {
  /** A study of the first model alone, and a run of it on the same quotes. */
  async function studyAndRun(environment: StudyEnvironment) {
    const marketLine = { kind: 'market-line', data: 'market', models: ['one'] } as const;
    const study = await resolveStudy(
      { ...smallManifest, models: smallManifest.models.slice(0, 1), figures: [marketLine] },
      environment,
    );
    const forecaster = await environment.open(study.manifest.models[0]!);
    let passes = 0;
    const counting: Forecaster = {
      ...{ card: forecaster.card, backend: forecaster.backend },
      measure: (settings) => forecaster.measure(settings),
      release: () => forecaster.release(),
      forecast: async (grid, settings, onProgress, signal) => {
        passes += grid.timeMs.length;
        return forecaster.forecast(grid, settings, onProgress, signal);
      },
    };
    const run = () =>
      runMarketLine({
        ...{ grids: study.gridsOf('market', 1000), forecaster: counting, backtester: directBacktester },
        ...{ settings: study.manifest.settings, store: environment.store },
      });
    const counted: StudyEnvironment = { ...environment, open: async () => counting };
    return { study, run, counted, ticks: () => passes };
  }

  test('by a run are those of a study on the same quotes: it forecasts nothing anew', async () => {
    const { study, run, counted, ticks } = await studyAndRun(nodeEnvironment());
    const { forecasts } = await run();
    expect(ticks()).toBeGreaterThan(0);
    const before = ticks();
    const plan = await planJobs(study, counted);
    expect(plan.kept.size).toBe(plan.jobs.length);
    await runJobs(plan, study, counted);
    expect(ticks()).toBe(before);
    const gathered = await gatherFrom(study, plan.jobs, counted.store)({ ...base, model: 'one' });
    expect(gathered.forecasts.map((each) => each.predictedMid)).toEqual(forecasts.map((each) => each.predictedMid));
  });

  test('by a study are those of a run on the same quotes', async () => {
    const { study, run, counted, ticks } = await studyAndRun(nodeEnvironment());
    await runJobs(await planJobs(study, counted), study, counted);
    const before = ticks();
    expect(before).toBeGreaterThan(0);
    const { kept } = await run();
    expect(ticks()).toBe(before);
    expect(kept.keptPasses).toBe(kept.forwardPasses);
  });

  test('by the week, as an earlier version did, become days and are not made again', async () => {
    const { study, run, counted, ticks } = await studyAndRun(nodeEnvironment());
    const { forecasts } = await run();
    const { store } = counted;
    for (const key of await store.keys()) await store.remove(key);
    const settings = forecastSettingsFor(study.manifest, study.wanted[0]!);
    for (const [a, grid] of study.gridsOf('market', 1000).entries()) {
      for (const { firstSession, endSessionExclusive } of weeksOf(grid)) {
        const week = sliceSessions(grid, firstSession, endSessionExclusive);
        const [start, end] = tickRange(grid, firstSession, endSessionExclusive);
        const key = await forecastKey(week, study.cardOf('one'), settings, counted.provider);
        await store.put(key, await packForecasts(takeRows(forecasts[a]!, start, end), week));
      }
    }
    expect(await store.keys()).toHaveLength(4);
    const before = ticks();
    const plan = await planJobs(study, counted);
    expect(plan.kept.size).toBe(16);
    expect(await store.keys()).toHaveLength(16);
    await runJobs(plan, study, counted);
    expect(ticks()).toBe(before);
    const gathered = await gatherFrom(study, plan.jobs, store)({ ...base, model: 'one' });
    expect(gathered.forecasts.map((each) => each.predictedMid)).toEqual(forecasts.map((each) => each.predictedMid));
  });
});

describe('packed forecasts', () => {
  test('come back as they were', async () => {
    const grid = makeGrid('A', ['2024-01-02', '2024-01-03']);
    const forecasts = await leakingForecaster(1e-3).forecast(grid, {
      variants: 2,
      dropoutRate: 0.1,
      seed: 1,
      dropoutSites: 'all',
      strideTicks: 7,
      horizonTicks: null,
      inputTransform: 'normalised',
    });
    const bytes = await packForecasts(forecasts, grid);
    expect(await unpackForecasts(bytes, grid)).toEqual({ forecasts, checked: true });
    expect(bytes.length).toBeLessThan(forecasts.predictedMid.byteLength / 5);
    for (const at of [0, 20, 100, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ 4;
      expect(await unpackForecasts(damaged, grid)).toBeUndefined();
    }
    expect(await unpackForecasts(bytes.slice(0, 30), grid)).toBeUndefined();
  });
});

test('weeks begin on Monday, and a grid’s weeks leave no session out', () => {
  expect(['2024-12-29', '2024-12-30', '2025-01-01', '2025-01-05'].map(mondayOf)).toEqual([
    '2024-12-23',
    '2024-12-30',
    '2024-12-30',
    '2024-12-30',
  ]);
  expect(weeksOf({ sessionDays: ['2024-01-04', '2024-01-05', '2024-01-08', '2024-01-22'] })).toEqual([
    { week: '2024-01-01', firstSession: 0, endSessionExclusive: 2 },
    { week: '2024-01-08', firstSession: 2, endSessionExclusive: 3 },
    { week: '2024-01-22', firstSession: 3, endSessionExclusive: 4 },
  ]);
});
