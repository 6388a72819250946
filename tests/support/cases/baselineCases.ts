/** Runs the reference cases of the baselines: scores and intermediates of windows of features. Works in node and in a browser. */

import type { ContextBatch } from '../../../src/models/family.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { type Feeds, GraphSession, type Runtime } from '../../../src/models/runtime/runtime.ts';
import { type CaseFolder, caseNames, firstNumber, lastNumber, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { rowsOf, stackedMasks } from './pooling.ts';

/** Declares one test a case, and one for the dropout variants of case0. Cases of one length share a run. */
export function declareBaselineCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const { cases } = folder;
  const names = caseNames(cases);
  const runs = new Map<number, Promise<ReadonlyMap<string, Readonly<Record<string, Float32Array>>>>>();
  for (const name of names) {
    declare(name, async (comparison) => {
      const { length } = windowsOf(folder, name);
      const alike = names.filter((other) => windowsOf(folder, other).length === length);
      const run = runs.get(length) ?? runTogether(folder, alike, runtime);
      runs.set(length, run);
      compareCase(folder, name, (await run).get(name)!, comparison);
    });
  }
  const variants = new Set([...cases.tensors.keys()].flatMap((key) => /^case0\.variant\d+/.exec(key)?.[0] ?? []));
  declare(`${variants.size} variants`, async (comparison) => {
    const prefixes = [...variants];
    const masks = stackedMasks(folder, prefixes);
    const windows = windowsOf(folder, 'case0');
    const values = await pass(folder, windows, prefixes.length, masks, labelsOf(folder, prefixes), runtime);
    for (const [v, prefix] of prefixes.entries()) {
      const own = Object.entries(values).map(([label, all]) => {
        // What comes before the first mask is the same for all variants.
        const rows = rowsOf(all, prefixes.length, v, v + 1);
        return [label, rows] as const;
      });
      compareCase(folder, prefix, Object.fromEntries(own), comparison);
    }
  });
}

/** [N, T, F]: sequences as they are; flat rows are windows of one feature. */
function windowsOf({ cases, model }: CaseFolder, name: string): ContextBatch {
  const { channels } = model.card;
  const [contexts, width] = shapeOf(cases, `${name}.context`) as [number, number];
  const stored = `${name}.${cases.tensors.has(`${name}.sequence`) ? 'sequence' : 'context'}`;
  const values = Float64Array.from(tensorValues(cases, stored));
  return { values, contexts, length: width / channels, channels };
}

/** Labels of the graph that any of the cases or variants stores. */
function labelsOf({ cases, model }: CaseFolder, prefixes: readonly string[]): string[] {
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts: 1, channels: model.card.channels });
  return [...graph.labels.keys()].filter((label) => prefixes.some((prefix) => cases.tensors.has(`${prefix}.${label}`)));
}

async function pass(
  { model }: CaseFolder,
  windows: ContextBatch,
  variants: number,
  masks: Feeds,
  labels: readonly string[],
  runtime: Runtime,
): Promise<Readonly<Record<string, Float32Array>>> {
  const { contexts, length, channels } = windows;
  const graph = new Graph(variants);
  model.architecture.addTo(graph, { contexts, channels, length });
  const outputs = new Map([...graph.outputs, ...labels.map((label) => [label, graph.labels.get(label)!] as const)]);
  const session = await GraphSession.create(runtime, graph, model.weights, outputs);
  try {
    return await session.run({ ...model.architecture.prepare(windows).feeds, ...masks });
  } finally {
    await session.release();
  }
}

/** Runs cases of one length as one batch: on a GPU, compiling a session costs seconds. */
async function runTogether(
  folder: CaseFolder,
  names: readonly string[],
  runtime: Runtime,
): Promise<ReadonlyMap<string, Readonly<Record<string, Float32Array>>>> {
  const parts = names.map((name) => windowsOf(folder, name));
  const contexts = parts.reduce((sum, part) => sum + part.contexts, 0);
  const values = Float64Array.from(parts.flatMap((part) => [...part.values]));
  const all = await pass(folder, { ...parts[0]!, contexts, values }, 0, {}, labelsOf(folder, names), runtime);
  let start = 0;
  return new Map(
    names.map((name, i) => {
      const first = start;
      start += parts[i]!.contexts;
      const own = Object.entries(all).map(([label, rows]) => [label, rowsOf(rows, contexts, first, start)] as const);
      return [name, Object.fromEntries(own)] as const;
    }),
  );
}

/** Tolerances are `abs A + B*max`, or `abs A` alone. */
function compareCase(
  { cases, meta }: CaseFolder,
  prefix: string,
  values: Readonly<Record<string, Float32Array>>,
  comparison: GoldenComparison,
): void {
  const compare = (stored: string, got: ArrayLike<number>, formula: string | undefined): void => {
    const want = tensorValues(cases, stored);
    const [absolute, relative] = [firstNumber(formula), lastNumber(formula)];
    const most = want.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    comparison.array(stored, got, want, absolute + (relative === absolute ? 0 : relative * most));
  };
  for (const [label, got] of Object.entries(values)) {
    if (cases.tensors.has(`${prefix}.${label}`)) compare(`${prefix}.${label}`, got, meta.tolerance.intermediates);
  }
  compare(`${prefix}.output.score`, values.forecast!, meta.tolerance['output.score']);
}
