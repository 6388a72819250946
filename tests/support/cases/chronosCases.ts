/** Runs the reference cases of Chronos-T5: tokeniser, teacher-forced and cached decoding. Works in node and in a browser. */

import { afterAll } from 'vitest';
import { type ChronosConfig, parseChronosConfig } from '../../../src/models/families/chronosT5/config.ts';
import { decodeStep, encodeContexts } from '../../../src/models/families/chronosT5/forecast.ts';
import { drawProbabilities, expectedValue, likeliestToken } from '../../../src/models/families/chronosT5/sampling.ts';
import {
  binBoundaries,
  binCentres,
  type ContextTokens,
  tokenCentres,
  tokenise,
} from '../../../src/models/families/chronosT5/tokeniser.ts';
import { type Forward, type ForwardMemory, forget } from '../../../src/models/family.ts';
import { openForward } from '../../../src/models/forward.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import type { Runtime } from '../../../src/models/runtime/runtime.ts';
import { type CaseFolder, integerValues, rowsOfCase, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { compareLabels, stackedMasks } from './pooling.ts';
import { compareForecasts } from './seriesCases.ts';

/** What a pass of all cases together is built for: shorter contexts are padded, missing rows are filled up. */
interface Pool {
  readonly config: ChronosConfig;
  readonly rows: number;
  readonly length: number;
  /** Decoder tokens given in the cases. */
  readonly steps: number;
  readonly labels: readonly string[];
}

/** Declares one test of the tokeniser's tables, one a case, and one for the dropout variants of each case that has such. */
export function declareChronosCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const { model, meta, cases } = folder;
  const names = Object.keys(meta.cases);
  const pool = poolOf(folder, names);
  const lengths = names.map((name) => contextLength(pool.config, rowsOfCase(cases, name)));
  /** Cases of like lengths share sessions: those cost a second each, and so does needless padding. */
  const pooledLength = (own: number): number => Math.max(...lengths.filter((length) => length <= 2 * own));
  const passes = openForward(model, runtime);
  declare('bins', async (comparison) => compareBins(folder, pool.config, comparison));
  for (const name of names) {
    declare(name, async (comparison) => {
      const series = rowsOfCase(cases, name);
      compareTokens(folder, name, pool.config, series, comparison);
      const own = { ...pool, length: pooledLength(contextLength(pool.config, series)) };
      const { outputs, labels } = await answer(folder, name, own, series, 1, passes.forward);
      compareLabels(folder, name, labels, comparison);
      compareForecasts(folder, name, name, outputs, 0, comparison, leastTolerance(folder, name, outputs, 0));
      compareGreedy(folder, name, name, outputs, 0, comparison);
    });
  }
  for (const [name, { count }] of Object.entries(meta.variants)) {
    declare(`${name}, ${count} variants`, async (comparison) => {
      const prefixes = Array.from({ length: count }, (_, i) => `${name}.variant${i}`);
      const masked = openForward(model, runtime, count, stackedMasks(folder, prefixes));
      try {
        const series = rowsOfCase(cases, name);
        const own = { ...pool, rows: series.length, length: contextLength(pool.config, series), labels: [] };
        const { outputs } = await answer(folder, name, own, series, count, masked.forward, prefixes);
        for (const [v, prefix] of prefixes.entries()) {
          compareForecasts(folder, name, prefix, outputs, v, comparison, leastTolerance(folder, name, outputs, v));
          compareGreedy(folder, name, prefix, outputs, v, comparison);
        }
      } finally {
        await masked.release();
      }
    });
  }
  afterAll(passes.release);
}

function poolOf({ model, cases, configJson }: CaseFolder, names: readonly string[]): Pool {
  const config = parseChronosConfig(JSON.parse(configJson), 'config.json');
  const all = names.map((name) => rowsOfCase(cases, name));
  const steps = Math.max(...names.map((name) => shapeOf(cases, `${name}.forced.tokens`)[1]!));
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts: 1, channels: 1, length: 1, part: 'teach', steps });
  return {
    config,
    rows: Math.max(...all.map((series) => series.length)),
    length: config.contextLength,
    steps,
    labels: [...graph.labels.keys()].filter((label) => names.some((name) => cases.tensors.has(`${name}.${label}`))),
  };
}

function contextLength(config: ChronosConfig, series: readonly Float64Array[]): number {
  return Math.min(config.contextLength, Math.max(...series.map((one) => one.length)));
}

function compareBins({ cases }: CaseFolder, config: ChronosConfig, comparison: GoldenComparison): void {
  comparison.array('centres', binCentres(config), tensorValues(cases, 'centres'), 0);
  comparison.array('boundaries', binBoundaries(config), tensorValues(cases, 'boundaries').slice(1, -1), 0);
  comparison.array('token_centres', tokenCentres(config), tensorValues(cases, 'token_centres'), 0);
}

/** Tokens are equal; a scale may differ by the order of a float32 sum. */
function compareTokens(
  { cases }: CaseFolder,
  name: string,
  config: ChronosConfig,
  series: readonly Float64Array[],
  comparison: GoldenComparison,
): void {
  const { tokens, open, scale } = tokenise(config, series, contextLength(config, series));
  comparison.array(`${name}.token_ids`, tokens, integerValues(cases, `${name}.token_ids`), 0);
  comparison.array(`${name}.attention_mask`, open, integerValues(cases, `${name}.attention_mask`), 0);
  const want = tensorValues(cases, `${name}.scale`);
  comparison.array(`${name}.scale`, scale, want, (i) => 2.5e-7 * want[i]!);
}

type Outputs = ReadonlyMap<string, readonly Float64Array[]>;

/** Everything a case stores, computed, a variant after the other; intermediates of the teacher-forced pass. */
async function answer(
  { cases }: CaseFolder,
  name: string,
  pool: Pool,
  series: readonly Float64Array[],
  variants: number,
  forward: Forward,
  prefixes: readonly string[] = [name],
): Promise<{ readonly outputs: Outputs; readonly labels: Readonly<Record<string, Float32Array>> }> {
  const { config, rows, length, steps } = pool;
  const filled = Array.from({ length: rows }, (_, row) => series[Math.min(row, series.length - 1)]!);
  const context = tokenise(config, filled, length);
  const given = integerValues(cases, `${name}.forced.tokens`);
  const forced = Int32Array.from({ length: rows * steps }, (_, i) => given[i] ?? config.startToken);
  const shape = { contexts: rows, channels: 1, length };
  const feeds = { tokens: context.tokens, open: context.open };
  const taught = await forward({
    batch: { ...shape, part: 'teach', steps },
    feeds: { ...feeds, given: forced },
    outputs: ['logits', ...pool.labels],
  });
  const { forecast } = await forward({ batch: shape, feeds, outputs: ['forecast'] });

  /** [V][B·S·vocabulary] of values [V, rows, …]. */
  const perVariant = (values: ArrayLike<number>): Float64Array[] =>
    Array.from({ length: variants }, (_, v) => {
      const size = values.length / variants;
      return Float64Array.from({ length: (size / rows) * series.length }, (_, i) => values[v * size + i]!);
    });
  const scaled = perVariant(taught.logits!);
  const greedy = prefixes.map((prefix) => {
    const tokens = integerValues(cases, `${prefix}.output.greedy_tokens`);
    return Int32Array.from({ length: rows * steps }, (_, i) =>
      i % steps === 0 ? config.startToken : (tokens[i - 1] ?? 0),
    );
  });
  // Two paths of each series: the given tokens, and those of the official greedy decoding.
  const followed = prefixes.map((_, v) => [forced, greedy[v]!] as const);
  const [steppedForced, steppedGreedy] = await stepped(pool, context, followed, forward);

  const outputs = new Map<string, Float64Array[]>([
    ['output.forced_logits', scaled],
    ['output.stepped_logits', perVariant(steppedForced!)],
    ['output.greedy_logits', perVariant(steppedGreedy!)],
    ['output.expected', perVariant(Float64Array.from(forecast!, (value, i) => value * context.scale[i % rows]!))],
  ]);
  const { vocabulary, specialTokens } = config;
  const centres = tokenCentres(config);
  const derive = (output: string, from: readonly Float64Array[], of: (logits: Float32Array, row: number) => number) =>
    outputs.set(
      output,
      from.map((all) =>
        Float64Array.from({ length: all.length / vocabulary }, (_, i) =>
          of(Float32Array.from(all.subarray(i * vocabulary, (i + 1) * vocabulary)), i),
        ),
      ),
    );
  const cut = (at: number): Float64Array[] =>
    scaled.map((all) => all.filter((_, i) => Math.floor(i / vocabulary) % steps === at));
  outputs.set('output.logits_first', cut(0));
  outputs.set('output.forced_logits_last', cut(steps - 1));
  // Mean distance of the bins from the expectation: how far an error of the logits moves it.
  const spread = (logits: Float32Array): number => {
    const mean = expectedValue(logits, centres, specialTokens + 1);
    const distances = centres.map((centre) => Math.abs(centre - mean));
    return expectedValue(logits, distances, specialTokens + 1);
  };
  const scaleAt = (i: number): number => context.scale[Math.floor(i / steps)]!;
  derive('spread', scaled, (own, i) => spread(own) * scaleAt(i));
  derive('output.forced_expected', scaled, (own, i) => expectedValue(own, centres, specialTokens + 1) * scaleAt(i));
  derive('output.expected_generate', cut(0), (own, row) => {
    const mean = drawProbabilities(config, own).reduce((sum, p, token) => sum + p * centres[token]!, 0);
    return mean * context.scale[row]!;
  });
  const greedyLogits = outputs.get('output.greedy_logits')!;
  derive('output.greedy_tokens', greedyLogits, (own) => likeliestToken(config.endToken, own));
  derive('output.greedy_values', greedyLogits, (own, i) => centres[likeliestToken(config.endToken, own)]! * scaleAt(i));
  derive('output.greedy_margin', greedyLogits, (own) => {
    const sorted = own.filter((_, token) => token !== config.endToken).sort();
    return sorted.at(-1)! - sorted.at(-2)!;
  });
  return { outputs, labels: ownLabels(taught, pool, series) };
}

/** Decoding with the memories along given paths [V][P] of tokens [rows, S] → for each path, logits [V, rows, S, vocabulary]. */
async function stepped(
  { config, rows, length, steps }: Pool,
  context: ContextTokens,
  followed: readonly (readonly Int32Array[])[],
  forward: Forward,
): Promise<Float32Array[]> {
  const variants = followed.length;
  const paths = followed[0]!.length;
  const repeat = (values: Int32Array | Float32Array): number[] => followed.flatMap(() => [...values]);
  const repeated = {
    tokens: Int32Array.from(repeat(context.tokens)),
    open: Float32Array.from(repeat(context.open)),
    scale: context.scale,
  };
  const { vocabulary } = config;
  const batch = { contexts: rows, channels: 1, length, perVariant: true, steps, paths };
  const memory: ForwardMemory = new Map();
  const all = followed[0]!.map(() => new Float32Array(variants * rows * steps * vocabulary));
  try {
    await encodeContexts(config, repeated, batch, memory, forward);
    for (let step = 0; step < steps; step++) {
      const token = Int32Array.from({ length: variants * rows * paths }, (_, i) => {
        const row = Math.floor(i / paths);
        return followed[Math.floor(row / rows)]![i % paths]![(row % rows) * steps + step]!;
      });
      const logits = await decodeStep(config, token, step, batch, memory, forward);
      for (let i = 0; i < token.length; i++) {
        const own = logits.subarray(i * vocabulary, (i + 1) * vocabulary);
        all[i % paths]!.set(own, (Math.floor(i / paths) * steps + step) * vocabulary);
      }
    }
    return all;
  } finally {
    forget(memory);
  }
}

/** Intermediates of the case's own rows and tokens: those of the encoder lie at the end of the padded context. */
function ownLabels(
  taught: Readonly<Record<string, Float32Array>>,
  { config, rows, length, labels }: Pool,
  series: readonly Float64Array[],
): Record<string, Float32Array> {
  const end = config.endsContext ? 1 : 0;
  const [padded, own] = [length + end, contextLength(config, series) + end];
  const late = (values: Float32Array, outer: number, total: number): Float32Array => {
    const size = values.length / (outer * total);
    return values.filter((_, i) => Math.floor(i / size) % total >= total - own);
  };
  return Object.fromEntries(
    labels.map((label) => {
      const values = taught[label]!;
      if (label.endsWith('position_bias')) {
        if (label.startsWith('decoder')) return [label, values];
        return [label, late(late(values, config.heads * padded, padded), config.heads, padded)];
      }
      const kept = values.subarray(0, (values.length / rows) * series.length);
      return [label, label.startsWith('encoder') ? late(kept, series.length, padded) : kept];
    }),
  );
}

/**
 * Tolerances of expectations are grounded on one number a row, which can lie close to its float64 value by luck. An expectation
 * is as exact as its logits: those may err by their own tolerance, in the direction that moves it most.
 */
function leastTolerance(
  { meta }: CaseFolder,
  name: string,
  outputs: Outputs,
  variant: number,
): (output: string, index: number) => number {
  const { atol_per_row: bounds } = meta.tolerance.recommended![name]!['output.logits_first']!;
  const spread = outputs.get('spread')![variant]!;
  const steps = spread.length / bounds.length;
  return (output, i) => {
    if (output === 'output.forced_expected') return bounds[Math.floor(i / steps)]! * spread[i]!;
    return /expected/.test(output) ? bounds[i]! * spread[i * steps]! : 0;
  };
}

/** The cached steps equal the uncached pass; tokens equal wherever the second best is clearly worse. */
function compareGreedy(
  { cases, meta }: CaseFolder,
  name: string,
  prefix: string,
  outputs: Outputs,
  variant: number,
  comparison: GoldenComparison,
): void {
  const bounds = meta.tolerance.recommended![name]!;
  const factor = prefix === name ? 1 : 2;
  const got = outputs.get('output.stepped_logits')![variant]!;
  const want = outputs.get('output.forced_logits')![variant]!;
  const rows = bounds['output.forced_logits_last']!.atol_per_row;
  comparison.array(`${prefix}.cached steps`, got, want, (i) => 2 * rows[Math.floor((i / want.length) * rows.length)]!);
  const margins = tensorValues(cases, `${prefix}.output.greedy_margin`);
  const tokens = outputs.get('output.greedy_tokens')![variant]!;
  const official = integerValues(cases, `${prefix}.output.greedy_tokens`);
  const unclear = bounds['output.greedy_margin']!.atol_per_row;
  margins.forEach((margin, i) => {
    const bound = factor * unclear[Math.floor((i / margins.length) * unclear.length)]!;
    if (margin > bound) comparison.number(`${prefix}.output.greedy_tokens[${i}]`, tokens[i]!, official[i]!, 0);
  });
}
