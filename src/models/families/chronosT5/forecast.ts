/**
 * Chronos-T5's forecasts: the expectation of the next value for the forecaster, and the official `predict` of any horizon, which
 * draws paths token by token. The encoder runs once; each step reads the keys and values of what came before.
 */

import { RandomStream } from '../../../core/random.ts';
import {
  type BatchShape,
  type ContextBatch,
  type Forward,
  type ForwardMemory,
  forget,
  type OfficialOptions,
  type PreparedBatch,
  type SeriesForecast,
  type SeriesRequest,
} from '../../family.ts';
import { decoderBucket } from '../../layers/t5Positions.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { joinValues, quantile, seriesOf } from '../../series.ts';
import type { ChronosConfig } from './config.ts';
import { memoryNames } from './graph.ts';
import { drawProbabilities, drawToken, expectedValue, likeliestToken } from './sampling.ts';
import { type ContextTokens, tokenCentres, tokenise, tokensOf } from './tokeniser.ts';

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Tokens of contexts, each channel for itself. */
export function prepareChronos(config: ChronosConfig, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels, length } = batch;
  const { tokens, open, scale } = tokenise(config, seriesOf(batch), Math.min(length, config.contextLength));
  return { feeds: { tokens, open }, scaling: { contexts, channels, loc: new Float64Array(scale.length), scale } };
}

/** [V, N, C, 1] scaled → [V, N, 1, C] in the contexts' units. */
export function finishChronos(_: ChronosConfig, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, 1, scaling);
}

/**
 * Paths of any horizon. `sample` is the official way: paths are drawn, and beyond the trained length their median becomes context
 * and is tokenised anew; columns are the mean and the deciles of the paths. `greedy` follows the likeliest tokens and gives their
 * values. `expected`, which is deterministic too, gives each step's expectation and goes on from the bin it falls into; what rounding
 * to the bin leaves out is added to the next expectation.
 */
export async function forecastChronos(
  config: ChronosConfig,
  { series, horizon, variants, options = {} }: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { decoding = 'sample' } = options;
  const rows = variants * series.length;
  const results: Float64Array[][] = Array.from({ length: rows }, () => []);
  let contexts = results.map((_, row) => series[row % series.length]!);
  for (let done = 0; done < horizon; done += config.pathLength) {
    const steps = Math.min(config.pathLength, horizon - done);
    const chunk = { variants, steps, done, options };
    const paths = await decodePaths(config, contexts, chunk, forward);
    contexts = contexts.map((context, row) => {
      results[row]!.push(decoding === 'sample' ? summary(paths[row]!, steps) : paths[row]![0]!);
      const middle = Float64Array.from({ length: steps }, (_, step) =>
        quantile(
          paths[row]!.map((path) => path[step]!),
          0.5,
        ),
      );
      return joinValues([context, middle]).slice(-config.contextLength);
    });
  }
  const columns = decoding === 'sample' ? ['mean', ...deciles.map(String)] : ['mean'];
  return { columns, steps: horizon, values: joinValues(results.flat()), point: Math.max(0, columns.indexOf('0.5')) };
}

/** Part of a request: so many steps after those done. */
export interface PathChunk {
  readonly variants: number;
  readonly steps: number;
  readonly done: number;
  readonly options: OfficialOptions;
  /** Sees the logits [V, N, P, vocabulary] of every step. */
  readonly onLogits?: (step: number, logits: Float32Array) => void;
}

/** Paths [rows][P][steps] of contexts (V·N rows), in their units. */
export async function decodePaths(
  config: ChronosConfig,
  contexts: readonly Float64Array[],
  { variants, steps, done, options, onLogits }: PathChunk,
  forward: Forward,
): Promise<Float64Array[][]> {
  const { decoding = 'sample', samples = config.samples, seed = 0 } = options;
  const paths = decoding === 'sample' ? samples : 1;
  const length = Math.min(config.contextLength, Math.max(1, ...contexts.map((one) => one.length)));
  const context = tokenise(config, contexts, length);
  const batch = { contexts: contexts.length / variants, channels: 1, length, perVariant: true, steps, paths };
  const centres = tokenCentres(config);
  const results = contexts.map(() => Array.from({ length: paths }, () => new Float64Array(steps)));
  const streams = results.map((row, r) =>
    row.map((_, path) => new RandomStream(seed, `chronos/${r % batch.contexts}/${done}`, path)),
  );
  /** What the last step's bin left out of its expectation, in scaled units: moves smaller than a bin add up all the same. */
  const rounded = new Float64Array(contexts.length);
  const memory: ForwardMemory = new Map();
  try {
    await encodeContexts(config, context, batch, memory, forward);
    let token = new Int32Array(contexts.length * paths).fill(config.startToken);
    for (let step = 0; step < steps; step++) {
      const logits = await decodeStep(config, token, step, batch, memory, forward);
      onLogits?.(step, logits);
      token = token.map((_, i) => {
        const ofPath = logits.subarray(i * config.vocabulary, (i + 1) * config.vocabulary);
        const [row, path] = [Math.floor(i / paths), i % paths];
        const scale = context.scale[row]!;
        if (decoding === 'expected') {
          const value = expectedValue(ofPath, centres, config.specialTokens + 1) + rounded[row]!;
          results[row]![path]![step] = value * scale;
          const word = tokensOf(config, [value])[0]!;
          rounded[row] = value - centres[word]!;
          return word;
        }
        const next =
          decoding === 'greedy'
            ? likeliestToken(config.endToken, ofPath)
            : drawToken(drawProbabilities(config, ofPath), streams[row]![path]!);
        results[row]![path]![step] = centres[next]! * scale;
        return next;
      });
    }
    return results;
  } finally {
    forget(memory);
  }
}

/** Runs the encoder and remembers what the decoder reads of it, and empty memories of the paths. */
export async function encodeContexts(
  config: ChronosConfig,
  { tokens, open }: ContextTokens,
  batch: BatchShape,
  memory: ForwardMemory,
  forward: Forward,
): Promise<void> {
  const { contexts, channels, length, perVariant = false } = batch;
  const names = eachMemory(config, memoryNames.cross);
  const remember = Object.fromEntries([memoryNames.closed, ...names].map((name) => [name, name]));
  const shape = { contexts, channels, ...(length !== undefined && { length }), perVariant, part: 'encode' };
  await forward({ batch: shape, feeds: { tokens, open }, outputs: [], memory, remember });
}

/** One step of the decoder → logits [V, N, P, vocabulary]. */
export async function decodeStep(
  config: ChronosConfig,
  token: Int32Array,
  step: number,
  batch: BatchShape & { readonly steps: number },
  memory: ForwardMemory,
  forward: Forward,
): Promise<Float32Array> {
  const { steps } = batch;
  const places = Array.from({ length: steps }, (_, place) => place);
  const nothing = step === 0 ? emptyMemory(config, token.length, steps) : {};
  const feeds = {
    ...nothing,
    token,
    position: Float32Array.from(places, (place) => (place === step ? 1 : 0)),
    seen: Float32Array.from(places, (place) => (place <= step ? 1 : 0)),
    buckets: Int32Array.from(places, (place) => decoderBucket(config, step - place)),
  };
  const next = eachMemory(config, memoryNames.next);
  const remember = Object.fromEntries(eachMemory(config, memoryNames.own).map((name, i) => [next[i]!, name]));
  const { logits } = await forward({ batch: { ...batch, part: 'step' }, feeds, outputs: ['logits'], memory, remember });
  return logits!;
}

/** What paths remember before their first step. */
function emptyMemory(config: ChronosConfig, paths: number, steps: number): Readonly<Record<string, Float32Array>> {
  const empty = new Float32Array(paths * config.heads * steps * config.headSize);
  return Object.fromEntries(eachMemory(config, memoryNames.own).map((name) => [name, empty]));
}

function eachMemory(config: ChronosConfig, name: (block: number, part: 'key' | 'value') => string): string[] {
  return Array.from({ length: config.decoderLayers }, (_, block) => [name(block, 'key'), name(block, 'value')]).flat();
}

/** Mean and deciles of paths, step after step: [steps, 10]. */
function summary(paths: readonly Float64Array[], steps: number): Float64Array {
  const columns = Array.from({ length: steps }, (_, step) => {
    const values = paths.map((path) => path[step]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, ...deciles.map((level) => quantile(values, level))];
  });
  return Float64Array.from(columns.flat());
}
