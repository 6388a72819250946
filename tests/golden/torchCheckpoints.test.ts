/** PyTorch checkpoints beside the safetensors of the same weights: the same tensors, and the same forecasts, config or not. */

import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { tableValues } from '../../src/models/checkpoints/tensors.ts';
import { openForward } from '../../src/models/forward.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { configOf } from '../support/caseFiles.ts';
import { GoldenComparison } from '../support/golden.ts';
import { randomValues } from '../support/operatorCases.ts';
import { sharedBytes, sharedFiles, sharedFolders, sharedPresent } from '../support/shared.ts';

const runtime = openNodeRuntime();
const names = ['torch_model.ckpt', 'pytorch_model.bin'];
const folders = sharedFolders('golden').flatMap((family) =>
  sharedFolders(`golden/${family}`).flatMap((folder) => {
    const path = `golden/${family}/${folder}`;
    const files = [...sharedFiles(path, '.ckpt'), ...sharedFiles(path, '.bin')].filter((file) => names.includes(file));
    return files.map((file) => ({ path, family, file }));
  }),
);

describe.skipIf(!sharedPresent)('a PyTorch checkpoint', () => {
  it('is among the reference cases', () => expect(folders.length).toBeGreaterThan(0));

  it.for(folders)(
    '$path/$file has the tensors and forecasts of its safetensors',
    async ({ path, family, file }, context) => {
      const comparison = new GoldenComparison(context, path, 'torch file');
      const read = async (name: string): Promise<Uint8Array> => sharedBytes(`${path}/${name}`);
      const configJson = await configOf(read);
      const safe = await openCheckpoint({ name: 'safe', configJson, weights: await read('model.safetensors') });
      const files = [{ path: file, data: await read(file) }];
      const torch = await openCheckpoint({ name: 'torch', configJson, files });
      for (const [name, tensor] of safe.table.tensors) {
        const other = torch.table.tensors.get(name)!;
        expect(other.shape).toEqual(tensor.shape);
        comparison.array(name, tableValues(torch.table, other), tableValues(safe.table, tensor), 0);
      }
      expect([...torch.table.tensors.keys()].sort()).toEqual([...safe.table.tensors.keys()].sort());

      // Without config the generation is the one question; the context is the one of the official sizes.
      const bare = await openCheckpoint(
        { name: 'bare', files },
        { positions: family === 'timesfm-1' ? 'sinusoids' : 'plain' },
      );
      expect(bare.card.family).toBe(safe.card.family);
      const length = safe.card.contextLength;
      const values = Float64Array.from(randomValues('series', length));
      const forecasts: Float64Array[] = [];
      for (const model of [safe, torch, bare]) {
        const passes = openForward(model, runtime);
        const result = await model.architecture.rollOut!(
          { series: [values], horizon: model.card.horizon, variants: 1, options: { paddedLength: length } },
          passes.forward,
        );
        forecasts.push(result.values);
        await passes.release();
      }
      comparison.array('forecast', forecasts[1]!, forecasts[0]!, 0);
      comparison.array('forecast without config', forecasts[2]!, forecasts[0]!, 0);
      comparison.finish();
    },
  );
});
