/**
 * The live twin of the sweep: mids come one by one, and each brings the forecast at its own tick. There is one growing window
 * a phase (a tick's place within its patch), whose earlier patches are kept as keys and values, so that a tick costs one
 * token, but for the first of a window, which reads its M patches one after the other.
 */

import type { LoadedModel } from '../checkpoint.ts';
import { meanPredictedMid, type TransformedContext } from '../contexts.ts';
import { drawMasks, type MaskSampler } from '../dropout.ts';
import type { CausalForm, CausalTokens } from '../family.ts';
import { Graph } from '../graph/builder.ts';
import { cacheName, KeyValueCache } from '../layers/keyValueCache.ts';
import { GraphSession, type Runtime } from '../runtime/runtime.ts';
import type { ForecastSettings } from '../types.ts';
import { type AnchorRule, anchoredLength } from './anchor.ts';
import { anchorRule } from './rule.ts';
import { transformWindow } from './window.ts';

/** The window of one phase. */
interface Phase {
  /** Session tick of its first value. */
  readonly start: number;
  /** Memories by input name: [V, 1, heads, N, size]. */
  readonly past: Readonly<Record<string, Float32Array>>;
  /** Patches read so far. */
  read: number;
}

/** The predictions at one tick. */
export interface LiveForecast {
  /** [K + 1] predicted mids; row 0 is the deterministic model. */
  readonly predictedMid: Float64Array;
  readonly contextTicks: number;
}

export class LiveForecaster {
  private readonly phases = new Map<number, Phase>();
  /** Mids of the session. */
  private mids = new Float64Array(1024);
  private count = 0;
  private lastGap = -1;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly model: LoadedModel,
    private readonly session: GraphSession,
    private readonly parts: {
      readonly form: CausalForm;
      readonly rule: AnchorRule;
      readonly settings: ForecastSettings;
      readonly stepMs: number;
      readonly masks: Readonly<Record<string, Float32Array>>;
    },
  ) {}

  /**
   * Makes ready one token of the model under all variants.
   * @throws UserError for families that are not causal.
   */
  static async create(
    model: LoadedModel,
    runtime: Runtime,
    settings: ForecastSettings,
    stepMs: number,
    sampleMasks: MaskSampler = drawMasks,
  ): Promise<LiveForecaster> {
    if (!settings.anchored) throw new RangeError('anchored contexts need their lengths');
    const { form, rule } = anchorRule(model, settings.anchored);
    const variants = settings.variants + 1;
    const graph = new Graph(variants);
    const shape = { rows: 1, slots: rule.mostPatches, heads: form.heads, headSize: form.headSize };
    form.addStep(graph, 1, new KeyValueCache(graph, shape));
    const session = await GraphSession.create(runtime, graph, model.weights);
    const masks = sampleMasks(model.card.sites, 0, variants, settings);
    return new LiveForecaster(model, session, { form, rule, settings, stepMs, masks });
  }

  /** Begins a new session: no context reaches back over it. */
  startSession(): Promise<void> {
    return this.inTurn(async () => {
      this.count = 0;
      this.lastGap = -1;
      this.phases.clear();
    });
  }

  /** Takes the next tick's mid (NaN: none); undefined while there is too little context. */
  push(mid: number): Promise<LiveForecast | undefined> {
    return this.inTurn(() => this.advance(mid));
  }

  release(): Promise<void> {
    return this.inTurn(() => this.session.release());
  }

  private inTurn<T>(request: () => Promise<T>): Promise<T> {
    const result = this.turn.then(request);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async advance(mid: number): Promise<LiveForecast | undefined> {
    const { rule, settings } = this.parts;
    const tick = this.keep(mid);
    if (tick + 1 < rule.leastPatches * rule.patchLength) return undefined;
    const length = anchoredLength(tick, rule);
    const start = tick + 1 - length;
    if (this.lastGap >= start) return undefined;
    const key = start % rule.patchLength;
    const known = this.phases.get(key);
    const phase = known?.start === start ? known : { start, past: this.emptyPast(), read: 0 };
    this.phases.set(key, phase);

    const patches = length / rule.patchLength;
    const values = new Float64Array(length);
    const frozen = rule.leastPatches * rule.patchLength;
    const transform = transformWindow(this.mids.subarray(start, tick + 1), frozen, settings.inputTransform, values);
    const tokens = this.parts.form.tokens(values, 1, this.parts.stepMs);
    let outputs: Record<string, Float32Array> = {};
    while (phase.read < patches) outputs = await this.step(phase, tokens, patches);
    return { predictedMid: this.predict(outputs.forecast!, tokens, patches, transform), contextTicks: length };
  }

  /** Stores a mid; returns its session tick. */
  private keep(mid: number): number {
    if (this.count === this.mids.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.mids);
      this.mids = larger;
    }
    this.mids[this.count] = mid;
    if (Number.isNaN(mid)) this.lastGap = this.count;
    return this.count++;
  }

  /** Reads the next patch of a window. */
  private async step(phase: Phase, { feeds }: CausalTokens, patches: number): Promise<Record<string, Float32Array>> {
    const { rule, masks } = this.parts;
    const rowFeeds: Record<string, Float32Array | Int32Array> = {};
    for (const [name, values] of Object.entries(feeds)) {
      // What is fed per patch is cut out; what is fed once a window stays.
      const width = values.length / patches;
      rowFeeds[name] = Number.isInteger(width) ? values.slice(phase.read * width, (phase.read + 1) * width) : values;
    }
    const slots = rule.mostPatches;
    const closed = Float32Array.from({ length: slots + 1 }, (_, i) => (i < phase.read || i === slots ? 0 : 1));
    const outputs = await this.session.run({ ...rowFeeds, ...phase.past, ...masks, closed });
    this.remember(phase, outputs);
    phase.read++;
    return outputs;
  }

  private remember(phase: Phase, outputs: Readonly<Record<string, Float32Array>>): void {
    const { form, rule } = this.parts;
    const { headSize, heads, layers } = form;
    const slots = rule.mostPatches;
    if (phase.read >= slots) return;
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ['key', 'value'] as const) {
        const fresh = outputs[cacheName('next', layer, part)]!;
        const past = phase.past[cacheName('past', layer, part)]!;
        for (let row = 0; row < fresh.length / headSize; row++) {
          const to = (row * slots + phase.read) * headSize;
          past.set(fresh.subarray(row * headSize, (row + 1) * headSize), to);
        }
        if (fresh.length % (heads * headSize) !== 0) throw new RangeError('a cache of another shape');
      }
    }
  }

  private emptyPast(): Record<string, Float32Array> {
    const { form, rule, settings } = this.parts;
    const size = (settings.variants + 1) * form.heads * rule.mostPatches * form.headSize;
    const past: Record<string, Float32Array> = {};
    for (let layer = 0; layer < form.layers; layer++) {
      for (const part of ['key', 'value'] as const) past[cacheName('past', layer, part)] = new Float32Array(size);
    }
    return past;
  }

  private predict(
    forecast: Float32Array,
    { loc, scale }: CausalTokens,
    patches: number,
    transform: TransformedContext,
  ): Float64Array {
    const { settings } = this.parts;
    const { horizon } = this.model.card;
    const steps = Math.min(settings.horizonTicks ?? horizon, horizon);
    const place = patches - 1;
    return Float64Array.from({ length: settings.variants + 1 }, (_, v) => {
      const ofVariant = forecast.subarray(v * horizon, v * horizon + steps);
      const predicted = Float64Array.from(ofVariant, (value) => value * scale[place]! + loc[place]!);
      return meanPredictedMid(predicted, steps, settings.inputTransform, transform);
    });
  }
}
