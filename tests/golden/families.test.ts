/** Every family but TTM against the official code on WASM: every case, intermediate and dropout variant. */

import { describe } from 'vitest';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { builtFolders, testModelFolder } from '../support/modelCases.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

const runtime = openNodeRuntime();
const read = async (path: string): Promise<Uint8Array> => sharedBytes(path);
const folders = await builtFolders(async (path) => sharedFolders(path), read);

describe.skipIf(!sharedPresent)('families equal the official code (WASM)', () => {
  describe.for(folders)('%s', async (folder) => {
    await testModelFolder(`golden/${folder}`, runtime, read);
  });
});
