/**
 * Forecasts over a grid with anchored contexts, for causal networks: one pass over a window gives the forecast at every patch's
 * end. It equals the plain forecast on each tick's anchored context; it is not the forecast on a fixed context.
 */

import { Turns } from '../../core/turns.ts';
import type { Forecasts, Grid, OnProgress } from '../../core/types.ts';
import { nextTask } from '../../core/yielding.ts';
import { type BatchSize, betterBatch, smallBatch } from '../batching.ts';
import { type Forecastable, isCheckpoint, type LoadedModel } from '../checkpoint.ts';
import { meanPredictedMid, midsOf, type TransformedContext } from '../contexts.ts';
import { drawMasks, type MaskSampler } from '../dropout.ts';
import type { CausalForm } from '../family.ts';
import { finiteOrNone } from '../finite.ts';
import { Graph } from '../graph/builder.ts';
import { GraphSession, type Runtime } from '../runtime/runtime.ts';
import { forecastTicks, holdForecasts, holdRows } from '../schedule.ts';
import type { BackendInfo, Forecaster, ForecastSettings, ModelCard } from '../types.ts';
import { type AnchorRule, type SweepWindow, sweepWindows } from './anchor.ts';
import { anchorRule, refuseFamily } from './rule.ts';
import { transformWindow } from './window.ts';

interface Compiled extends BatchSize {
  readonly session: GraphSession;
  readonly key: string;
  /** Time of a run. */
  readonly seconds: number;
}

/**
 * A causal model made ready on a runtime; its settings must say how long contexts are (`anchored`).
 * @throws UserError `model/not-causal` for other families.
 */
export function createSweepForecaster(model: Forecastable, runtime: Runtime): Forecaster {
  if (isCheckpoint(model)) return new SweepForecaster(model, runtime);
  return refuseFamily(model.card);
}

/** A causal model made ready on a runtime; `settings.anchored` must be given. */
export class SweepForecaster implements Forecaster {
  private compiled: Compiled | undefined;
  /** One request must not release the session another is using. */
  private readonly turns = new Turns();

  constructor(
    private readonly model: LoadedModel,
    private readonly runtime: Runtime,
    private readonly sampleMasks: MaskSampler = drawMasks,
  ) {}

  get card(): ModelCard {
    return this.model.card;
  }

  get backend(): BackendInfo {
    return this.runtime.backend;
  }

  /** Seconds per forecast: a pass serves all of a window's. */
  measure(settings: ForecastSettings): Promise<number> {
    return this.turns.take(async () => {
      const { rule } = this.ruleOf(settings);
      const { seconds, variants, contexts } = await this.compileFor(settings);
      const perWindow = rule.mostPatches - rule.leastPatches + 1;
      return seconds / (variants * contexts * perWindow);
    });
  }

  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts> {
    return this.turns.take(() => this.forecastGrid(grid, settings, onProgress, signal));
  }

  release(): Promise<void> {
    return this.turns.take(() => this.dropSession());
  }

  private ruleOf({ anchored }: ForecastSettings): { form: CausalForm; rule: AnchorRule } {
    if (!anchored) throw new RangeError('anchored contexts need their lengths');
    return anchorRule(this.model, anchored);
  }

  private async forecastGrid(
    grid: Grid,
    settings: ForecastSettings,
    onProgress: OnProgress | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Forecasts> {
    const { rule } = this.ruleOf(settings);
    const { patchLength, leastPatches } = rule;
    const mids = midsOf(grid);
    const ticks = forecastTicks(grid.sessionStarts, mids.length, leastPatches * patchLength, settings.strideTicks);
    const windows = sweepWindows(ticks, grid.sessionStarts, mids.length, rule);
    const rows = settings.variants + 1;
    const values = new Float64Array(rows * ticks.length).fill(Number.NaN);
    const lengths = new Int32Array(ticks.length);

    signal?.throwIfAborted();
    const compiled = await this.compileFor(settings);
    const { variants, contexts } = compiled;
    const total = ticks.length * rows;
    let done = 0;
    for (let covered = 0; covered < rows; covered += variants) {
      const firstVariant = Math.min(covered, rows - variants);
      const masks = this.sampleMasks(this.card.sites, firstVariant, variants, settings);
      for (let first = 0; first < windows.length; first += contexts) {
        signal?.throwIfAborted();
        const batch = windows.slice(first, first + contexts);
        const predict = await this.runBatch(compiled, batch, { mids, masks, settings, stepMs: grid.stepMs });
        for (const [row, window] of batch.entries()) {
          const gap = firstGap(mids, window);
          for (const { place, patch } of window.places) {
            done += Math.min(variants, rows - covered);
            if (window.start + (patch + 1) * patchLength > gap) continue;
            lengths[place] = (patch + 1) * patchLength;
            for (let v = 0; v < variants; v++) {
              values[(firstVariant + v) * ticks.length + place] = finiteOrNone(predict(v, row, patch));
            }
          }
        }
        onProgress?.({ stage: `Forecasting ${grid.symbol}`, done, total, unit: 'forecasts' });
        await nextTask();
      }
    }
    return {
      symbol: grid.symbol,
      variants: settings.variants,
      predictedMid: holdRows(ticks, values, rows, grid.sessionStarts, mids.length),
      contextTicks: Int32Array.from(holdForecasts(ticks, lengths, grid.sessionStarts, mids.length), (n) => n || 0),
    };
  }

  /** One pass; what it returns gives the predicted mid of a variant, a window of the batch and a patch. */
  private async runBatch(
    { session, variants, contexts }: Compiled,
    windows: readonly Pick<SweepWindow, 'start' | 'sessionEnd'>[],
    given: {
      readonly mids: Float64Array;
      readonly masks: Readonly<Record<string, Float32Array>>;
      readonly settings: ForecastSettings;
      readonly stepMs: number;
    },
  ): Promise<(variant: number, row: number, patch: number) => number> {
    const { mids, masks, settings, stepMs } = given;
    const { form, rule } = this.ruleOf(settings);
    const length = rule.mostPatches * rule.patchLength;
    const values = new Float64Array(contexts * length);
    const transforms: TransformedContext[] = [];
    for (let row = 0; row < contexts; row++) {
      // A batch of fewer windows is filled up with its last one.
      const { start, sessionEnd } = windows[Math.min(row, windows.length - 1)]!;
      const window = mids.subarray(start, Math.min(start + length, sessionEnd));
      const out = values.subarray(row * length, (row + 1) * length);
      transforms.push(transformWindow(window, rule.leastPatches * rule.patchLength, settings.inputTransform, out));
    }
    const { feeds, loc, scale } = form.tokens(values, contexts, stepMs);
    const { forecasts } = await session.run({ ...feeds, ...masks });
    const { horizon } = this.card;
    const steps = Math.min(settings.horizonTicks ?? horizon, horizon);
    if (forecasts!.length !== variants * contexts * rule.mostPatches * horizon)
      throw new RangeError('forecasts of another shape');
    return (variant, row, patch) => {
      const place = row * rule.mostPatches + patch;
      const start = ((variant * contexts + row) * rule.mostPatches + patch) * horizon;
      const predicted = Float64Array.from(
        forecasts!.subarray(start, start + steps),
        (value) => value * scale[place]! + loc[place]!,
      );
      return meanPredictedMid(predicted, steps, settings.inputTransform, transforms[row]!);
    };
  }

  private async dropSession(): Promise<void> {
    const { compiled } = this;
    this.compiled = undefined;
    await compiled?.session.release();
  }

  private async compileFor(settings: ForecastSettings): Promise<Compiled> {
    const { rule } = this.ruleOf(settings);
    const key = JSON.stringify([settings.variants, rule]);
    if (this.compiled?.key === key) return this.compiled;
    const small = this.runtime.smallBatches === true;
    const rows = settings.variants + 1;
    let size: BatchSize | undefined = small ? smallBatch(rows) : { variants: rows, contexts: 1 };
    let compiled: Compiled;
    do {
      await this.dropSession();
      compiled = await this.compile(size, settings, key);
      this.compiled = compiled;
      size = small ? undefined : betterBatch(compiled, compiled.seconds);
    } while (size);
    return compiled;
  }

  private async compile(size: BatchSize, settings: ForecastSettings, key: string): Promise<Compiled> {
    const { form, rule } = this.ruleOf(settings);
    const graph = new Graph(size.variants);
    form.addSweep(graph, size.contexts, rule.mostPatches);
    const session = await GraphSession.create(this.runtime, graph, this.model.weights);
    const mids = new Float64Array(rule.mostPatches * rule.patchLength).fill(1);
    const masks = this.sampleMasks(this.card.sites, 0, size.variants, settings);
    const run = async (): Promise<number> => {
      const start = performance.now();
      const windows = [{ start: 0, sessionEnd: mids.length }];
      await this.runBatch({ ...size, session, key, seconds: 0 }, windows, { mids, masks, settings, stepMs: 1000 });
      return (performance.now() - start) / 1000;
    };
    await run();
    return { ...size, session, key, seconds: Math.min(await run(), await run()) };
  }
}

/** The first tick of a window without a mid; the session's end where there is none. */
function firstGap(mids: Float64Array, { start, sessionEnd }: SweepWindow): number {
  let tick = start;
  while (tick < sessionEnd && !Number.isNaN(mids[tick])) tick++;
  return tick;
}
