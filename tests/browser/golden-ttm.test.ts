/** TinyTimeMixer against the official code on WebGPU: every case, intermediate and dropout variant, no node on the CPU. */

import { describe } from 'vitest';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { fetchShared, listSharedFolders } from '../support/browserShared.ts';
import { testModelFolder } from '../support/modelCases.ts';

const runtime = await openBrowserRuntime('webgpu', true);
const folders = await listSharedFolders('golden/ttm');

describe.skipIf(folders.length === 0)('TTM equals the official code (WebGPU)', () => {
  describe.for(folders)('%s', async (folder) => {
    await testModelFolder(`golden/ttm/${folder}`, runtime, fetchShared);
  });
});
