/** Reads the weights among a checkpoint's files, whatever their format: told from their contents, not from their names. */

import { wholeFileBudgetBytes } from '../../core/deviceBudget.ts';
import { fail } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import type { CheckpointFile } from '../types.ts';
import { readSafetensors } from './safetensors.ts';
import { isShardIndex, joinShards, readShardIndex } from './shards.ts';
import { type TensorTable, tableOf } from './tensors.ts';
import { isZip, readTorchFile } from './torchFile.ts';

/** A file's bytes in memory. */
export interface LoadedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Reads blobs into memory, one after the other: a checkpoint can be larger than what one call may read. @throws UserError `checkpoint/damaged` */
export async function loadFiles(files: readonly CheckpointFile[]): Promise<LoadedFile[]> {
  const total = files.reduce((sum, { data }) => sum + (data instanceof Uint8Array ? data.length : data.size), 0);
  const most = wholeFileBudgetBytes();
  if (total > most) {
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
    fail('checkpoint/too-large', `The weights have ${gigabytes(total)}; this device can be given ${gigabytes(most)}.`, {
      where: files[0]?.path ?? '',
      hint: 'Use a smaller model of the family.',
    });
  }
  const loaded: LoadedFile[] = [];
  for (const { path, data, sha256: known } of files) {
    const bytes = data instanceof Uint8Array ? data : await readBlob(data, path);
    if (known !== undefined) await checkHash(path, bytes, known);
    loaded.push({ path, bytes });
  }
  return loaded;
}

/** @throws UserError `checkpoint/damaged` where a file is not what it was when it was kept */
export async function checkHash(path: string, bytes: Uint8Array, known: string): Promise<void> {
  const now = await sha256(bytes);
  if (now === known) return;
  fail(
    'checkpoint/damaged',
    `The file is no longer what was kept: its SHA-256 begins with ${now.slice(0, 8)} instead of ${known.slice(0, 8)}.`,
    { where: path, hint: 'Delete the checkpoint from this device, and fetch or make it again.' },
  );
}

/**
 * The tensors of one weights file, or of shards and their index.
 * @throws UserError naming the file and what is wrong with it.
 */
export function readWeights(files: readonly LoadedFile[], name: string): TensorTable {
  const index = files.find(({ path }) => isShardIndex(path));
  if (!index) {
    const [first, second] = files;
    if (!first) return fail('checkpoint/no-weights', 'There is no weights file.', { where: name, hint: DROP_HINT });
    if (second) {
      fail(
        'checkpoint/no-index',
        `There are ${files.length} weights files and no index that says how they belong together.`,
        {
          where: name,
          hint: 'Drop the .index.json of the checkpoint too, or one weights file alone.',
        },
      );
    }
    return readWeightsFile(first.bytes, `${name}/${baseName(first.path)}`);
  }
  const where = `${name}/${baseName(index.path)}`;
  const map = readShardIndex(new TextDecoder().decode(index.bytes), where);
  const wanted = new Set(map.values());
  const shards = new Map(
    files
      .filter(({ path }) => wanted.has(baseName(path)))
      .map(({ path, bytes }) => [baseName(path), readWeightsFile(bytes, `${name}/${baseName(path)}`)]),
  );
  return joinShards(map, shards, where);
}

/** @throws UserError for a file of no known format, with a guess at what it is instead. */
function readWeightsFile(bytes: Uint8Array, where: string): TensorTable {
  if (isZip(bytes)) return readTorchFile(bytes, where);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  const refuse = (message: string, hint: string): never => fail('checkpoint/format', message, { where, hint });
  if (/^\s*<(!doctype|html)/i.test(start)) {
    refuse(
      'The file is a web page, not weights.',
      'A download was answered by a page: sign in or check the address, and download it again.',
    );
  }
  if (start.startsWith('version https://git-lfs')) {
    refuse(
      'The file is a pointer of Git LFS, not the weights themselves.',
      'Run "git lfs pull", or download the file from the hub.',
    );
  }
  // A safetensors header's length can begin with the same bytes; its text begins with a brace.
  if (bytes[0] === 0x80 && bytes[1]! <= 5 && bytes[8] !== 0x7b) {
    refuse(
      'The file is a bare pickle, as PyTorch wrote before 1.6.',
      'Load and save it again with a current PyTorch, or convert it to safetensors.',
    );
  }
  return tableOf(readSafetensors(bytes, where));
}

const DROP_HINT = 'Drop model.safetensors, pytorch_model.bin or torch_model.ckpt with the config.json.';

function baseName(path: string): string {
  return path.split('/').at(-1)!;
}

async function readBlob(blob: Blob, where: string): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(blob.size);
    const reader = blob.stream().getReader();
    let end = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes.set(part.value, end);
      end += part.value.length;
    }
    return bytes;
  } catch (caught) {
    return fail(
      'checkpoint/unreadable',
      `The file could not be read: ${caught instanceof Error ? caught.message : String(caught)}.`,
      {
        where,
        hint: `It has ${Math.round(blob.size / 1e6)} MB: close other pages if memory is short, and drop it again.`,
      },
    );
  }
}
