/** Forecasts and results that are no finite numbers: counted, named, stopped where they are many, and never kept. */

import { describe, expect, test } from 'vitest';
import { toProblem, UserError, type UserProblem } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { Forecasts, Grid } from '../../src/core/types.ts';
import { forecastDays } from '../../src/forecasts/dailyForecasts.ts';
import { memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { type Backtester, directBacktester } from '../../src/marketLine/backtester.ts';
import { countNotFinite } from '../../src/models/finite.ts';
import type { Forecaster, ForecastSettings } from '../../src/models/types.ts';
import { runMarketLine } from '../../src/runs/run.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import { assembleStudy } from '../../src/studies/figures/assemble.ts';
import { checkFigure } from '../../src/studies/figures/checkFigure.ts';
import type { FigureSpec } from '../../src/studies/figures/index.ts';
import type { LeadLagFigure } from '../../src/studies/figures/leadLag/result.ts';
import { tablesOf } from '../../src/studies/figures/tables.ts';
import { resolveStudy } from '../../src/studies/machine/environment.ts';
import { planJobs } from '../../src/studies/machine/jobPlan.ts';
import { runJobs } from '../../src/studies/machine/runJobs.ts';
import { leakingForecaster, makeGrid } from '../unit/runs/fixtures.ts';
import { nodeEnvironment, runSmall, smallManifest } from '../unit/studies/machine/support.ts';

const days = ['2025-01-02', '2025-01-03', '2025-01-06', '2025-01-07'];
const grids = [makeGrid('ALFA', days), makeGrid('BRAVO', days)];
const settings = parseRunSettings({ variants: 2, configurations: 8, strideTicks: 1, thresholdMaxBps: 3 });
/** Forecasts of a variant on all days and symbols: 200 ticks a day, the first 19 without a whole context. */
const PLANNED = 2 * 4 * 181;

type Spoil = (predicted: Float64Array, grid: Grid, request: number) => void;

function spoiled(spoil: Spoil): Forecaster & { readonly requests: () => number } {
  const inner = leakingForecaster(1e-4);
  let requests = 0;
  return {
    ...inner,
    requests: () => requests,
    // Slow by its own account: one request a day and symbol.
    measure: async () => 100,
    forecast: async (grid, wanted, onProgress, signal) => {
      const made = await inner.forecast(grid, wanted, onProgress, signal);
      spoil(made.predictedMid, grid, requests++);
      return made;
    },
  };
}

/** The forecast at tick 50 of variant 1 of BRAVO's second day. */
const oneNaN: Spoil = (predicted, grid) => {
  if (grid.symbol === 'BRAVO' && grid.sessionDays[0] === '2025-01-03') predicted[200 + 50] = Number.NaN;
};

describe('forecasts that are no finite numbers', () => {
  test('of which there are few are counted by variant, shown in warnings and tables, and their day is not kept', async () => {
    const store = memoryJobStore();
    const forecaster = spoiled(oneNaN);
    const { result } = await runMarketLine({ grids, settings, forecaster, store, backtester: directBacktester });
    expect(result.notFinite).toEqual({ byVariant: [0, 1, 0], due: PLANNED });
    expect(result.warnings.join()).toContain(
      '1 of variant 1, each of 1,448; the first on BRAVO at 2025-01-03T14:30:50',
    );
    // Asked for twice, and kept neither time.
    expect(forecaster.requests()).toBe(9);
    expect(await store.keys()).toHaveLength(7);
    const again = spoiled(() => {});
    const { result: healthy } = await runMarketLine({
      ...{ grids, settings, store, backtester: directBacktester },
      forecaster: again,
    });
    expect(again.requests()).toBe(1);
    expect(healthy.notFinite).toBeUndefined();
    const never = await runMarketLine({
      ...{ grids, settings, backtester: directBacktester },
      forecaster: spoiled(() => {}),
    });
    expect(healthy).toEqual(never.result);
  });

  test('of one bad moment are made again at once, and nobody has to know', async () => {
    const store = memoryJobStore();
    const forecaster = spoiled((predicted, _, request) => void (request === 2 && predicted.fill(Number.NaN)));
    const { notFinite } = await forecastDays({ grids, settings, forecaster, store });
    expect(notFinite.byVariant).toEqual([0, 0, 0]);
    expect(await store.keys()).toHaveLength(8);
  });

  test.each([
    ['no numbers', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])(
    'that are mostly %s stop the run with tick, asset and variant, and what was finished is kept',
    async (_, value) => {
      const store = memoryJobStore();
      const forecaster = spoiled((predicted, grid) => {
        if (grid.symbol === 'BRAVO' && grid.sessionDays[0] === '2025-01-06')
          predicted.fill(value, 2 * 200 + 30, 2 * 200 + 60);
      });
      const failed = await forecastDays({ grids, settings, forecaster, store }).catch((caught: unknown) => caught);
      expect(failed).toBeInstanceOf(UserError);
      expect((failed as UserError).problem).toMatchObject({
        code: 'model/not-finite',
        message:
          '30 of 1,448 forecasts of variant 2 are no finite numbers, so the run was stopped. ' +
          'The first is on BRAVO at 2025-01-06T14:30:30.000Z, of variant 2.',
        where: 'fixture',
      });
      expect(await store.keys()).toHaveLength(5);
    },
  );

  test('where the context has a gap are none that are missing', async () => {
    const gap = { ...grids[0]!, bid: grids[0]!.bid.with(100, Number.NaN) };
    const made = await leakingForecaster(0).forecast(gap, { ...settings, variants: 0 } as unknown as ForecastSettings);
    const { predictedMid } = made;
    for (let tick = 100; tick < 120; tick++) predictedMid[tick] = Number.NaN;
    const rule = { strideTicks: 1 };
    const card = { contextLength: 20 };
    // The model sees ten ticks ahead: its forecast at tick 90 reads the gap, and was due.
    expect(countNotFinite(made, gap, card, rule)).toMatchObject({ byVariant: [1], due: 4 * 181 - 20 });
  });

  test('that an earlier version kept are found when they are read, and made anew; what it kept else is taken over', async () => {
    const store = memoryJobStore();
    await forecastDays({ grids, settings, forecaster: spoiled(() => {}), store });
    const keys = await store.keys();
    const whole = new Map(await Promise.all(keys.map(async (key) => [key, (await store.get(key))!] as const)));
    for (const [i, key] of keys.entries()) {
      // As version 1 wrote them: without a look, and with another first word.
      const bytes = asVersionOne(whole.get(key)!);
      if (i === 3) new DataView(bytes.buffer).setFloat64(bytes.length - 32 - 8, Number.NaN, true);
      await store.put(key, await sealed(bytes));
    }
    const forecaster = spoiled(() => {});
    const { notFinite } = await forecastDays({ grids, settings, forecaster, store });
    expect([forecaster.requests(), notFinite.byVariant]).toEqual([1, [0, 0, 0]]);
    for (const key of keys) expect(await store.get(key)).toEqual(whole.get(key));
  });
});

function asVersionOne(bytes: Uint8Array): Uint8Array {
  const old = bytes.slice();
  new DataView(old.buffer).setUint32(0, 0x4c4d5031, true);
  return old;
}

/** With a checksum that is right. */
async function sealed(bytes: Uint8Array): Promise<Uint8Array> {
  const hex = await sha256(bytes.slice(0, -32));
  bytes.set(
    Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)),
    bytes.length - 32,
  );
  return bytes;
}

/** One model, one figure. */
const manifest = {
  ...smallManifest,
  models: smallManifest.models.slice(0, 1),
  studies: [{ kind: 'market-line', data: 'market', models: ['one'] }] as const,
};

describe('a whole study', () => {
  const environmentWith = (spoil: (made: Forecasts, request: number) => void) => {
    const environment = nodeEnvironment();
    let requests = 0;
    const open: typeof environment.open = async (model) => {
      const inner = await environment.open(model);
      return {
        card: inner.card,
        backend: inner.backend,
        measure: (wanted) => inner.measure(wanted),
        release: async () => {},
        forecast: async (...request) => {
          const made = await inner.forecast(...request);
          spoil(made, requests++);
          return made;
        },
      };
    };
    return { ...environment, open };
  };

  test('keeps no job with forecasts that are not finite, but tries it a second time', async () => {
    const environment = environmentWith(
      ({ predictedMid }, request) => void (request === 1 && predictedMid.fill(Number.NaN)),
    );
    const study = await resolveStudy(manifest, environment);
    const plan = await planJobs(study, environment);
    await runJobs(plan, study, environment);
    expect(await environment.store.keys()).toHaveLength(plan.jobs.length);

    const broken = environmentWith(({ predictedMid }, request) => void (request >= 2 && predictedMid.fill(Number.NaN)));
    await expect(runJobs(plan, study, broken)).rejects.toMatchObject({
      problem: { code: 'model/not-finite', message: expect.stringContaining('of the model without dropout') },
    });
    expect(await broken.store.keys()).toHaveLength(2);
  });

  test('looks once at what an earlier version kept, and does damaged and spoiled jobs again', async () => {
    const environment = environmentWith(() => {});
    const { store } = environment;
    const study = await resolveStudy(manifest, environment);
    await runJobs(await planJobs(study, environment), study, environment);
    const keys = await store.keys();
    const whole = new Map(await Promise.all(keys.map(async (key) => [key, (await store.get(key))!] as const)));
    for (const [i, key] of keys.entries()) {
      const old = asVersionOne(whole.get(key)!);
      if (i === 1) new DataView(old.buffer).setFloat64(old.length - 40, Number.NaN, true);
      await store.put(key, i === 0 ? whole.get(key)!.slice(0, -5) : await sealed(old));
    }
    let done = 0;
    await runJobs(
      await planJobs(study, environment),
      study,
      environmentAt(environment, () => done++),
    );
    expect(done).toBe(2);
    for (const key of keys) expect(await store.get(key)).toEqual(whole.get(key));
  });
});

/** The same, counting what is forecast. */
function environmentAt<T extends ReturnType<typeof nodeEnvironment>>(environment: T, onForecast: () => void): T {
  return {
    ...environment,
    open: async (model) => {
      const inner = await environment.open(model);
      return {
        ...{ card: inner.card, backend: inner.backend, release: async () => {} },
        measure: (wanted) => inner.measure(wanted),
        forecast: (...request) => {
          onForecast();
          return inner.forecast(...request);
        },
      };
    },
  };
}

describe('results that are no finite numbers', () => {
  test('name configuration, variant and period', async () => {
    // One quote that a double can hold, and whose returns it cannot.
    const bid = grids[0]!.bid.with(450, 1e-308);
    const study = { settings, forecaster: spoiled(() => {}), backtester: directBacktester };
    const failed = runMarketLine({ ...study, grids: [{ ...grids[0]!, bid, ask: bid }] });
    await expect(failed).rejects.toMatchObject({
      problem: {
        code: 'study/not-finite',
        where: expect.stringMatching(/^configuration \d+, variant \d, 2025-01-06 14:00Z$/),
      },
    });
  });
});

describe('figures of a study that are no finite numbers', () => {
  const none = { value: null, low: null, high: null };
  const curve = (model: string, low: number | null) => ({
    ...{ model, data: 'market', stepMs: 1000, forecasts: 7, days: 2, tuned: null },
    correlations: [none, { value: 0.5, low, high: 0.75 }],
  });
  const leadLag = (low: number | null): LeadLagFigure => ({
    kind: 'lead-lag',
    lags: [0, 1],
    curves: [curve('one', 0.25), curve('two', low)],
  });

  test('are named with figure, model and field; null is "there is none"', () => {
    expect(() => checkFigure(leadLag(null))).not.toThrow();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(problemOf(() => checkFigure(leadLag(value)))).toMatchObject({
        code: 'study/figure-not-finite',
        message: `A value of the figure "lead-lag" for two is ${value}, which is no finite number.`,
        where: 'lead-lag, curves[1].correlations[1].low',
      });
    }
  });

  test('stop the study before they are shown or kept', async () => {
    const scaling: FigureSpec = {
      kind: 'scaling',
      data: 'market',
      models: ['one'],
      stepsMs: [1000],
      strideTicks: null,
      variants: null,
    };
    const environment = nodeEnvironment();
    const { study } = await runSmall(environment, { ...smallManifest, figures: [scaling] });
    const assembled = (backtester: Backtester) =>
      assembleStudy(study, { provider: 'wasm', store: environment.store, backtester });
    await expect(assembled(directBacktester)).resolves.toMatchObject({ figures: [{ kind: 'scaling' }] });
    // Returns that a double can hold, and whose squares it cannot.
    const huge: Backtester = {
      ...directBacktester,
      run: async (...job) => {
        const made = await directBacktester.run(...job);
        return { ...made, periodReturns: made.periodReturns.map((value) => value * 1e200) };
      },
    };
    await expect(assembled(huge)).rejects.toMatchObject({
      problem: {
        code: 'study/figure-not-finite',
        message: expect.stringContaining('"scaling" for one is '),
        where: 'scaling, sizes[0].centroid.sigmaBps',
      },
    });
  });
});

function problemOf(work: () => void): UserProblem | undefined {
  try {
    work();
  } catch (caught) {
    return toProblem(caught);
  }
}

test('tables of a study count them by model', () => {
  const each = <T>(value: T) => ({ aleatory: value, epistemic: value, total: value });
  const fits = each({ kind: 'none', problem: { code: '', message: '' } });
  const intervals = each({ leastSquares: {} });
  const cloud = { model: 'm', fits, intervals, notFinite: { byVariant: [1, 0, 4], due: 100 }, points: [] };
  const results = { figures: [{ kind: 'market-line', clouds: [cloud] }] } as unknown as Parameters<typeof tablesOf>[0];
  expect(tablesOf(results)['pml-table']?.rows.map((row) => row.at(-1))).toEqual([5, 5, 5]);
});
