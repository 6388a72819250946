/** TimesFM checkpoints without their config, or with one that is not theirs: the architecture is told from the tensors. */

import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { configOf } from '../support/caseFiles.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

const folders = ['timesfm-1', 'timesfm-2', 'timesfm-2.5'].flatMap((family) =>
  // The transformers port has a config of its own, always.
  sharedFolders(`golden/${family}`)
    .filter((folder) => !folder.startsWith('hf-'))
    .map((folder) => ({ family, path: `golden/${family}/${folder}` })),
);

describe.skipIf(!sharedPresent)('the architecture of a TimesFM checkpoint', () => {
  it('has reference cases', () => expect(folders.length).toBeGreaterThan(0));

  it.for(folders)('$path is told from its tensors', async ({ family, path }) => {
    const weights = sharedBytes(`${path}/model.safetensors`);
    const files = [{ path: 'model.safetensors', data: weights }];
    const given = await openCheckpoint({
      name: 'given',
      configJson: await configOf(async (f) => sharedBytes(`${path}/${f}`)),
      files,
    });
    const answers = { positions: family === 'timesfm-1' ? 'sinusoids' : 'plain' };
    for (const configJson of [undefined, '{"_name_or_path": "x"}']) {
      const told = await openCheckpoint({ name: 'told', files, ...(configJson && { configJson }) }, answers);
      expect(told.card).toMatchObject({ family, horizon: given.card.horizon, parameters: given.card.parameters });
      expect(told.card.sites).toEqual(given.card.sites);
      expect(told.card.notes?.length).toBeGreaterThan(0);
      // The same graph, node by node, once the context has the same length.
      const graphs = [given, told].map((model) => {
        const graph = new Graph();
        model.architecture.addTo(graph, { contexts: 1, channels: 1, length: given.card.contextLength });
        return graph.nodes.map(({ operation, operands, output }) => [
          'name' in operation ? operation.name : operation.kind,
          operands.map(({ id }) => id),
          output.shape,
        ]);
      });
      expect(graphs[1]).toEqual(graphs[0]);
    }
  });
});
