/**
 * Tensors under the names that the family's official code gives them, whatever saved them: aliases of tied tensors, wrappers' prefixes, queries, keys
 * and values fused or apart. Nothing is guessed: a reading is taken where all of the family's names match, and it is said.
 */

import { sizeOf, type Tensor } from '../graph/ir.ts';
import { bytesPerElement } from './safetensors.ts';
import type { TableTensor, TensorTable } from './tensors.ts';

export interface FittedNames {
  readonly table: TensorTable;
  /** What was done to the names, for people. */
  readonly notes: readonly string[];
}

type Tensors = ReadonlyMap<string, TableTensor>;

/** Safetensors writes a tensor that is used twice once; its metadata name the others (`safetensors.torch.save_model`). */
export function withAliases(table: TensorTable): TensorTable {
  const tensors = new Map(table.tensors);
  for (const [alias, name] of Object.entries(table.metadata)) {
    const tensor = table.tensors.get(name);
    if (tensor && !tensors.has(alias)) tensors.set(alias, tensor);
  }
  return { ...table, tensors };
}

/**
 * The same tensors by the names that are wanted, as far as they can be told.
 *
 * @param tied names that official code gives one tensor, in groups: any of them stands for the others
 */
export function fitNames(
  table: TensorTable,
  wanted: ReadonlyMap<string, Tensor>,
  tied: readonly (readonly string[])[] = [],
): FittedNames {
  for (const change of changesOf(table.tensors, wanted, tied)) {
    const behind = withTied(changed(table.tensors, change), wanted, tied);
    const files = [...table.files];
    const { tensors, notes } = withProjections(behind, wanted, files);
    if ([...wanted.keys()].every((name) => tensors.has(name))) {
      const said = [...changeNotes(change), ...notes];
      return { table: { ...table, files, tensors }, notes: said };
    }
  }
  return { table, notes: [] };
}

/** Tables without what may be a wrapper's prefix, the plain one first: for telling a family by its names. */
export function unwrappedTables(table: TensorTable): readonly TensorTable[] {
  const prefixes = [''];
  const names = [...table.tensors.keys()];
  const parts = names[0]?.split('.') ?? [];
  for (let depth = 1; depth < Math.min(parts.length, DEEPEST_WRAPPER + 1); depth++) {
    const prefix = `${parts.slice(0, depth).join('.')}.`;
    if (names.filter((name) => name.startsWith(prefix)).length * 2 > names.length) prefixes.push(prefix);
  }
  return prefixes.map((prefix) => ({ ...table, tensors: behindPrefix(table.tensors, prefix) }));
}

const DEEPEST_WRAPPER = 4;

/** What is taken off before names, or put there. */
interface PrefixChange {
  readonly off: string;
  readonly on: string;
}

/** Nothing first; then whatever stands before one of the wanted names in the file, the shortest first; last what the file lacks. */
function changesOf(
  tensors: Tensors,
  wanted: ReadonlyMap<string, Tensor>,
  tied: readonly (readonly string[])[],
): readonly PrefixChange[] {
  const first = [...wanted.keys()].find((name) => !tied.some((group) => group.includes(name)) && !partOf(name));
  const prefixes = new Set<string>();
  for (const name of tensors.keys()) {
    if (first && name.endsWith(`.${first}`)) prefixes.add(name.slice(0, -first.length));
  }
  const common = commonPrefix([...wanted.keys()]);
  const lacks = common && first && tensors.has(first.slice(common.length)) ? [{ off: '', on: common }] : [];
  const off = [...prefixes].sort((a, b) => a.length - b.length).map((prefix) => ({ off: prefix, on: '' }));
  return [{ off: '', on: '' }, ...off, ...lacks];
}

function changed(tensors: Tensors, { off, on }: PrefixChange): Map<string, TableTensor> {
  return on === '' ? behindPrefix(tensors, off) : new Map([...tensors].map(([name, tensor]) => [on + name, tensor]));
}

function behindPrefix(tensors: Tensors, prefix: string): Map<string, TableTensor> {
  const behind = [...tensors].filter(([name]) => name.startsWith(prefix));
  const names = new Map(behind.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  // What lies elsewhere keeps its name, so that it is seen to be unused.
  for (const [name, tensor] of tensors) if (!name.startsWith(prefix) && !names.has(name)) names.set(name, tensor);
  return names;
}

function changeNotes({ off, on }: PrefixChange): readonly string[] {
  if (on !== '') return [`The tensors' names lack ${on.slice(0, -1)}, which the official ones begin with.`];
  if (off === '') return [];
  return [`The tensors' names begin with ${off.slice(0, -1)}, which whatever saved them put there: taken off.`];
}

function commonPrefix(names: readonly string[]): string | undefined {
  const first = names[0]?.split('.')[0];
  return first !== undefined && names.every((name) => name.startsWith(`${first}.`)) ? `${first}.` : undefined;
}

function withTied(
  tensors: Map<string, TableTensor>,
  wanted: ReadonlyMap<string, Tensor>,
  tied: readonly (readonly string[])[],
): Map<string, TableTensor> {
  for (const group of tied) {
    const there = group.map((name) => tensors.get(name)).find((tensor) => tensor !== undefined);
    for (const name of group) if (there && wanted.has(name) && !tensors.has(name)) tensors.set(name, there);
  }
  return tensors;
}

/** Names of queries, keys and values, apart and in one, as they are in use. */
const projections: readonly { readonly parts: readonly string[]; readonly fused: readonly string[] }[] = [
  { parts: ['q_proj', 'k_proj', 'v_proj'], fused: ['qkv_proj', 'qkv', 'in_proj', 'Wqkv'] },
  { parts: ['query_projection', 'key_projection', 'value_projection'], fused: ['qkv_projection', 'qkv_proj', 'qkv'] },
  { parts: ['q', 'k', 'v'], fused: ['qkv'] },
];

/** Of a projection's name: what stands before it, which it is of its set, and `weight` or `bias`. */
function partOf(
  name: string,
): { stem: string; set: (typeof projections)[number]; part: string; end: string } | undefined {
  const [, stem = '', part = '', end = ''] = /^(.*\.)?([^.]+)\.(weight|bias)$/.exec(name) ?? [];
  const set = projections.find(({ parts, fused }) => parts.includes(part) || fused.includes(part));
  return set && { stem, set, part, end };
}

/** Splits fused projections where they are wanted apart (rows of queries, then keys, then values), and joins those that are wanted in one. */
function withProjections(
  tensors: Map<string, TableTensor>,
  wanted: ReadonlyMap<string, Tensor>,
  files: Uint8Array[],
): { tensors: Map<string, TableTensor>; notes: readonly string[] } {
  let [split, joined] = [0, 0];
  /** Read as others, so that nothing of them is left unread. */
  const taken = new Set<string>();
  for (const name of wanted.keys()) {
    const found = tensors.has(name) ? undefined : partOf(name);
    if (!found) continue;
    const { stem, set, part, end } = found;
    const isPart = set.parts.includes(part);
    if (isPart) {
      const heights = set.parts.map((each) => wanted.get(`${stem}${each}.${end}`)?.shape[0] ?? Number.NaN);
      const fused = fusedNames(stem, set.fused, end).find((each) => tensors.has(each)) ?? '';
      const whole = tensors.get(fused);
      if (!whole || whole.strides || whole.shape[0] !== heights[0]! + heights[1]! + heights[2]!) continue;
      const index = set.parts.indexOf(part);
      const above = heights.slice(0, index).reduce((sum, height) => sum + height, 0);
      tensors.set(name, rowsOf(whole, above, heights[index]!));
      taken.add(fused);
      split++;
    } else {
      const apart = projections
        .filter(({ fused }) => fused.includes(part))
        .map(({ parts }) => parts.map((each) => `${stem}${each}.${end}`))
        .find((three) => three.every((each) => tensors.has(each) && !tensors.get(each)!.strides));
      if (!apart) continue;
      tensors.set(
        name,
        joinRows(
          apart.map((each) => tensors.get(each)!),
          files,
        ),
      );
      for (const each of apart) taken.add(each);
      joined++;
    }
  }
  for (const name of taken) tensors.delete(name);
  const notes = [
    ...(split > 0 ? ['Queries, keys and values lie in one tensor, in this order: read as three.'] : []),
    ...(joined > 0 ? ['Queries, keys and values lie in three tensors: read as one.'] : []),
  ];
  return { tensors, notes };
}

function fusedNames(stem: string, fused: readonly string[], end: string): string[] {
  // PyTorch's own attention says `in_proj_weight`.
  return fused.flatMap((each) => [`${stem}${each}.${end}`, `${stem}${each}_${end}`]);
}

/** Rows of a tensor, where they lie. */
function rowsOf(tensor: TableTensor, first: number, count: number): TableTensor {
  const bytesPerRow = tensor.byteLength / tensor.shape[0]!;
  return {
    ...tensor,
    shape: [count, ...tensor.shape.slice(1)],
    byteOffset: tensor.byteOffset + first * bytesPerRow,
    byteLength: count * bytesPerRow,
  };
}

/** Tensors one below the other, as one more file. */
function joinRows(tensors: readonly TableTensor[], files: Uint8Array[]): TableTensor {
  const [{ type, shape }] = tensors as [TableTensor];
  const rows = tensors.reduce((sum, tensor) => sum + tensor.shape[0]!, 0);
  const whole = [rows, ...shape.slice(1)];
  const bytes = new Uint8Array(sizeOf(whole) * bytesPerElement[type]);
  let end = 0;
  for (const { file, byteOffset, byteLength } of tensors) {
    bytes.set(files[file]!.subarray(byteOffset, byteOffset + byteLength), end);
    end += byteLength;
  }
  files.push(bytes);
  return { type, shape: whole, byteOffset: 0, byteLength: end, file: files.length - 1 };
}
