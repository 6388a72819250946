/** Runs the reference cases of Moirai: tokens, every parameter of the mixture, its moments. Works in node and in a browser. */

import { type MoiraiConfig, parseMoiraiConfig } from '../../../src/models/families/moirai/config.ts';
import { mixturesOf } from '../../../src/models/families/moirai/forecast.ts';
import { mixtureCdf } from '../../../src/models/families/moirai/quantiles.ts';
import { layOut, type MoiraiShape, patchCounts, scaleTokens } from '../../../src/models/families/moirai/tokens.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { type Feeds, GraphSession, type Runtime } from '../../../src/models/runtime/runtime.ts';
import { seriesOf } from '../../../src/models/series.ts';
import { type CaseFolder, caseNames, contextOf, integerValues, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { compareLabels, stackedMasks } from './pooling.ts';

/** See `tolerance` in meta.json: of parameters, of moments relative to their largest value, and of a level. */
const PARAMETER = 2e-4;
const MOMENT = 5e-4;
const LEVEL = 2e-7;

/** Official samples behind a stored quantile. */
const SAMPLES = 20_000;

/** Declares one test a case, and one for the dropout variants of case0. */
export function declareMoiraiCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const { cases, configJson } = folder;
  const config = parseMoiraiConfig(JSON.parse(configJson), 'config.json');
  for (const name of caseNames(cases)) {
    declare(name, async (comparison) => {
      const question = questionOf(folder, config, name);
      compareTokens(folder, name, question, comparison);
      const { values } = await run(folder, name, question, 0, {}, runtime);
      compareLabels(folder, name, values, comparison);
      compareOutputs(folder, name, name, question, values, comparison);
      compareSampleQuantiles(folder, config, name, question, values, comparison);
    });
  }
  const variants = new Set(
    [...cases.tensors.keys()].flatMap((key) => /^case0\.variant\d+(?=\.output)/.exec(key)?.[0] ?? []),
  );
  declare(`${variants.size} variants`, async (comparison) => {
    const prefixes = [...variants];
    const question = questionOf(folder, config, 'case0');
    const { values } = await run(folder, 'case0', question, prefixes.length, stackedMasks(folder, prefixes), runtime);
    for (const [v, prefix] of prefixes.entries()) {
      const own = Object.entries(values).map(([label, all]) => {
        const size = all.length / prefixes.length;
        return [label, all.subarray(v * size, (v + 1) * size)] as const;
      });
      compareOutputs(folder, 'case0', prefix, question, Object.fromEntries(own), comparison);
    }
  });
}

/** A case as the family is asked. */
interface Question {
  readonly contexts: number;
  readonly shape: MoiraiShape;
  readonly tokens: ReturnType<typeof layOut>;
  readonly scaled: ReturnType<typeof scaleTokens>;
}

function questionOf({ cases, meta }: CaseFolder, config: MoiraiConfig, name: string): Question {
  const batch = contextOf(cases, name);
  const padding = integerValues(cases, `${name}.is_pad`);
  const { patch_size: patchLength, prediction_length: steps } = meta.cases[name]!;
  const shape = { length: batch.length, steps: steps!, patchLength: patchLength!, variates: batch.channels };
  // A series begins where its padding ends.
  const series = seriesOf(batch).map((one, row) => {
    const flags = padding.slice(Math.floor(row / batch.channels) * batch.length).slice(0, batch.length);
    return one.slice(flags.lastIndexOf(1) + 1);
  });
  const tokens = layOut(series, shape);
  return { contexts: batch.contexts, shape, tokens, scaled: scaleTokens(config, tokens, shape) };
}

/** Tokens are equal, their scaling to rounding; what the family needs not be told (variates, what is ahead) is in the order. */
function compareTokens(
  { cases }: CaseFolder,
  name: string,
  { shape, tokens, scaled, contexts }: Question,
  comparison: GoldenComparison,
): void {
  const { past, ahead } = patchCounts(shape);
  const { variates, patchLength } = shape;
  const count = variates * (past + ahead);
  const largest = shapeOf(cases, `${name}.tokens.target`)[2]!;
  const widened = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: contexts * count * largest }, (_, i) =>
      i % largest < patchLength ? values[Math.floor(i / largest) * patchLength + (i % largest)]! : 0,
    );
  const integers = (part: string): number[] => integerValues(cases, `${name}.tokens.${part}`);
  comparison.array(`${name}.tokens.target`, widened(tokens.target), tensorValues(cases, `${name}.tokens.target`), 0);
  comparison.array(`${name}.tokens.observed_mask`, widened(tokens.observed), integers('observed_mask'), 0);
  comparison.array(`${name}.tokens.sample_id`, tokens.sample, integers('sample_id'), 0);
  comparison.array(`${name}.tokens.time_id`, tokens.time, integers('time_id'), 0);
  const place = (i: number): number => i % count;
  const variateAt = (token: number): number =>
    token < variates * past ? Math.floor(token / past) : Math.floor((token - variates * past) / ahead);
  const each = <T>(of: (i: number) => T): T[] => Array.from({ length: contexts * count }, (_, i) => of(i));
  comparison.array(
    `${name}.tokens.variate_id`,
    each((i) => variateAt(place(i))),
    integers('variate_id'),
    0,
  );
  const isAhead = each((i) => (place(i) < variates * past ? 0 : 1));
  comparison.array(`${name}.tokens.prediction_mask`, isAhead, integers('prediction_mask'), 0);
  for (const part of ['loc', 'scale'] as const) {
    const empty = part === 'loc' ? 0 : 1;
    const got = each((i) => {
      const row = Math.floor(i / count) * variates + variateAt(place(i));
      return tokens.sample[i] === 0 ? empty : scaled[part][row]!;
    });
    const want = tensorValues(cases, `${name}.${part}`);
    comparison.array(`${name}.${part}`, got, want, (i) => 1e-6 * Math.abs(want[i]!));
  }
}

/** The forecast and every label that the case stores. */
async function run(
  { model, cases }: CaseFolder,
  name: string,
  { contexts, shape, scaled }: Question,
  variants: number,
  masks: Feeds,
  runtime: Runtime,
): Promise<{ readonly values: Readonly<Record<string, Float32Array>> }> {
  const { length, steps, patchLength, variates } = shape;
  const graph = new Graph(variants);
  model.architecture.addTo(graph, { contexts, channels: variates, length, steps, patchLength });
  const stored = [...graph.labels].filter(
    ([label]) => cases.tensors.has(`${name}.${label}`) || cases.tensors.has(`${name}.output.${label}`),
  );
  const outputs = new Map([...graph.outputs, ...stored]);
  const session = await GraphSession.create(runtime, graph, model.weights, outputs);
  try {
    return { values: await session.run({ ...scaled.feeds, ...masks }) };
  } finally {
    await session.release();
  }
}

/**
 * Quantiles of 20 000 official samples, [N, Q, H, C]: the share of the distribution below each is its level, to six standard errors.
 * At a whole number, where the distribution jumps, the level lies within the jump.
 */
function compareSampleQuantiles(
  { cases }: CaseFolder,
  config: MoiraiConfig,
  name: string,
  { shape }: Question,
  values: Readonly<Record<string, Float32Array>>,
  comparison: GoldenComparison,
): void {
  const stored = `${name}.output.sample_quantiles`;
  if (!cases.tensors.has(stored)) return;
  const { steps, variates } = shape;
  const levels = shapeOf(cases, stored)[1]!;
  const mixtures = mixturesOf(config, values);
  tensorValues(cases, stored).forEach((quantile, i) => {
    const c = i % variates;
    const h = Math.floor(i / variates) % steps;
    const q = Math.floor(i / (variates * steps)) % levels;
    const n = Math.floor(i / (variates * steps * levels));
    const mixture = mixtures((n * variates + c) * steps + h);
    const level = (q + 1) / (levels + 1);
    const near = 1e-5 * Math.max(1, Math.abs(quantile));
    const [below, above] = [mixtureCdf(mixture, quantile - near), mixtureCdf(mixture, quantile + near)];
    const tolerance = 6 * Math.sqrt((level * (1 - level)) / SAMPLES);
    comparison.number(`${stored}[${i}]`, Math.min(Math.max(level, below), above), level, tolerance);
  });
}

/** Compares a case's or variant's outputs [N, H, C]; float64 means decide too, where they are stored. */
function compareOutputs(
  { cases }: CaseFolder,
  name: string,
  prefix: string,
  { shape, scaled }: Question,
  values: Readonly<Record<string, Float32Array>>,
  comparison: GoldenComparison,
): void {
  const { steps, variates } = shape;
  /** [N, C, H, D] → [N, H, C, D] */
  const turned = (all: Float32Array, width: number): Float32Array =>
    Float32Array.from(all, (_, i) => {
      const d = i % width;
      const c = Math.floor(i / width) % variates;
      const h = Math.floor(i / (width * variates)) % steps;
      const n = Math.floor(i / (width * variates * steps));
      return all[((n * variates + c) * steps + h) * width + d]!;
    });
  for (const [label, all] of Object.entries(values)) {
    const stored = `${prefix}.output.${label}`;
    if (!cases.tensors.has(stored)) continue;
    const want = tensorValues(cases, stored);
    const most = want.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const tolerance = label.startsWith('param.') ? PARAMETER * Math.max(1, most) : MOMENT * most;
    comparison.array(stored, turned(all, /weights/.test(label) ? 4 : 1), want, tolerance);
  }
  const mean = turned(values.forecast!, 1);
  const row = (i: number): number => Math.floor(i / (steps * variates)) * variates + (i % variates);
  const want = tensorValues(cases, `${prefix}.output.mean`);
  const most = mean.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const restored = Float64Array.from(mean, (value, i) => value * scaled.scale[row(i)]! + scaled.loc[row(i)]!);
  comparison.array(
    `${prefix}.output.mean`,
    restored,
    want,
    (i) => MOMENT * scaled.scale[row(i)]! * most + LEVEL * Math.abs(scaled.loc[row(i)]!),
  );
  if (prefix === name) {
    comparison.array(`${name}.ref64`, mean, tensorValues(cases, `${name}.ref64.mean_normalized`), MOMENT * most);
  }
}
