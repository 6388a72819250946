/**
 * Forecasts of all dropout variants over a grid: contexts in, predicted mids out. Variants are folded into the batch, so
 * that one run of the session computes several contexts under all of them.
 */

import { fail } from '../core/errors.ts';
import { Turns } from '../core/turns.ts';
import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { nextTask } from '../core/yielding.ts';
import { type BatchSize, betterBatch, smallBatch } from './batching.ts';
import type { Forecastable } from './checkpoint.ts';
import { contextIsWhole, midsOf } from './contexts.ts';
import { drawMasks, type MaskSampler } from './dropout.ts';
import { featureNames } from './features.ts';
import { finiteOrNone } from './finite.ts';
import { openPasses, type Passes } from './passes.ts';
import { type ContextReader, type GridColumns, readerFor } from './reading.ts';
import type { Runtime } from './runtime/runtime.ts';
import { forecastTicks, holdRows } from './schedule.ts';
import type { BackendInfo, Forecaster, ForecastSettings, ModelCard } from './types.ts';

/** Compiled passes with the batch size they were compiled for. */
interface Compiled extends BatchSize {
  readonly passes: Passes;
}

/** What one run needs. */
interface Batch {
  readonly passes: Passes;
  readonly size: BatchSize;
  readonly grid: GridColumns;
  readonly reader: ContextReader;
  /** Last ticks of the contexts; at most as many as the batch has. */
  readonly ticks: Int32Array;
  readonly stepMs: number;
  readonly masks: Readonly<Record<string, Float32Array>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A checkpoint made ready on a runtime. `sampleMasks` decides what the variants are (default: MC-dropout).
 * @throws UserError for models that read several series at once, or features that their config does not name.
 */
export function createForecaster(
  model: Forecastable,
  runtime: Runtime,
  sampleMasks: MaskSampler = drawMasks,
): Forecaster {
  const { reads } = model.architecture.shape;
  if (reads && !reads.features) {
    fail('model/features', `This model reads ${model.card.channels} features, but its config does not say which.`, {
      where: model.card.name,
      hint: `Add a list "features" to config.json; a grid offers ${featureNames.join(', ')}.`,
    });
  }
  if (!reads && model.card.channels > 1) {
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
  /** Settings that the passes were compiled and measured for. */
  private measuredFor = '';
  /** One request must not release the session another is using. */
  private readonly turns = new Turns();

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
    return this.turns.take(async () => {
      await this.compileFor(settings);
      return this.secondsPerPass;
    });
  }

  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts> {
    return this.turns.take(() => this.forecastGrid(grid, settings, onProgress, signal));
  }

  release(): Promise<void> {
    return this.turns.take(() => this.dropPasses());
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
    const { passes, variants, contexts } = await this.compileFor(settings);
    const { bid, ask, bidSize, askSize } = grid;
    const columns = { bid, ask, mids, ...(bidSize && { bidSize }), ...(askSize && { askSize }) };
    const reader = readerFor(this.model.architecture.shape, settings);
    const batching = { passes, size: { variants, contexts }, grid: columns, reader, stepMs: grid.stepMs, signal };
    const total = whole.length * rows;
    let done = 0;
    for (let covered = 0; covered < rows; covered += variants) {
      // A last share that would run past the last variant begins earlier and computes some again.
      const firstVariant = Math.min(covered, rows - variants);
      const lasting = this.sampleMasks(sites, firstVariant, variants, settings);
      for (let first = 0; first < whole.length; first += contexts) {
        signal?.throwIfAborted();
        const places = whole.subarray(first, first + contexts);
        const batchTicks = Int32Array.from(places, (i) => ticks[i]!);
        // A batch of fresh masks holds one context (`compileFor`).
        const masks = settings.freshMasks
          ? this.sampleMasks(sites, firstVariant, variants, { ...settings, tick: batchTicks[0]! })
          : lasting;
        const predicted = await this.runBatch({ ...batching, ticks: batchTicks, masks });
        for (let v = 0; v < variants; v++) {
          places.forEach((place, i) => {
            values[(firstVariant + v) * ticks.length + place] = finiteOrNone(predicted[v * contexts + i]!);
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

  private async dropPasses(): Promise<void> {
    const { compiled } = this;
    this.compiled = undefined;
    await compiled?.passes.release();
  }

  /** Predicted mids [V, N] of one batch; a batch of fewer contexts is filled up with its last one. */
  private async runBatch({ passes, size, grid, reader, ticks, stepMs, masks, signal }: Batch): Promise<Float64Array> {
    const { contextLength: length, channels } = this.card;
    const values = new Float64Array(size.contexts * length * channels);
    const predict = Array.from({ length: size.contexts }, (_, n) => {
      const tick = ticks[Math.min(n, ticks.length - 1)]!;
      return reader(grid, tick, values.subarray(n * length * channels, (n + 1) * length * channels));
    });
    const steps = await passes.run({ values, contexts: size.contexts, length, channels, stepMs }, masks, signal);
    return Float64Array.from({ length: size.variants * size.contexts }, (_, row) =>
      predict[row % size.contexts]!(steps.subarray(row * passes.steps, (row + 1) * passes.steps)),
    );
  }

  /** Passes whose runs take about the target time; compiled once per number of variants and steps. */
  private async compileFor(settings: ForecastSettings): Promise<Compiled> {
    const rows = settings.variants + 1;
    const steps = settings.horizonTicks ?? this.card.horizon;
    const fresh = settings.freshMasks === true;
    const purpose = `${rows} variants, ${Math.max(steps, this.card.horizon)} steps${fresh ? ', fresh masks' : ''}`;
    if (this.compiled && this.measuredFor === purpose) return this.compiled;
    this.measuredFor = '';
    const small = this.runtime.smallBatches === true;
    let size: BatchSize | undefined = small ? smallBatch(rows) : { variants: rows, contexts: 1 };
    let compiled: Compiled;
    let seconds: number;
    do {
      compiled = await this.recompile(size, steps);
      seconds = await this.time(compiled, settings);
      size = small ? undefined : betterBatch(compiled, seconds);
      // Masks are shared by the contexts of a batch.
      if (fresh && size && size.contexts > 1) size = undefined;
    } while (size);
    this.secondsPerPass = seconds / (compiled.variants * compiled.contexts);
    this.measuredFor = purpose;
    return compiled;
  }

  /** Replaces the passes; the forecaster holds the new ones from the start, so that a failure leaves none behind. */
  private async recompile(size: BatchSize, steps: number): Promise<Compiled> {
    await this.dropPasses();
    const compiled = { ...size, passes: await openPasses(this.model, this.runtime, size, steps) };
    this.compiled = compiled;
    return compiled;
  }

  /** Seconds of a run: the better of two, after one that compiles shaders and is not counted. */
  private async time({ passes, variants, contexts }: Compiled, settings: ForecastSettings): Promise<number> {
    const { contextLength, sites } = this.card;
    const flat = new Float64Array(contextLength).fill(1);
    const grid = { bid: flat, ask: flat, mids: flat };
    const masks = this.sampleMasks(sites, 0, variants, settings);
    const ticks = Int32Array.of(contextLength - 1);
    const reader = readerFor(this.model.architecture.shape, settings);
    const run = async (): Promise<number> => {
      const start = performance.now();
      await this.runBatch({ passes, size: { variants, contexts }, grid, reader, ticks, stepMs: 1000, masks });
      return (performance.now() - start) / 1000;
    };
    await run();
    return Math.min(await run(), await run());
  }
}
