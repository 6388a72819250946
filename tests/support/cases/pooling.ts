/**
 * Forward passes of reference cases: brought to common shapes, so that few sessions are made (on a GPU each costs seconds),
 * and with the intermediates that the cases store.
 */

import type { Forward } from '../../../src/models/family.ts';
import { Graph, maskInput } from '../../../src/models/graph/builder.ts';
import { type CaseFolder, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';

/** Largest error of an intermediate, relative to its largest value. */
const LABEL_TOLERANCE = 2e-4;

/** Float32 rounding of values of order one: all that is left of a constant series in the official code. */
const ROUNDING = 1e-6;

/** Labels of the graph that any case of a folder stores. */
export function storedLabels({ model, cases }: CaseFolder): string[] {
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts: 1, channels: 1 });
  const stored = new Set([...cases.tensors.keys()].map((name) => name.replace(/^case\d+\./, '')));
  return [...graph.labels.keys()].filter((label) => stored.has(label));
}

/**
 * A `forward` whose passes all have the same number of rows and outputs, so that few sessions are made (on a GPU each costs
 * seconds), and what the first pass gave.
 */
export function pooled(
  forward: Forward,
  rows: number,
  labels: readonly string[],
): { readonly forward: Forward; readonly first: () => Readonly<Record<string, Float32Array>> } {
  let first: Readonly<Record<string, Float32Array>> = {};
  return {
    first: () => first,
    forward: async ({ batch, feeds, outputs }) => {
      const own = batch.contexts;
      const filledRows = Math.max(own, rows);
      const filled = Object.entries(feeds).map(([name, values]) => [name, fillRows(values, own, filledRows)] as const);
      const all = await forward({
        batch: { ...batch, contexts: filledRows },
        feeds: Object.fromEntries(filled),
        outputs: [...new Set([...labels, ...outputs])],
      });
      const cut = Object.entries(all).map(([name, values]) => [name, rowsOf(values, filledRows, 0, own)] as const);
      const result = Object.fromEntries(cut);
      if (Object.keys(first).length === 0) first = result;
      return result;
    },
  };
}

/** Repeats the last of `own` rows until there are `rows`. */
function fillRows(values: Float32Array | Int32Array, own: number, rows: number): Float32Array | Int32Array {
  const size = values.length / own;
  const source = (i: number): number => values[Math.min(Math.floor(i / size), own - 1) * size + (i % size)]!;
  const length = rows * size;
  return values instanceof Int32Array
    ? Int32Array.from({ length }, (_, i) => source(i))
    : Float32Array.from({ length }, (_, i) => source(i));
}

/** Compares intermediates where the case stores them, at patches that are not all padding. */
export function compareLabels(
  { cases }: CaseFolder,
  name: string,
  values: Readonly<Record<string, Float32Array>>,
  comparison: GoldenComparison,
): void {
  const padding = [`${name}.patch_padding`, `${name}.patch_mask`].find((one) => cases.tensors.has(one));
  const flags = padding ? tensorValues(cases, padding) : undefined;
  for (const [label, got] of Object.entries(values)) {
    if (!cases.tensors.has(`${name}.${label}`)) continue;
    const perPatch = flags && shapeOf(cases, `${name}.${label}`)[1] === shapeOf(cases, padding!)[1];
    const size = got.length / (flags?.length ?? 1);
    const valid = (_: number, i: number): boolean => !perPatch || flags[Math.floor(i / size)] === 0;
    const want = tensorValues(cases, `${name}.${label}`).filter(valid);
    const largest = want.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    comparison.array(`${name}.${label}`, got.filter(valid), want, LABEL_TOLERANCE * largest + ROUNDING);
  }
}

/** The values of the contexts [start, endExclusive) of a batch. */
export function rowsOf(all: Float32Array, contexts: number, start: number, endExclusive: number): Float32Array {
  const row = all.length / contexts;
  return all.subarray(start * row, endExclusive * row);
}

/** The masks of several variants (prefixes such as `case0.variant1`), as the graph reads them. */
export function stackedMasks({ model, cases }: CaseFolder, prefixes: readonly string[]): Record<string, Float32Array> {
  const rows = (site: string): number[] =>
    prefixes.flatMap((prefix) => [...tensorValues(cases, `${prefix}.mask.${site}`)]);
  return Object.fromEntries(
    model.card.sites.map(({ name }) => [maskInput(name), Float32Array.from(rows(name))] as const),
  );
}
