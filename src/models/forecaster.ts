/**
 * Forecasts of all dropout variants over a grid: contexts in, predicted mids out. Variants are folded into the batch, so
 * that one run of the session computes several contexts under all of them.
 */

import { fail } from '../core/errors.ts';
import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { nextTask } from '../core/yielding.ts';
import { type BatchSize, betterBatch } from './batching.ts';
import type { Forecastable } from './checkpoint.ts';
import { contextIsWhole, meanPredictedMid, midsOf, type TransformedContext, transformContext } from './contexts.ts';
import { drawMasks, type MaskSampler } from './dropout.ts';
import type { Runtime, Session } from './runtime/runtime.ts';
import { forecastTicks, holdRows } from './schedule.ts';
import type { BackendInfo, Forecaster, ForecastSettings, ModelCard } from './types.ts';

/** A compiled session with the batch size it was compiled for. */
interface Compiled extends BatchSize {
  readonly session: Session;
}

/** What one run of a session needs. */
interface Batch {
  readonly session: Session;
  readonly size: BatchSize;
  /** [T] of the grid. */
  readonly mids: Float64Array;
  /** Last ticks of the contexts; at most as many as the batch has. */
  readonly ticks: Int32Array;
  readonly stepMs: number;
  readonly settings: ForecastSettings;
  readonly masks: Readonly<Record<string, Float32Array>>;
}

/**
 * A checkpoint made ready on a runtime. `sampleMasks` decides what the variants are (default: MC-dropout).
 * @throws UserError for models that read several series at once.
 */
export function createForecaster(
  model: Forecastable,
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
  private lastRequest: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly model: Forecastable,
    private readonly runtime: Runtime,
    private readonly sampleMasks: MaskSampler,
  ) {}

  get card(): ModelCard {
    return this.model.card;
  }

  get backend(): BackendInfo {
    return this.runtime.backend;
  }

  measure(settings: ForecastSettings): Promise<number> {
    return this.inTurn(async () => {
      await this.compileFor(settings);
      return this.secondsPerPass;
    });
  }

  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts> {
    return this.inTurn(() => this.forecastGrid(grid, settings, onProgress, signal));
  }

  release(): Promise<void> {
    return this.inTurn(() => this.dropSession());
  }

  /** Requests wait for each other: one must not release the session another is using. */
  private inTurn<T>(request: () => Promise<T>): Promise<T> {
    const result = this.lastRequest.then(request);
    this.lastRequest = result.catch(() => undefined);
    return result;
  }

  private async forecastGrid(
    grid: Grid,
    settings: ForecastSettings,
    onProgress: OnProgress | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Forecasts> {
    const { contextLength, sites } = this.card;
    const mids = midsOf(grid);
    const ticks = forecastTicks(grid.sessionStarts, mids.length, contextLength, settings.strideTicks);
    /** Places in `ticks` where the context has no gap; the others stay without a forecast. */
    const whole = Uint32Array.from(ticks.keys()).filter((i) => contextIsWhole(mids, ticks[i]!, contextLength));
    const rows = settings.variants + 1;
    const values = new Float64Array(rows * ticks.length).fill(Number.NaN);

    signal?.throwIfAborted();
    const { session, variants, contexts } = await this.compileFor(settings);
    const batching = { session, size: { variants, contexts }, mids, stepMs: grid.stepMs, settings };
    const total = whole.length * rows;
    let done = 0;
    for (let covered = 0; covered < rows; covered += variants) {
      // A last share that would run past the last variant begins earlier and computes some again.
      const firstVariant = Math.min(covered, rows - variants);
      const masks = this.sampleMasks(sites, firstVariant, variants, settings);
      for (let first = 0; first < whole.length; first += contexts) {
        signal?.throwIfAborted();
        const places = whole.subarray(first, first + contexts);
        const batchTicks = Int32Array.from(places, (i) => ticks[i]!);
        const predicted = await this.runBatch({ ...batching, ticks: batchTicks, masks });
        for (let v = 0; v < variants; v++) {
          places.forEach((place, i) => {
            values[(firstVariant + v) * ticks.length + place] = predicted[v * contexts + i]!;
          });
        }
        done += places.length * Math.min(variants, rows - covered);
        onProgress?.({ stage: `Forecasting ${grid.symbol}`, done, total, unit: 'forward passes' });
        await nextTask();
      }
    }
    const predictedMid = holdRows(ticks, values, rows, grid.sessionStarts, mids.length);
    return { symbol: grid.symbol, variants: settings.variants, predictedMid };
  }

  private async dropSession(): Promise<void> {
    const { compiled } = this;
    this.compiled = undefined;
    await compiled?.session.release();
  }

  /** Predicted mids [V, N] of one batch; a batch of fewer contexts is filled up with its last one. */
  private async runBatch(batch: Batch): Promise<Float64Array> {
    const { session, size, mids, ticks, stepMs, settings, masks } = batch;
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

  /** A session whose runs take about the target time; compiled once per number of variants. */
  private async compileFor(settings: ForecastSettings): Promise<Compiled> {
    const rows = settings.variants + 1;
    if (this.compiled && this.measuredVariants === rows) return this.compiled;
    this.measuredVariants = 0;
    let size: BatchSize | undefined = { variants: rows, contexts: 1 };
    let compiled: Compiled;
    let seconds: number;
    do {
      compiled = await this.recompile(size);
      seconds = await this.time(compiled, settings);
      size = betterBatch(compiled, seconds);
    } while (size);
    this.secondsPerPass = seconds / (compiled.variants * compiled.contexts);
    this.measuredVariants = rows;
    return compiled;
  }

  /** Replaces the session; the forecaster holds the new one from the start, so that a failure leaves none behind. */
  private async recompile(size: BatchSize): Promise<Compiled> {
    await this.dropSession();
    const compiled = { ...size, session: await this.model.compile(this.runtime, size) };
    this.compiled = compiled;
    return compiled;
  }

  /** Seconds of a run: the better of two, after one that compiles shaders and is not counted. */
  private async time({ session, variants, contexts }: Compiled, settings: ForecastSettings): Promise<number> {
    const { contextLength, sites } = this.card;
    const mids = new Float64Array(contextLength).fill(1);
    const masks = this.sampleMasks(sites, 0, variants, settings);
    const ticks = Int32Array.of(contextLength - 1);
    const run = async (): Promise<number> => {
      const start = performance.now();
      await this.runBatch({ session, size: { variants, contexts }, mids, ticks, stepMs: 1000, settings, masks });
      return (performance.now() - start) / 1000;
    };
    await run();
    return Math.min(await run(), await run());
  }
}
