import * as ort from 'onnxruntime-web';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Forecasts, Grid } from '../../../src/core/types.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { drawMasks, type MaskSampler } from '../../../src/models/dropout.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { forecastTicks } from '../../../src/models/schedule.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { integrate } from '../../../src/training/corpus/source.ts';
import { randomValues } from '../../support/operatorCases.ts';
import { smallTtm } from '../../support/smallTtm.ts';

const CONTEXT = 32;
const model = await openCheckpoint(smallTtm());
const runtime = openNodeRuntime();

const settings: ForecastSettings = {
  variants: 3,
  dropoutRate: 0.2,
  seed: 5,
  dropoutSites: 'all',
  strideTicks: 1,
  horizonTicks: null,
  inputTransform: 'normalised',
};

/** A grid of random-walk quotes with sessions of the given lengths. */
function randomGrid(...sessions: readonly number[]): Grid {
  const length = sessions.reduce((sum, ticks) => sum + ticks, 0);
  const logs = integrate(Float64Array.from(randomValues('returns', length), (step) => 1e-4 * step));
  const mids = logs.map((log) => 1e5 * Math.exp(log));
  return {
    symbol: 'RANDOM',
    stepMs: 1000,
    timeMs: mids.map((_, tick) => 1000 * tick),
    bid: mids.map((mid) => mid - 0.5),
    ask: mids.map((mid) => mid + 0.5),
    sessionStarts: Int32Array.from(sessions, (_, s) => sessions.slice(0, s).reduce((sum, ticks) => sum + ticks, 0)),
    sessionDays: sessions.map((_, s) => `2026-01-0${s + 1}`),
  };
}

/** The ticks [start, endExclusive) of a grid as one session. */
function part(grid: Grid, start: number, endExclusive: number): Grid {
  const cut = (column: Float64Array) => column.slice(start, endExclusive);
  const columns = { timeMs: cut(grid.timeMs), bid: cut(grid.bid), ask: cut(grid.ask) };
  return { ...grid, ...columns, sessionStarts: Int32Array.of(0), sessionDays: grid.sessionDays.slice(0, 1) };
}

async function forecast(
  grid: Grid,
  changes: Partial<ForecastSettings> = {},
  ...rest: [onProgress?: Parameters<ReturnType<typeof createForecaster>['forecast']>[2], signal?: AbortSignal]
): Promise<Forecasts> {
  const forecaster = createForecaster(model, runtime);
  try {
    return await forecaster.forecast(grid, { ...settings, ...changes }, ...rest);
  } finally {
    await forecaster.release();
  }
}

function rowOf({ predictedMid, variants }: Forecasts, variant: number): Float64Array {
  const length = predictedMid.length / (variants + 1);
  return predictedMid.subarray(variant * length, (variant + 1) * length);
}

interface Watched {
  /** Calls into onnxruntime that were under way at once, at most. */
  most: number;
  /** Sessions that are held. */
  sessions: number;
  /** `variants × contexts` of every run. */
  readonly batches: string[];
}

/** Watches every call into onnxruntime; with seconds, a run appears to take those and some more a pass. */
function watch(secondsPerRun?: number, secondsPerPass = 0): Watched {
  const seen: Watched = { most: 0, sessions: 0, batches: [] };
  let inside = 0;
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    inside++;
    seen.most = Math.max(seen.most, inside);
    try {
      return await call();
    } finally {
      inside--;
    }
  };
  let now = 0;
  if (secondsPerRun !== undefined) vi.spyOn(performance, 'now').mockImplementation(() => now);
  const create = ort.InferenceSession.create.bind(ort.InferenceSession);
  vi.spyOn(ort.InferenceSession, 'create').mockImplementation(async (...request: unknown[]) => {
    const session = await counted(() => create(...(request as Parameters<typeof create>)));
    seen.sessions++;
    const [run, release] = [session.run.bind(session), session.release.bind(session)];
    vi.spyOn(session, 'run').mockImplementation((feeds: Readonly<Record<string, ort.OnnxValue>>) => {
      const { patches, 'mask.encoder.embed': mask } = feeds as Readonly<Record<string, ort.Tensor>>;
      seen.batches.push(`${mask!.dims[0]} × ${patches!.dims[1]}`);
      now += 1000 * ((secondsPerRun ?? 0) + secondsPerPass * mask!.dims[0]! * patches!.dims[1]!);
      return counted(() => run(feeds));
    });
    vi.spyOn(session, 'release').mockImplementation(() => {
      seen.sessions--;
      return counted(release);
    });
    return session;
  });
  return seen;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('forecasts of a grid (WASM)', () => {
  const grid = randomGrid(70, 20, 50);

  it('exist from the first whole context of each session on', async () => {
    const made = await forecast(grid);
    const first = (start: number, endExclusive: number, tick: number) =>
      tick >= start + CONTEXT - 1 && tick < endExclusive;
    for (let v = 0; v <= 3; v++) {
      rowOf(made, v).forEach((mid, tick) => {
        expect(Number.isFinite(mid), `tick ${tick}`).toBe(first(0, 70, tick) || first(90, 140, tick));
      });
    }
  });

  it('are prices near the mids, and each variant has its own', async () => {
    const made = await forecast(grid);
    const at = [0, 1, 2, 3].map((v) => rowOf(made, v)[60]!);
    expect(new Set(at).size).toBe(4);
    for (const mid of at) expect(Math.abs(mid / ((grid.bid[60]! + grid.ask[60]!) / 2) - 1)).toBeLessThan(0.01);
  });

  it('of variant 0 are those without any dropout, bit for bit', async () => {
    const [many, none] = [await forecast(grid, { variants: 4 }), await forecast(grid, { variants: 0 })];
    expect(rowOf(many, 0)).toEqual(rowOf(none, 0));
  });

  it('of a variant do not depend on how many others there are, bit for bit', async () => {
    const [few, many] = [await forecast(grid, { variants: 2 }), await forecast(grid, { variants: 5 })];
    for (const v of [1, 2]) expect(rowOf(many, v)).toEqual(rowOf(few, v));
  });

  it('are the same in every run', async () => {
    expect(await forecast(grid)).toEqual(await forecast(grid));
  });

  it('do not depend on how contexts and variants are batched, bit for bit', async () => {
    const want = await forecast(grid);
    for (const [secondsPerRun, secondsPerPass, batch] of [
      [0.001, 0, '4 × 256'],
      // An overhead of 60 ms hides at first how little a pass costs.
      [0.06, 0.001, '4 × 16'],
      [0.04, 0.01, '4 × 2'],
      [0.15, 0, '4 × 1'],
      [0, 0.1, '2 × 1'],
      [5, 0, '1 × 1'],
    ] as const) {
      const { batches } = watch(secondsPerRun, secondsPerPass);
      expect(await forecast(grid)).toEqual(want);
      expect(batches.at(-1)).toBe(batch);
      vi.restoreAllMocks();
    }
  });

  it('before a tick do not change when the future does, exactly', async () => {
    const whole = await forecast(grid);
    for (const now of [45, 69, 121]) {
      const change = (column: Float64Array) => column.map((price, tick) => (tick > now ? price * 1.01 : price));
      const other = await forecast({ ...grid, bid: change(grid.bid), ask: change(grid.ask) });
      for (let v = 0; v <= 3; v++) {
        expect(rowOf(other, v).subarray(0, now + 1)).toEqual(rowOf(whole, v).subarray(0, now + 1));
      }
      expect(rowOf(other, 0).at(-1)).not.toBe(rowOf(whole, 0).at(-1));
    }
  });

  it('of a session are those of the session alone', async () => {
    const [whole, alone] = [await forecast(grid), await forecast(part(grid, 90, 140))];
    for (let v = 0; v <= 3; v++) expect(rowOf(whole, v).subarray(90)).toEqual(rowOf(alone, v));
  });

  it('with a stride are made at every stride-th tick and hold in between', async () => {
    const [every, seventh] = [await forecast(grid), await forecast(grid, { strideTicks: 7 })];
    for (let tick = CONTEXT - 1; tick < 70; tick++) {
      const made = tick - ((tick - CONTEXT + 1) % 7);
      expect(rowOf(seventh, 2)[tick]).toBe(rowOf(every, 2)[made]);
    }
  });

  it('leave out ticks whose context misses a mid', async () => {
    const bid = grid.bid.slice();
    bid[40] = Number.NaN;
    const [holed, whole] = [await forecast({ ...grid, bid }), await forecast(grid)];
    rowOf(holed, 1).forEach((mid, tick) => {
      expect(mid).toBe(tick >= 40 && tick < 70 ? Number.NaN : rowOf(whole, 1)[tick]);
    });
  });

  it('are the mean of as many predicted mids as are asked for', async () => {
    const [one, all] = [await forecast(grid, { horizonTicks: 1 }), await forecast(grid)];
    expect(rowOf(await forecast(grid, { horizonTicks: 8 }), 0)).toEqual(rowOf(all, 0));
    expect(rowOf(await forecast(grid, { horizonTicks: 99 }), 0)).toEqual(rowOf(all, 0));
    expect(rowOf(one, 0)[60]).not.toBe(rowOf(all, 0)[60]);
  });

  it('scale with the price', async () => {
    const times = (column: Float64Array) => column.map((price) => price * 1024);
    const [small, large] = [
      await forecast(grid),
      await forecast({ ...grid, bid: times(grid.bid), ask: times(grid.ask) }),
    ];
    rowOf(large, 1).forEach((mid, tick) => {
      const want = rowOf(small, 1)[tick]!;
      expect(Number.isNaN(want) ? Number.isNaN(mid) : Math.abs(mid / 1024 / want - 1) < 1e-9).toBe(true);
    });
  });
});

describe('a forecasting run', () => {
  const grid = randomGrid(80);
  const total = forecastTicks(grid.sessionStarts, 80, CONTEXT, 1).length * (settings.variants + 1);

  it.each([0.001, 0.4])('counts its forward passes up to the total (runs of %d s)', async (secondsPerRun) => {
    watch(secondsPerRun);
    const seen: number[] = [];
    await forecast(grid, {}, (progress) => {
      expect(progress).toMatchObject({ total, unit: 'forward passes', stage: 'Forecasting RANDOM' });
      seen.push(progress.done);
    });
    expect(seen.at(-1)).toBe(total);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('stops within a batch of its signal, and the forecaster can be used again', async () => {
    watch(0.15);
    const forecaster = createForecaster(model, runtime);
    const controller = new AbortController();
    let batches = 0;
    const stopped = forecaster.forecast(
      grid,
      settings,
      () => {
        batches++;
        controller.abort();
      },
      controller.signal,
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(batches).toBe(1);
    expect(await forecaster.forecast(grid, settings)).toEqual(await forecast(grid));
    await forecaster.release();
  });

  it('does not begin when it is cancelled before', async () => {
    const create = vi.spyOn(ort.InferenceSession, 'create');
    await expect(forecast(grid, {}, undefined, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(create).not.toHaveBeenCalled();
  });

  it('measures a forward pass: the time of a run over its variants', async () => {
    watch(0.16);
    const forecaster = createForecaster(model, runtime);
    expect(await forecaster.measure(settings)).toBeCloseTo(0.16 / 4, 10);
    await forecaster.release();
  });

  it('is refused for a model that reads several series together', async () => {
    const several = await openCheckpoint(smallTtm({ mode: 'mix_channel', num_input_channels: 3 }));
    expect(() => createForecaster(several, runtime)).toThrow('This model reads 3 series together.');
  });
});

describe('onnxruntime', () => {
  const grid = randomGrid(60);

  it('is in one call at a time, however many forecasters work', async () => {
    const want = await forecast(grid);
    const seen = watch();
    const made = await Promise.all([forecast(grid), forecast(grid), forecast(grid)]);
    expect(seen).toMatchObject({ most: 1, sessions: 0 });
    for (const each of made) expect(each).toEqual(want);
  });

  it('holds no session after a release, nor one more after settings change', async () => {
    const seen = watch();
    const forecaster = createForecaster(model, runtime);
    await forecaster.forecast(grid, settings);
    await forecaster.forecast(grid, { ...settings, variants: 1 });
    expect(seen.sessions).toBe(1);
    await forecaster.release();
    expect(seen.sessions).toBe(0);
  });

  it('serves two requests to one forecaster at once as if they came one after the other', async () => {
    const other = { ...settings, variants: 1 };
    const want = [await forecast(grid), await forecast(grid, other)];
    const seen = watch();
    const forecaster = createForecaster(model, runtime);
    const [seconds, ...made] = await Promise.all([
      forecaster.measure(settings),
      forecaster.forecast(grid, settings),
      forecaster.forecast(grid, other),
    ]);
    expect(seconds).toBeGreaterThan(0);
    expect(made).toEqual(want);
    await forecaster.release();
    expect(seen.sessions).toBe(0);
  });

  it('holds no session after a release, though a measurement failed', async () => {
    const seen = watch();
    const forecaster = createForecaster(model, runtime, () => ({}));
    await expect(forecaster.measure(settings)).rejects.toThrow('no data for the graph input mask.');
    await forecaster.release();
    expect(seen.sessions).toBe(0);
  });
});

describe('fresh masks', () => {
  const grid = randomGrid(CONTEXT + 3, CONTEXT + 2);

  it('give each forecast the mask of its own tick, and leave the deterministic model as it is', async () => {
    const [fresh, fixed] = [await forecast(grid, { freshMasks: true }), await forecast(grid)];
    rowOf(fixed, 0).forEach((want, tick) => {
      const got = rowOf(fresh, 0)[tick]!;
      if (Number.isNaN(want)) expect(got).toBeNaN();
      else expect(Math.abs(got / want - 1)).toBeLessThan(1e-7);
    });
    for (const tick of forecastTicks(grid.sessionStarts, grid.bid.length, CONTEXT, 1)) {
      const ofTick: MaskSampler = (sites, first, count, given) => drawMasks(sites, first, count, { ...given, tick });
      const single = createForecaster(model, runtime, ofTick);
      const expected = await single.forecast(grid, settings);
      await single.release();
      for (let variant = 1; variant <= settings.variants; variant++) {
        const [got, want] = [rowOf(fresh, variant)[tick]!, rowOf(expected, variant)[tick]!];
        expect(Math.abs(got / want - 1)).toBeLessThan(1e-7);
      }
    }
    expect(rowOf(fresh, 1)).not.toEqual(rowOf(fixed, 1));
  });
});
