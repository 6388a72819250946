/** Training-step graphs against PyTorch's gradients on WebGPU, no node on the CPU: the loss and every gradient of each folder. */

import { describe, it } from 'vitest';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { fetchShared, listSharedFolders } from '../support/browserShared.ts';
import { GoldenComparison } from '../support/golden.ts';
import { compareGradients } from '../support/gradientCases.ts';
import { graphEngine } from '../support/gradients/engines.ts';
import { type GradientMeta, openGradientFolder } from '../support/gradients/folder.ts';
import { hasTask } from '../support/gradients/task.ts';

const engine = graphEngine(await openBrowserRuntime('webgpu', true));
const folders = await listSharedFolders('golden/gradients');

describe.skipIf(folders.length === 0)('gradients equal PyTorch (WebGPU)', () => {
  for (const name of folders) {
    it(name, async (context) => {
      const path = `golden/gradients/${name}`;
      const comparison = new GoldenComparison(context, path, 'webgpu');
      const meta = JSON.parse(new TextDecoder().decode(await fetchShared(`${path}/meta.json`))) as GradientMeta;
      // The reporter lists other folders as uncovered: no model of theirs can be opened.
      if (!hasTask(meta)) context.skip();
      const folder = await openGradientFolder((file) => fetchShared(`${path}/${file}`));
      await compareGradients(folder, '', engine, comparison);
      comparison.finish();
    });
  }
});
