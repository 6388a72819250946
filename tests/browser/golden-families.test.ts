/** Every family but TTM against the official code on WebGPU: every case, intermediate and variant, no node on the CPU. */

import { describe } from 'vitest';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { fetchShared, listSharedFolders } from '../support/browserShared.ts';
import { builtFolders, testModelFolder } from '../support/modelCases.ts';

const runtime = await openBrowserRuntime('webgpu', true);
const folders = await builtFolders(listSharedFolders, fetchShared);

describe.skipIf(folders.length === 0)('families equal the official code (WebGPU)', () => {
  describe.for(folders)('%s', async (folder) => {
    await testModelFolder(`golden/${folder}`, runtime, fetchShared);
  });
});
