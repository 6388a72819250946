/** Every family's reference checkpoints with their matrices in fewer bits: they load, forecast, and say how far off they are. */

import { describe, expect, it } from 'vitest';
import { openCheckpoint, withPrecision } from '../../src/models/checkpoint.ts';
import { quantisable } from '../../src/models/checkpoints/quantise.ts';
import { openForward } from '../../src/models/forward.ts';
import { measurePrecision } from '../../src/models/precision.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { configOf } from '../support/caseFiles.ts';
import { builtFolders } from '../support/modelCases.ts';
import { randomValues } from '../support/operatorCases.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

const runtime = openNodeRuntime();
const read = async (path: string): Promise<Uint8Array> => sharedBytes(path);
const folders = await builtFolders(async (path) => sharedFolders(path), read);

describe.skipIf(!sharedPresent)('checkpoints in fewer bits', () => {
  it.for(folders)('%s', async (folder) => {
    const path = `golden/${folder}`;
    const configJson = await configOf((file) => read(`${path}/${file}`));
    const full = await openCheckpoint({ name: folder, configJson, weights: await read(`${path}/model.safetensors`) });
    const wide = [...full.table.tensors.values()].some(({ shape }) => quantisable(shape));
    const errors: number[] = [];
    for (const precision of ['int8', 'int4'] as const) {
      const narrow = withPrecision(full, precision);
      const report = await measurePrecision(full, narrow, precision, runtime);
      expect(report.error).toBeLessThan(precision === 'int8' ? 0.1 : 1);
      expect(report.weightBytes).toBeLessThanOrEqual(report.fullBytes);
      errors.push(report.error!);
      // The official way to longer horizons reads further graphs from the same weights.
      const { rollOut, shape } = full.architecture;
      if (!rollOut || precision === 'int4') continue;
      const passes = openForward(narrow, runtime);
      const series = [Float64Array.from(randomValues('series', shape.contextLength), (value) => 100 + value)];
      const options = { decoding: 'expected' as const };
      const rolled = await rollOut({ series, horizon: shape.horizon + 1, variants: 1, options }, passes.forward);
      await passes.release();
      expect(rolled.values.every(Number.isFinite)).toBe(true);
    }
    if (wide) expect(errors[0]).toBeLessThan(errors[1]! + 1e-9);
  });
});
