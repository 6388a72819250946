/** Fetches the checkpoints that come with the page. */

import { fail } from '../../src/core/errors.ts';
import type { CheckpointFiles } from '../../src/models/types.ts';

/**
 * @param name its folder below `checkpoints`
 * @param base address of the page
 */
export async function fetchEmbeddedCheckpoint(
  name: string,
  base: string,
  signal?: AbortSignal,
): Promise<CheckpointFiles> {
  const [config, weights] = await Promise.all([
    fetchPart(new URL(`checkpoints/${name}/config.json`, base), name, signal),
    fetchPart(new URL(`checkpoints/${name}/model.safetensors`, base), name, signal),
  ]);
  return {
    name,
    configJson: await config.text(),
    weights: new Uint8Array(await weights.arrayBuffer()),
  };
}

async function fetchPart(address: URL, name: string, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(address, signal ? { signal } : {}).catch((caught: unknown) => {
    signal?.throwIfAborted();
    return fail(
      'checkpoint/unreachable',
      `The embedded checkpoint ${name} could not be fetched: ${String(caught)}.`,
      hint,
    );
  });
  // A static server without the file may answer with the page itself.
  if (response.ok && !response.headers.get('content-type')?.includes('text/html')) return response;
  return fail(
    'checkpoint/unreachable',
    `The embedded checkpoint ${name} has no ${address.pathname.split('/').at(-1)} that is served with this page.`,
    hint,
  );
}

const hint = { hint: 'Reload the page, or drop a checkpoint of your own (config.json and model.safetensors).' };
