/** Which weights are trained: told from the graph alone, so that it holds for every family. */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import { Graph } from '../../models/graph/builder.ts';
import { sizeOf, type Tensor } from '../../models/graph/ir.ts';
import type { Architecture } from '../../models/registry.ts';
import { adapterSlots, layOut, layoutOf, type ParameterLayout } from '../parameters.ts';

export interface TrainableSettings {
  /** `blocks`: the last ones with what comes after; `lora`: low-rank changes of the matrices of all blocks. */
  readonly trainable: 'all' | 'head' | 'blocks' | 'norms' | 'lora';
  readonly lastBlocks: number;
  readonly loraRank: number;
  /** The change is scaled by alpha / rank. */
  readonly loraAlpha: number;
}

/** All weights of a model that is trained afresh, running statistics among them: training leaves those to `Batches.settled`. */
export function wholeLayout(architecture: Architecture): ParameterLayout {
  return layOut(declaredBy(architecture).weights);
}

/** @throws UserError `training/nothing-to-train` where the model has no such weights. */
export function trainableLayout(architecture: Architecture, settings: TrainableSettings): ParameterLayout {
  const graph = declaredBy(architecture);
  const all = layoutOf(graph);
  const chosen = namesOf(graph, settings);
  if (settings.trainable === 'all') return all;
  const slots = all.slots.filter(({ name }) => chosen.has(name));
  if (slots.length === 0) {
    fail('training/nothing-to-train', `This model has no weights that "${settings.trainable}" would train.`, {
      where: architecture.title,
      hint: 'Choose another trainable set.',
    });
  }
  if (settings.trainable !== 'lora') return layOut(slots.map((slot) => [slot.name, slot]));
  const { loraRank: rank, loraAlpha } = settings;
  const pieces = slots.flatMap(({ name, shape }) => {
    const [out, inner] = shape as [number, number];
    const { a, b } = adapterSlots(name);
    return [
      [a, { shape: [rank, inner] }],
      [b, { shape: [out, rank] }],
    ] as const;
  });
  return { ...layOut(pieces), adapters: { scale: loraAlpha / rank, names: chosen } };
}

/** First values: the checkpoint's; of adapters, A random and B zero, so that the first forecast is the checkpoint's. */
export function startingParameters(
  layout: ParameterLayout,
  values: (name: string) => Float32Array,
  seed: number,
): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.slots) {
    if (!layout.adapters) flat.set(values(name), offset);
    else if (name.endsWith('.lora_A')) {
      const stream = new RandomStream(seed, `adapter/${name}`);
      const bound = 1 / Math.sqrt(shape[1]!);
      for (let i = 0; i < sizeOf(shape); i++) flat[offset + i] = bound * (2 * stream.uniform() - 1);
    }
  }
  return flat;
}

/** What training made of a weight; undefined where it did not touch it. Adapters are merged in float64. */
export function trainedValues(
  layout: ParameterLayout,
  parameters: Float32Array,
  name: string,
  before: () => Float32Array,
): Float32Array | undefined {
  const piece = (wanted: string): { readonly shape: readonly number[]; readonly values: Float32Array } | undefined => {
    const slot = layout.slots.find((candidate) => candidate.name === wanted);
    return slot && { ...slot, values: parameters.subarray(slot.offset, slot.offset + sizeOf(slot.shape)) };
  };
  if (!layout.adapters?.names.has(name)) return piece(name)?.values.slice();
  const [a, b] = [piece(adapterSlots(name).a)!, piece(adapterSlots(name).b)!];
  const [rank, inner] = a.shape as [number, number];
  return before().map((value, i) => {
    const [row, column] = [Math.floor(i / inner), i % inner];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b.values[row * rank + k]! * a.values[k * inner + column]!;
    return value + layout.adapters!.scale * sum;
  });
}

function declaredBy(architecture: Architecture): Graph {
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: architecture.shape.channels });
  return graph;
}

function namesOf(graph: Graph, { trainable, lastBlocks }: TrainableSettings): ReadonlySet<string> {
  const uses = lastUses(graph);
  const names = [...graph.weights.keys()].filter((name) => !graph.statistics.has(name));
  if (trainable === 'norms') {
    return new Set(
      names.filter((name) => /norm|(^|\.)(ln|bn)\d*\./i.test(name) && graph.weights.get(name)!.shape.length === 1),
    );
  }
  const blocks = blocksOf(names, uses);
  if (trainable === 'lora') {
    const adaptable = (tensor: Tensor): boolean => tensor.shape.length === 2 && usedAsMatrix(graph, tensor);
    return new Set(names.filter((name) => adaptable(graph.weights.get(name)!)));
  }
  const lastBlock =
    blocks.length > 0 ? Math.max(...blocks.flatMap(({ members }) => members.map((m) => uses.get(m)!))) : -1;
  const inBlocks = new Set(blocks.flatMap(({ members }) => members));
  const lastUse = Math.max(...names.map((name) => uses.get(name)!));
  const after = names.filter((name) => blocks.length > 0 && !inBlocks.has(name) && uses.get(name)! > lastBlock);
  // Without blocks, or where the head is named as one of them, it is what the last operator with a weight reads.
  const head = after.length > 0 ? after : names.filter((name) => uses.get(name) === lastUse);
  if (trainable === 'head') return new Set(head);
  return new Set([...head, ...blocks.slice(-lastBlocks).flatMap(({ members }) => members)]);
}

/** The id of the last node that reads each weight, looking through reshapes and slices. */
function lastUses(graph: Graph): ReadonlyMap<string, number> {
  const source = new Map<number, string>();
  const uses = new Map<string, number>();
  for (const { operation, operands, output } of graph.nodes) {
    if (operation.kind === 'weight') source.set(output.id, operation.name);
    for (const operand of operands) {
      const name = source.get(operand.id);
      if (name === undefined) continue;
      uses.set(name, output.id);
      if (['reshape', 'slice', 'transpose', 'expand'].includes(operation.kind)) source.set(output.id, name);
    }
  }
  return uses;
}

/** Weights by block: what their names have in common up to the first number; in the order in which they are used last. */
function blocksOf(
  names: readonly string[],
  uses: ReadonlyMap<string, number>,
): { readonly last: number; readonly members: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const block = /^.*?\.\d+(?=\.)/.exec(name)?.[0];
    if (block) groups.set(block, [...(groups.get(block) ?? []), name]);
  }
  return [...groups.values()]
    .map((members) => ({ last: Math.max(...members.map((name) => uses.get(name)!)), members }))
    .sort((a, b) => a.last - b.last);
}

function usedAsMatrix(graph: Graph, weight: Tensor): boolean {
  return graph.nodes.some(({ operation, operands }) => operation.kind === 'linear' && operands[1]?.id === weight.id);
}
