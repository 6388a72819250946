/** Graphics processors and workers that fail: no adapter, lost devices, hanging drivers, no memory; and cancelling at every stage. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { Forecasts, OnProgress } from '../../src/core/types.ts';
import { forecastDays } from '../../src/forecasts/dailyForecasts.ts';
import { memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { askForAdapter } from '../../src/models/runtime/adapter.ts';
import { providerFor } from '../../src/models/runtime/browser.ts';
import { runProblem } from '../../src/models/runtime/failure.ts';
import { Watchdog } from '../../src/models/runtime/watchdog.ts';
import type { ModelService, ReadyModel } from '../../src/models/service.ts';
import type { BackendInfo, Forecaster, ForecastSettings } from '../../src/models/types.ts';
import { runMarketLine } from '../../src/runs/run.ts';
import { forecastSettingsOf, parseRunSettings } from '../../src/runs/settings.ts';
import { ModelEngine, type ProviderPreference } from '../../workers/model/client.ts';
import { TrainingEngine } from '../../workers/training/client.ts';
import { card, leakingForecaster, makeGrid } from '../unit/runs/fixtures.ts';

const never = new Promise<never>(() => {});
const adapterOf = (isFallbackAdapter: boolean) => ({ info: { isFallbackAdapter } }) as GPUAdapter;
const gpuOf = (requestAdapter: () => Promise<GPUAdapter | null>) => ({ requestAdapter }) as unknown as GPU;

const hanging = gpuOf(() => never);

describe('a graphics adapter', () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    ['that is not there', undefined, /no WebGPU/],
    ['that is null', gpuOf(async () => null), /no WebGPU adapter/],
    ['whose request is refused', gpuOf(() => Promise.reject(new Error('denied'))), /no WebGPU adapter/],
    [
      'whose request throws',
      gpuOf(() => {
        throw new TypeError('gone');
      }),
      /no WebGPU adapter/,
    ],
    ['whose request never settles', hanging, /did not answer/],
  ])('%s is a sentence, soon', async (_, gpu, sentence) => {
    vi.stubGlobal('navigator', { gpu });
    expect(await askForAdapter(gpu, 20)).toMatch(sentence);
    // The page waits longer for a driver that starts up.
    if (gpu !== hanging) expect(await providerFor('auto')).toBe('wasm');
  });

  test('that is emulated in software is used on demand only', async () => {
    vi.stubGlobal('navigator', { gpu: gpuOf(async () => adapterOf(true)) });
    expect([await providerFor('auto'), await providerFor('webgpu')]).toEqual(['wasm', 'webgpu']);
    vi.stubGlobal('navigator', { gpu: gpuOf(async () => adapterOf(false)) });
    expect(await providerFor('auto')).toBe('webgpu');
  });
});

describe('a call that never settles', () => {
  test('is given up after a time that grows with what calls took', async () => {
    const watchdog = new Watchdog({ firstMs: 500, leastMs: 20, times: 10 });
    expect(watchdog.limitMs).toBe(500);
    await watchdog.watch(() => new Promise((resolve) => setTimeout(resolve, 12)));
    expect(watchdog.limitMs).toBeGreaterThan(100);
    const short = new Watchdog({ firstMs: 20, leastMs: 20, times: 10 });
    await expect(short.watch(() => never)).rejects.toMatchObject({ problem: { code: 'runtime/silent' } });
    await expect(short.watch(() => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });
});

test('what a runtime throws is told apart, without places in its build', () => {
  const build = '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:712';
  const told = (text: string) => runProblem('webgpu', new Error(text));
  expect(told(`${build} Device is lost: destroyed`).code).toBe('runtime/lost');
  expect(told('A valid external Instance reference no longer exists. Device lost').code).toBe('runtime/lost');
  expect(told('RangeError: WebAssembly.Memory(): could not allocate; out of memory').code).toBe(
    'runtime/out-of-memory',
  );
  expect(told('GPUValidationError: Invalid BindGroup').code).toBe('runtime/invalid');
  const other = told(`failed to call OrtRun(). ERROR_CODE: 1, ${build}:712 virtual Status Run`);
  expect(other.code).toBe('runtime/run');
  for (const { message } of [other, told(`${build} Something odd`)])
    expect(message).not.toMatch(/\.cc|onnxruntime_src/);
});

const failed = (code: string) => new UserError({ code, message: `It failed (${code}).` });
const forecasts: Forecasts = { symbol: 'A', variants: 0, predictedMid: Float64Array.of(1) };
const grid = makeGrid('A', ['2025-01-02']);
const settings = { variants: 0 } as ForecastSettings;

/** A link to workers that fail as they are told, each load and each request in turn; `true` works. */
class FaultyLink {
  generation: number | undefined = 0;
  started = 0;
  readonly loads: string[] = [];
  requests = 0;

  constructor(private readonly outcomes: readonly (true | Error | Promise<never>)[]) {}

  stop = (): void => {
    this.generation = undefined;
    for (const reject of this.waiting.splice(0)) reject(new DOMException('Cancelled.', 'AbortError'));
  };

  private readonly waiting: ((reason: unknown) => void)[] = [];

  call = async <T>(request: (service: never) => Promise<T>): Promise<T> => {
    this.generation ??= ++this.started;
    const ended = new Promise<never>((_, reject) => this.waiting.push(reject));
    return Promise.race([request(this.service as never), ended]);
  };

  private readonly service: Pick<ModelService, 'load' | 'forecast' | 'measure'> = {
    load: async (_, preference, choices): Promise<ReadyModel> => {
      this.loads.push(`${preference}${choices?.smallBatches ? ', small' : ''}`);
      const provider = preference === 'wasm' ? 'wasm' : 'webgpu';
      return { card, backend: { provider, threads: 1 }, precision: undefined };
    },
    measure: async () => 1,
    forecast: async (_grid, _settings, _progress, signal) => {
      const outcome = this.outcomes[this.requests++] ?? true;
      if (outcome !== true) await (outcome instanceof Error ? Promise.reject(outcome) : outcome);
      signal?.throwIfAborted();
      return forecasts;
    },
  };
}

async function engineOn(preference: ProviderPreference, ...outcomes: (true | Error | Promise<never>)[]) {
  const link = new FaultyLink(outcomes);
  const engine = new ModelEngine(link as unknown as ConstructorParameters<typeof ModelEngine>[0], 20);
  await engine.load({ name: 'm', files: [] }, preference);
  return { link, engine };
}

describe('a back end that fails', () => {
  test('once: the same again in a fresh worker, with a sentence', async () => {
    const { link, engine } = await engineOn('auto', failed('runtime/lost'));
    const made = await engine.forecast(grid, settings);
    expect(made.notes).toEqual(['It failed (runtime/lost). The same was done again in a fresh worker.']);
    expect(made.ranOn).toBeUndefined();
    expect(link.loads).toEqual(['auto', 'auto']);
    // Nothing is said of a request that went well.
    expect(await engine.forecast(grid, settings)).toEqual(forecasts);
  });

  test('again: smaller batches, then WASM, which stays; the page is told', async () => {
    const lost = failed('runtime/lost');
    const { link, engine } = await engineOn('auto', true, lost, lost, lost, true);
    const backends: BackendInfo[] = [];
    engine.onBackend = (backend) => void backends.push(backend);
    expect((await engine.forecast(grid, settings)).notes).toBeUndefined();
    const made = await engine.forecast(grid, settings);
    expect(link.loads).toEqual(['auto', 'auto', 'auto, small', 'wasm']);
    expect(made.ranOn?.provider).toBe('wasm');
    expect(made.notes?.map((note) => note.replace(/^.*\)\. /, ''))).toEqual([
      'The same was done again in a fresh worker.',
      'From there on it computes in smaller batches.',
      'From there on it computes on WASM, which agrees with WebGPU to rounding.',
    ]);
    expect(backends).toMatchObject([{ provider: 'wasm', fallbackReason: expect.stringContaining('WASM') }]);
    expect((await engine.forecast(grid, settings)).ranOn?.provider).toBe('wasm');
    expect(link.loads).toHaveLength(4);
  });

  test.each(['runtime/out-of-memory', 'runtime/silent', 'runtime/invalid', 'worker/failed', 'worker/silent'])(
    'by %s comes to the same ways out',
    async (code) => {
      const { link, engine } = await engineOn('auto', failed(code), failed(code), failed(code));
      expect((await engine.forecast(grid, settings)).ranOn?.provider).toBe('wasm');
      expect(link.loads).toEqual(['auto', 'auto', 'auto, small', 'wasm']);
    },
  );

  test('for good, or where WebGPU was demanded, ends in its sentence; the next request begins anew', async () => {
    const lost = failed('runtime/lost');
    const { link, engine } = await engineOn('webgpu', lost, lost, lost);
    await expect(engine.forecast(grid, settings)).rejects.toMatchObject({ problem: { code: 'runtime/lost' } });
    expect(link.loads).toEqual(['webgpu', 'webgpu', 'webgpu, small']);
    expect(await engine.forecast(grid, settings)).toMatchObject({ symbol: 'A' });
    const all = await engineOn('auto', ...Array.from({ length: 9 }, () => lost));
    await expect(all.engine.forecast(grid, settings)).rejects.toMatchObject({ problem: { code: 'runtime/lost' } });
  });

  test('by refusing a graph goes to WASM at once, and what is no fault of it is not tried again', async () => {
    const { link, engine } = await engineOn('auto', failed('runtime/too-large'));
    await engine.forecast(grid, settings);
    expect(link.loads).toEqual(['auto', 'wasm']);
    const other = await engineOn('auto', failed('model/not-causal'));
    await expect(other.engine.forecast(grid, settings)).rejects.toMatchObject({
      problem: { code: 'model/not-causal' },
    });
    expect(other.link.loads).toEqual(['auto']);
  });
});

describe('cancelling', () => {
  test('a request that hangs does not keep the next one waiting', async () => {
    const { link, engine } = await engineOn('auto', never);
    const controller = new AbortController();
    const hanging = engine.forecast(grid, settings, undefined, controller.signal);
    await vi.waitFor(() => expect(link.requests).toBe(1));
    controller.abort();
    controller.abort();
    await expect(hanging).rejects.toMatchObject({ name: 'AbortError' });
    expect(await engine.forecast(grid, settings)).toMatchObject({ symbol: 'A' });
    expect(link.loads).toEqual(['auto', 'auto']);
  });

  test('at every stage of a run ends it, keeps what was finished, and the run comes to the same end afterwards', async () => {
    const days = ['2025-01-02', '2025-01-03', '2025-01-06'];
    const grids = [makeGrid('ALFA', days), makeGrid('BRAVO', days)];
    const own = parseRunSettings({ variants: 2, configurations: 6, strideTicks: 5 });
    const run = (signal?: AbortSignal, onProgress?: OnProgress, store = memoryJobStore()) =>
      runMarketLine({
        ...{ grids, settings: own, backtester: directBacktester, store },
        forecaster: leakingForecaster(1e-4),
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      });
    const stages: string[] = [];
    const whole = await run(undefined, ({ stage, done }) => void stages.push(`${stage} ${done}`));
    expect(stages.length).toBeGreaterThan(5);
    for (let stage = 0; stage < stages.length; stage++) {
      const controller = new AbortController();
      const store = memoryJobStore();
      let seen = 0;
      const stopped = run(controller.signal, () => void (seen++ === stage && controller.abort()), store);
      const outcome = await stopped.catch((caught: unknown) => caught);
      if (outcome instanceof Error) expect(outcome.name).toBe('AbortError');
      controller.abort();
      expect((await run(undefined, undefined, store)).result).toEqual(whole.result);
    }
  });
});

describe('a training whose back end fails', () => {
  const trained = { files: { name: 'tuned' } };
  const attempt = async (outcomes: readonly (Error | true)[]) => {
    let [requests, stops] = [0, 0];
    const link = {
      call: async () => {
        const outcome = outcomes[requests++] ?? true;
        if (outcome !== true) throw outcome;
        return trained;
      },
      stop: () => void stops++,
    };
    const links = { graph: link, tensorflow: link } as unknown as ConstructorParameters<typeof TrainingEngine>[0];
    const request = {} as Parameters<TrainingEngine['run']>[1];
    const run = new TrainingEngine(links).run('graph', request, () => {}, new AbortController().signal);
    const answer = await run.catch((caught: unknown) => caught);
    return { answer, requests, stops };
  };

  test('goes on in a fresh worker, from its last checkpoint', async () => {
    expect(await attempt([failed('runtime/lost')])).toEqual({ answer: trained, requests: 2, stops: 1 });
    expect(await attempt([failed('worker/failed')])).toEqual({ answer: trained, requests: 2, stops: 1 });
  });

  test('twice ends in its sentence and a way on, and leaves no worker that cannot compute', async () => {
    const { answer, requests, stops } = await attempt([failed('runtime/lost'), failed('runtime/lost')]);
    expect([requests, stops]).toEqual([2, 2]);
    expect(answer).toMatchObject({
      problem: { code: 'runtime/lost', hint: expect.stringContaining('last checkpoint') },
    });
    expect((await attempt([failed('training/too-little-data')])).stops).toBe(0);
  });
});

test('a run that changes back ends keeps the days of each under its own key, and says what was made on which', async () => {
  const days = ['2025-01-02', '2025-01-03', '2025-01-06', '2025-01-07'];
  const grids = [makeGrid('ALFA', days)];
  const own = parseRunSettings({ variants: 2, configurations: 6, strideTicks: 5 });
  const inner = leakingForecaster(1e-4);
  let requests = 0;
  const given = (from: number): Forecaster => ({
    ...inner,
    backend: { provider: 'webgpu', threads: 1 },
    measure: async () => 100,
    forecast: async (...request) => {
      const made = await inner.forecast(...request);
      return requests++ < from ? made : { ...made, ranOn: { provider: 'wasm' }, notes: ['It was lost. WASM went on.'] };
    },
  });
  const store = memoryJobStore();
  const { result, passesOn } = await runMarketLine({
    ...{ grids, settings: own, backtester: directBacktester, store },
    forecaster: given(1),
  });
  expect(passesOn.wasm).toBe(3 * (passesOn.webgpu ?? 0));
  expect(result.warnings).toContain('It was lost. WASM went on.');
  expect(result.warnings.join()).toContain('25.0 % on webgpu, 75.0 % on wasm');
  // On WebGPU one day is there, on WASM three.
  const forecast = { grids, settings: forecastSettingsOf(own), store };
  const again = (provider: 'webgpu' | 'wasm') =>
    forecastDays({ ...forecast, forecaster: { ...inner, backend: { provider, threads: 1 } } });
  const [wasm, webgpu] = [await again('wasm'), await again('webgpu')];
  expect(wasm.keptPasses).toBe(3 * webgpu.keptPasses);
  expect(webgpu.keptPasses).toBeGreaterThan(0);
});
