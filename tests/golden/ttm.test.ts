/** TinyTimeMixer against the official code on WASM: every case, intermediate and dropout variant. */

import { describe } from 'vitest';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { testModelFolder } from '../support/modelCases.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

const runtime = openNodeRuntime();

describe.skipIf(!sharedPresent)('TTM equals the official code (WASM)', () => {
  describe.for(sharedFolders('golden/ttm'))('%s', async (folder) => {
    await testModelFolder(`golden/ttm/${folder}`, runtime, async (path) => sharedBytes(path));
  });
});
