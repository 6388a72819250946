/**
 * Forecasts of all dropout variants over a grid: contexts in, predicted mids out. Variants are folded into the batch, so
 * that one run of the session computes several contexts under all of them.
 */

import { fail } from '../core/errors.ts';
import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { nextTask } from '../core/yielding.ts';
import type { LoadedModel } from './checkpoint.ts';
import { contextIsWhole, meanPredictedMid, midsOf, type TransformedContext, transformContext } from './contexts.ts';
import { drawMasks, type MaskSampler } from './dropout.ts';
import { Graph } from './graph/builder.ts';
import { GraphSession, type Runtime } from './runtime/runtime.ts';
import { forecastTicks, holdForecasts } from './schedule.ts';
import type { BackendInfo, Forecaster, ForecastSettings, ModelCard } from './types.ts';

/** One call of the session stays below this, so that a run can be cancelled and a GPU's watchdog stays calm. */
const TARGET_SECONDS = 0.2;
const MOST_CONTEXTS = 64;

/** Variants × contexts of one session run. */
interface BatchSize {
  readonly variants: number;
  readonly contexts: number;
}

/** A compiled session with the batch size it was compiled for. */
interface Compiled extends BatchSize {
  readonly session: GraphSession;
}

/**
 * A checkpoint made ready on a runtime. `sampleMasks` decides what the variants are (default: MC-dropout).
 * @throws UserError for models that read several series at once.
 */
export function createForecaster(
  model: LoadedModel,
  runtime: Runtime,
  sampleMasks: MaskSampler = drawMasks,
): Forecaster {
  if (model.card.channels > 1) {
    fail('model/several-channels', `This model reads ${model.card.channels} series together.`, {
      where: model.card.name,
      hint: 'Forecasts are made for one series at a time: use a checkpoint whose channels are independent.',
    });
  }
  return new SessionForecaster(model, runtime, sampleMasks);
}

class SessionForecaster implements Forecaster {
  private compiled: Compiled | undefined;
  private secondsPerPass = 0;
  private measuredVariants = 0;

  constructor(
    private readonly model: LoadedModel,
    private readonly runtime: Runtime,
    private readonly sampleMasks: MaskSampler,
  ) {}

  get card(): ModelCard {
    return this.model.card;
  }

  get backend(): BackendInfo {
    return this.runtime.backend;
  }

  async measure(settings: ForecastSettings): Promise<number> {
    await this.compileFor(settings);
    return this.secondsPerPass;
  }

  async forecast(
    grid: Grid,
    settings: ForecastSettings,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<Forecasts> {
    const { contextLength } = this.model.card;
    const mids = midsOf(grid);
    const ticks = forecastTicks(grid.sessionStarts, grid.timeMs.length, contextLength, settings.strideTicks);
    const whole = ticks.filter((tick) => contextIsWhole(mids, tick, contextLength));
    const rows = settings.variants + 1;
    const values = new Float64Array(rows * ticks.length).fill(Number.NaN);
    const place = new Map(Array.from(ticks, (tick, i) => [tick, i]));

    signal?.throwIfAborted();
    const { session, variants, contexts } = await this.compileFor(settings);
    const total = whole.length * rows;
    let done = 0;
    for (let firstVariant = 0; firstVariant < rows; firstVariant += variants) {
      const masks = this.sampleMasks(this.card.sites, firstVariant, variants, settings);
      for (let first = 0; first < whole.length; first += contexts) {
        signal?.throwIfAborted();
        const batch = whole.subarray(first, first + contexts);
        const predicted = await this.runBatch(
          session,
          { variants, contexts },
          mids,
          batch,
          grid.stepMs,
          settings,
          masks,
        );
        const used = Math.min(variants, rows - firstVariant);
        for (let v = 0; v < used; v++) {
          batch.forEach((tick, i) => {
            values[(firstVariant + v) * ticks.length + place.get(tick)!] = predicted[v * contexts + i]!;
          });
        }
        done += batch.length * used;
        onProgress?.({ stage: `Forecasting ${grid.symbol}`, done, total, unit: 'forecasts' });
        await nextTask();
      }
    }
    return { symbol: grid.symbol, variants: settings.variants, predictedMid: this.spread(grid, ticks, values, rows) };
  }

  async release(): Promise<void> {
    await this.compiled?.session.release();
    this.compiled = undefined;
  }

  /** Predicted mids [V, N] of one batch; a batch of fewer contexts is filled up with its last one. */
  private async runBatch(
    session: GraphSession,
    size: BatchSize,
    mids: Float64Array,
    ticks: Int32Array,
    stepMs: number,
    settings: ForecastSettings,
    masks: Readonly<Record<string, Float32Array>>,
  ): Promise<Float64Array> {
    const { architecture, card } = this.model;
    const length = card.contextLength;
    const values = new Float64Array(size.contexts * length);
    const transforms: TransformedContext[] = [];
    for (let n = 0; n < size.contexts; n++) {
      const tick = ticks[Math.min(n, ticks.length - 1)]!;
      const context = values.subarray(n * length, (n + 1) * length);
      transforms.push(transformContext(mids, tick, settings.inputTransform, context));
    }
    const { feeds, scaling } = architecture.prepare({ values, contexts: size.contexts, length, channels: 1, stepMs });
    const { forecast } = await session.run({ ...feeds, ...masks });
    const steps = architecture.finish(forecast!, scaling);
    const horizon = Math.min(settings.horizonTicks ?? card.horizon, card.horizon);
    return Float64Array.from({ length: size.variants * size.contexts }, (_, row) => {
      const predicted = steps.subarray(row * card.horizon, (row + 1) * card.horizon);
      return meanPredictedMid(predicted, horizon, settings.inputTransform, transforms[row % size.contexts]!);
    });
  }

  private spread(grid: Grid, ticks: Int32Array, values: Float64Array, rows: number): Float64Array {
    const length = grid.timeMs.length;
    const out = new Float64Array(rows * length);
    for (let row = 0; row < rows; row++) {
      const own = values.subarray(row * ticks.length, (row + 1) * ticks.length);
      holdForecasts(ticks, own, grid.sessionStarts, length, out.subarray(row * length, (row + 1) * length));
    }
    return out;
  }

  /** A session whose runs take about the target time; compiled once per number of variants. */
  private async compileFor(settings: ForecastSettings): Promise<Compiled> {
    const rows = settings.variants + 1;
    if (this.compiled && this.measuredVariants === rows) return this.compiled;
    await this.release();
    const probe = await this.compile({ variants: rows, contexts: 1 });
    const seconds = await this.time(probe, settings);
    const size =
      seconds > TARGET_SECONDS
        ? { variants: Math.max(1, Math.floor((rows * TARGET_SECONDS) / seconds)), contexts: 1 }
        : { variants: rows, contexts: 2 ** Math.floor(Math.log2(Math.min(MOST_CONTEXTS, TARGET_SECONDS / seconds))) };
    if (size.variants === rows && size.contexts === 1) {
      this.compiled = probe;
      this.secondsPerPass = seconds / rows;
    } else {
      await probe.session.release();
      this.compiled = await this.compile(size);
      this.secondsPerPass = (await this.time(this.compiled, settings)) / (size.variants * size.contexts);
    }
    this.measuredVariants = rows;
    return this.compiled;
  }

  private async compile(size: BatchSize): Promise<Compiled> {
    const { architecture, weights } = this.model;
    const graph = new Graph(size.variants);
    architecture.addTo(graph, { contexts: size.contexts, channels: 1 });
    return { ...size, session: await GraphSession.create(this.runtime, graph, weights) };
  }

  /** Seconds of one warm run on zeros: the first one compiles shaders and is not counted. */
  private async time(compiled: Compiled, settings: ForecastSettings): Promise<number> {
    const { contextLength, sites } = this.card;
    const mids = new Float64Array(contextLength).fill(1);
    const masks = this.sampleMasks(sites, 0, compiled.variants, settings);
    const run = () =>
      this.runBatch(compiled.session, compiled, mids, Int32Array.of(contextLength - 1), 1000, settings, masks);
    await run();
    const start = performance.now();
    await run();
    return (performance.now() - start) / 1000;
  }
}
