/** Runs the reference cases of TinyTimeMixer. Works in node and in a browser. */

import type { LoadedModel } from '../../../src/models/checkpoint.ts';
import type { SafetensorsFile } from '../../../src/models/checkpoints/safetensors.ts';
import type { ContextBatch } from '../../../src/models/family.ts';
import { Graph, maskInput } from '../../../src/models/graph/builder.ts';
import { GraphSession, type Runtime } from '../../../src/models/runtime/runtime.ts';
import {
  type CaseFolder,
  caseNames,
  contextOf,
  firstNumber,
  integerValues,
  lastNumber,
  shapeOf,
  tensorValues,
} from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { rowsOf } from './pooling.ts';

/** Declares one test a case, and one for the dropout variants of each kind. */
export function declareTtmCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const names = caseNames(folder.cases);
  const groups = variantGroups(folder.cases);
  if (names.length === 0 || groups.size === 0) throw new Error('the folder holds no cases or no dropout variants');
  const batches = new Map<number, Promise<ReadonlyMap<string, CaseRun>>>();
  const runOf = async (name: string): Promise<CaseRun> => {
    const channels = shapeOf(folder.cases, `${name}.context`)[2]!;
    const batch = batches.get(channels) ?? runTogether(folder, channels, runtime);
    batches.set(channels, batch);
    return (await batch).get(name)!;
  };
  for (const name of names) {
    declare(name, async (comparison) => compareCase(folder, name, await runOf(name), comparison));
  }
  for (const [kind, variants] of groups) {
    const optionalSites = kind === 'gatevariant';
    declare(`${variants.length} of ${kind}`, (comparison) =>
      compareVariants(folder, variants, optionalSites, runtime, comparison),
    );
  }
}

/** Names of the dropout variants of case0: `variant0`, `gatevariant1` …, grouped by kind. */
function variantGroups(cases: SafetensorsFile): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of cases.tensors.keys()) {
    const match = /^case0\.(([a-z]*variant)\d+)\.output\.normalized$/.exec(name);
    if (match) groups.set(match[2]!, [...(groups.get(match[2]!) ?? []), match[1]!]);
  }
  return groups;
}

interface CaseRun {
  readonly forecast: Float32Array;
  /** Float inputs and intermediates, by name. */
  readonly values: Readonly<Record<string, Float32Array>>;
  readonly scaling: unknown;
}

/**
 * Runs all deterministic cases with a number of channels as one batch, case after case: on a GPU, compiling a session
 * costs seconds. Returns every intermediate that any of them stores.
 */
async function runTogether(
  folder: CaseFolder,
  channels: number,
  runtime: Runtime,
): Promise<ReadonlyMap<string, CaseRun>> {
  const { cases, model } = folder;
  const names = caseNames(cases).filter((name) => shapeOf(cases, `${name}.context`)[2] === channels);
  const batches = names.map((name) => contextOf(cases, name));
  const prepared = names.map((name, i) => prepareCase(folder, name, batches[i]!));
  const contexts = batches.reduce((sum, batch) => sum + batch.contexts, 0);
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts, channels });
  const stored = [...graph.labels].filter(([label]) => names.some((name) => cases.tensors.has(`${name}.${label}`)));
  const outputs = new Map([...graph.outputs, ...stored]);
  const session = await GraphSession.create(runtime, graph, model.weights, outputs);
  try {
    const feeds = Object.keys(prepared[0]!.feeds).map(
      (input) => [input, joined(prepared.map((one) => one.feeds[input]!))] as const,
    );
    const { forecast, ...intermediates } = await session.run(Object.fromEntries(feeds));
    const floats = feeds.filter((feed): feed is readonly [string, Float32Array] => feed[1] instanceof Float32Array);
    const values = [...floats, ...Object.entries(intermediates)];
    let first = 0;
    return new Map(
      names.map((name, i) => {
        const start = first;
        first += batches[i]!.contexts;
        const own = (all: Float32Array): Float32Array => rowsOf(all, contexts, start, start + batches[i]!.contexts);
        const run: CaseRun = {
          forecast: own(forecast!),
          values: Object.fromEntries(values.map(([label, all]) => [label, own(all)])),
          scaling: prepared[i]!.scaling,
        };
        return [name, run];
      }),
    );
  } finally {
    await session.release();
  }
}

/** Inputs of several batches as the input of one: contexts are the outermost axis that is longer than 1. */
function joined(parts: readonly (Float32Array | Int32Array)[]): Float32Array | Int32Array {
  const values = parts.flatMap((part) => [...part]);
  return parts[0] instanceof Int32Array ? Int32Array.from(values) : Float32Array.from(values);
}

/** Compares one deterministic case: inputs and intermediates where the folder stores them, and outputs. */
function compareCase(folder: CaseFolder, name: string, run: CaseRun, comparison: GoldenComparison): void {
  const { cases, meta } = folder;
  const relative = firstNumber(meta.tolerance.intermediates);
  for (const [label, got] of Object.entries(run.values)) {
    if (!cases.tensors.has(`${name}.${label}`)) continue;
    const want = tensorValues(cases, `${name}.${label}`);
    const largest = want.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    comparison.array(`${name}.${label}`, got, want, relative * largest);
  }
  compareOutputs(folder, name, name, run.forecast, run.scaling, comparison);
}

/** Compares dropout variants of case0, all in one run, as the forecaster does. */
async function compareVariants(
  folder: CaseFolder,
  names: readonly string[],
  optionalSites: boolean,
  runtime: Runtime,
  comparison: GoldenComparison,
): Promise<void> {
  const batch = contextOf(folder.cases, 'case0');
  const graph = new Graph(names.length, optionalSites);
  folder.model.architecture.addTo(graph, batch);
  const { feeds, scaling } = prepareCase(folder, 'case0', batch);
  const masks: Record<string, Float32Array> = {};
  for (const site of graph.sites) {
    const rows = names.map((name) => tensorValues(folder.cases, `case0.${name}.mask.${site.name}`));
    masks[maskInput(site.name)] = Float32Array.from(rows.flatMap((row) => [...row]));
  }
  const session = await GraphSession.create(runtime, graph, folder.model.weights);
  try {
    const { forecast } = await session.run({ ...feeds, ...masks });
    const size = forecast!.length / names.length;
    names.forEach((name, v) => {
      const own = forecast!.slice(v * size, (v + 1) * size);
      compareOutputs(folder, 'case0', `case0.${name}`, own, scaling, comparison);
    });
  } finally {
    await session.release();
  }
}

/** The family's own preparation, with the case's frequency tokens put in as given. */
function prepareCase(
  folder: CaseFolder,
  name: string,
  batch: ContextBatch,
): ReturnType<LoadedModel['architecture']['prepare']> {
  const prepared = folder.model.architecture.prepare(batch);
  if (!folder.cases.tensors.has(`${name}.freq_token`)) return prepared;
  const frequency = Int32Array.from(integerValues(folder.cases, `${name}.freq_token`));
  return { ...prepared, feeds: { ...prepared.feeds, frequency } };
}

/**
 * Compares scaled and un-scaled forecasts. Float64 references decide where they are stored; the float32 output of the
 * official code is compared too, except in cases where its own rounding exceeds the tolerance.
 */
function compareOutputs(
  folder: CaseFolder,
  caseName: string,
  prefix: string,
  forecast: Float32Array,
  scaling: unknown,
  comparison: GoldenComparison,
): void {
  const { cases, meta, model } = folder;
  const [contexts, steps, channels] = shapeOf(cases, `${prefix}.output.normalized`) as [number, number, number];
  const scaled = stepsFirst(forecast, contexts, steps, channels);
  const restored = model.architecture.finish(forecast, scaling);
  const tolerance = firstNumber(meta.tolerance['output.normalized']);
  const relativeToLoc = lastNumber(meta.tolerance['output.prediction_outputs']);
  const loc = tensorValues(cases, `${caseName}.loc`);
  const scale = tensorValues(cases, `${caseName}.scale`);
  const channelOf = (i: number): number => Math.floor(i / (steps * channels)) * channels + (i % channels);

  const rounding = meta['float32_vs_float64_[max_abs,max_abs/max|y|]'][prefix]?.['output.normalized']?.[0] ?? 0;
  if (rounding <= tolerance / 2) {
    comparison.array(`${prefix}.normalized`, scaled, tensorValues(cases, `${prefix}.output.normalized`), tolerance);
    comparison.array(
      `${prefix}.prediction_outputs`,
      restored,
      tensorValues(cases, `${prefix}.output.prediction_outputs`),
      (i) => tolerance * scale[channelOf(i)]! + relativeToLoc * Math.abs(loc[channelOf(i)]!),
    );
  }
  if (!cases.tensors.has(`${prefix}.ref64.normalized`)) return;
  const exact = tensorValues(cases, `${prefix}.ref64.normalized`);
  const [exactLoc, exactLow, exactScale] = ['loc', 'loc_lo', 'scale'].map((n) =>
    tensorValues(cases, `${prefix}.ref64.${n}`),
  ) as [Float32Array, Float32Array, Float32Array];
  comparison.array(`${prefix}.ref64.normalized`, scaled, exact, tolerance);
  const want = Float64Array.from(exact, (value, i) => {
    const place = channelOf(i);
    return value * exactScale[place]! + exactLoc[place]! + exactLow[place]!;
  });
  comparison.array(`${prefix}.ref64.forecast`, restored, want, (i) => tolerance * exactScale[channelOf(i)]!);
}

/** [N, C, H] → [N, H, C]. */
function stepsFirst(x: Float32Array, contexts: number, steps: number, channels: number): Float32Array {
  return Float32Array.from({ length: contexts * steps * channels }, (_, i) => {
    const channel = i % channels;
    const step = Math.floor(i / channels) % steps;
    return x[(Math.floor(i / (channels * steps)) * channels + channel) * steps + step]!;
  });
}
