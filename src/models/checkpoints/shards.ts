/** Checkpoints in several files: an index names the file that holds each tensor (`model.safetensors.index.json`). */

import { fail } from '../../core/errors.ts';
import type { TableTensor, TensorTable } from './tensors.ts';

/** True for the name of an index of shards. */
export function isShardIndex(path: string): boolean {
  return path.endsWith('.index.json');
}

/**
 * The file of each tensor.
 * @throws UserError `checkpoint/index`
 */
export function readShardIndex(text: string, where: string): ReadonlyMap<string, string> {
  const broken = (): never =>
    fail('checkpoint/index', 'The index has no weight_map that names a file for each tensor.', {
      where,
      hint: 'Use the index that belongs to the checkpoint, unchanged.',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return broken();
  }
  const map = typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return broken();
  const files = new Map<string, string>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string') return broken();
    files.set(tensor, file);
  }
  return files;
}

/** Names of the files an index asks for. */
function shardNames(index: ReadonlyMap<string, string>): string[] {
  return [...new Set(index.values())].sort();
}

/**
 * The shards as one table. Each tensor is taken from the file the index says.
 * @throws UserError `checkpoint/index` where a file or a tensor is missing.
 */
export function joinShards(
  index: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, TensorTable>,
  where: string,
): TensorTable {
  const names = shardNames(index);
  const missing = names.filter((name) => !shards.has(name));
  if (missing.length > 0) {
    fail('checkpoint/index', `Of ${names.length} files, ${missing.length} are missing: ${firstFew(missing)}.`, {
      where,
      hint: 'Drop the index together with all the files it names.',
    });
  }
  const files: Uint8Array[] = [];
  const firstFile = new Map<string, number>();
  for (const name of names) {
    firstFile.set(name, files.length);
    files.push(...shards.get(name)!.files);
  }
  const tensors = new Map<string, TableTensor>();
  const lost: string[] = [];
  for (const [tensor, file] of index) {
    const found = shards.get(file)!.tensors.get(tensor);
    if (found) tensors.set(tensor, { ...found, file: firstFile.get(file)! + found.file });
    else lost.push(`${tensor} in ${file}`);
  }
  if (lost.length > 0) {
    fail('checkpoint/index', `The index names tensors that are not where it says: ${firstFew(lost)}.`, {
      where,
      hint: 'The files belong to different checkpoints: use those of one.',
    });
  }
  return { files, tensors, metadata: shards.get(names[0]!)?.metadata ?? {} };
}

/** "a, b, c and 5 more" */
export function firstFew(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
