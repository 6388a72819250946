/** Finds a checkpoint's two files among what the user dropped, and fetches the embedded one. */

import { fail } from '../../core/errors.ts';
import type { CheckpointFiles } from '../../models/types.ts';
import type { DroppedFile } from './droppedFiles.ts';

/** The embedded checkpoint: pre-trained by this project (`npm run pretrain`), served with the page. */
export const embeddedCheckpoint = { name: 'ttm-nano', folder: 'checkpoints/ttm-nano' } as const;

/** What was dropped, sorted by what it is for. */
export interface SortedFiles {
  readonly config: DroppedFile | undefined;
  readonly weights: DroppedFile | undefined;
  /** Everything else: taken for quotes. */
  readonly quotes: readonly DroppedFile[];
}

/** A checkpoint is a `config.json` and a `.safetensors` file; of several of the latter `model.safetensors` is meant. */
export function sortFiles(files: readonly DroppedFile[]): SortedFiles {
  const config = files.find(({ file }) => file.name === 'config.json');
  const tensors = files.filter(({ file }) => file.name.endsWith('.safetensors'));
  const weights = tensors.find(({ file }) => file.name === 'model.safetensors') ?? tensors[0];
  const quotes = files.filter((file) => file !== config && !tensors.includes(file));
  return { config, weights, quotes };
}

/** Reads both files of a checkpoint; it is called after the folder they lay in, where that is known. */
export async function readCheckpoint(config: DroppedFile, weights: DroppedFile): Promise<CheckpointFiles> {
  const folder = weights.path.split('/').at(-2);
  return {
    name: folder ?? 'dropped checkpoint',
    configJson: await config.file.text(),
    weights: new Uint8Array(await weights.file.arrayBuffer()),
  };
}

export async function fetchEmbeddedCheckpoint(signal?: AbortSignal): Promise<CheckpointFiles> {
  const [config, weights] = await Promise.all([
    fetchPart('config.json', signal),
    fetchPart('model.safetensors', signal),
  ]);
  return {
    name: embeddedCheckpoint.name,
    configJson: await config.text(),
    weights: new Uint8Array(await weights.arrayBuffer()),
  };
}

async function fetchPart(name: string, signal: AbortSignal | undefined): Promise<Response> {
  const address = new URL(`${embeddedCheckpoint.folder}/${name}`, document.baseURI);
  const response = await fetch(address, signal ? { signal } : {}).catch((caught: unknown) => {
    signal?.throwIfAborted();
    return fail('checkpoint/unreachable', `The embedded checkpoint could not be fetched: ${String(caught)}.`, hint);
  });
  // A static server without the file may answer with the page itself.
  if (response.ok && !response.headers.get('content-type')?.includes('text/html')) return response;
  return fail('checkpoint/unreachable', `The embedded checkpoint's ${name} is not served with this page.`, hint);
}

const hint = { hint: 'Reload the page, or drop a checkpoint of your own (config.json and model.safetensors).' };
