/** Tensors that a file holds and the graph does not read: harmless ones, and those that are a sign that the checkpoint is another model than it is read as. */

import type { Tensor } from '../graph/ir.ts';
import { firstFew } from './shards.ts';
import type { TableTensor, TensorTable } from './tensors.ts';

/** Names of tensors that a family's official code holds and does not compute forecasts with, and why. */
export interface UnreadTensors {
  readonly names: RegExp;
  /** To follow the names: "a counter of training steps". */
  readonly why: string;
}

/** What any network may hold beside its weights. */
const everywhere: readonly UnreadTensors[] = [
  { names: /(^|\.)num_batches_tracked$/, why: 'counters of training steps' },
  { names: /(^|\.)(position_ids|inv_freq|rotary_emb\.inv_freq)$/, why: 'tables of positions that are computed anew' },
];

export interface UnusedTensors {
  /** A sentence for each kind that is known not to matter. */
  readonly notes: readonly string[];
  /** Names of the others. */
  readonly unknown: readonly string[];
}

/** Names of the tensors of the files that the graph does not read. */
export function unusedNames(table: TensorTable, wanted: ReadonlyMap<string, Tensor>): string[] {
  return [...table.tensors.keys()].filter((name) => !wanted.has(name) && !wanted.has(name.replace(/[._]scale$/, '')));
}

/** Sorts what is not read into what is known to be unused, and the rest. */
export function sortUnused(
  table: TensorTable,
  wanted: ReadonlyMap<string, Tensor>,
  ofFamily: readonly UnreadTensors[] = [],
): UnusedTensors {
  const known = new Map<string, string[]>();
  const note = (why: string, name: string): void => void known.set(why, [...(known.get(why) ?? []), name]);
  const unknown: string[] = [];
  const used = [...wanted.keys()].flatMap((name) => table.tensors.get(name) ?? []);
  for (const name of unusedNames(table, wanted)) {
    const why = [...everywhere, ...ofFamily].find(({ names }) => names.test(name))?.why;
    const tensor = table.tensors.get(name)!;
    if (why) note(why, name);
    else if (used.some((other) => isCopy(table, tensor, other))) note('copies of tensors that are read', name);
    else unknown.push(name);
  }
  const notes = [...known].map(
    ([why, names]) => `Not read: ${names.length} of the tensors (${firstFew(names)}), ${why}.`,
  );
  return { notes, unknown };
}

function isCopy({ files }: TensorTable, one: TableTensor, other: TableTensor): boolean {
  if (one.type !== other.type || one.byteLength !== other.byteLength || String(one.shape) !== String(other.shape)) {
    return false;
  }
  if (String(one.strides) !== String(other.strides)) return false;
  const [a, b] = [one, other].map(({ file, byteOffset, byteLength }) =>
    files[file]!.subarray(byteOffset, byteOffset + byteLength),
  ) as [Uint8Array, Uint8Array];
  return a.every((byte, i) => byte === b[i]);
}
