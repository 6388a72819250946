/** The baselines that the embedded study holds pretrained models against: there, small, and made again by their script. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedFiles, shippedCheckpoints } from '../../../scripts/modelCard.ts';
import { baselinesFolder } from '../../../scripts/study/defaultManifest.ts';
import { trainedBaseline } from '../../../scripts/study/trainedBaseline.ts';
import { floatValues, readSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { baselineIds } from '../../../src/training/baselineConfigs.ts';

/** Of all checkpoints that come with the page, these included. */
const LARGEST_TOGETHER = 6_000_000;
/** Bytes repeat on one machine; another's WASM engine may round differently. */
const ACROSS_MACHINES = 1e-3;

const weightsOf = (id: string): Uint8Array =>
  new Uint8Array(readFileSync(join(baselinesFolder, id, 'model.safetensors')));

describe('the embedded baselines', () => {
  it('are all six of the paper, within what the page may weigh', () => {
    expect(readdirSync(baselinesFolder).sort()).toEqual([...baselineIds].sort());
    const pretrained = shippedCheckpoints().map((name) => embeddedFiles(name).weights.length);
    const bytes = [...pretrained, ...baselineIds.map((id) => weightsOf(id).length)];
    expect(bytes.reduce((sum, length) => sum + length, 0)).toBeLessThan(LARGEST_TOGETHER);
  });

  it('say how they came about, and do not keep anyone from trading the demonstration', () => {
    for (const id of baselineIds) {
      const { metadata } = readSafetensors(weightsOf(id), id);
      expect(metadata).toMatchObject({ name: id, command: `npm run baselines -- --only ${id}` });
      expect(metadata.heldOut).toMatch(/% of persistence's/);
      expect(Object.keys(metadata).filter((key) => /backtest/i.test(key) && key !== 'fineTuning.ranges')).toEqual([]);
    }
  });

  it('come out of their script again', async () => {
    const { files } = await trainedBaseline('mlp', openNodeRuntime());
    const [again, shipped] = [files.weights, weightsOf('mlp')].map((bytes) => readSafetensors(bytes, 'mlp'));
    expect(files.configJson).toBe(readFileSync(join(baselinesFolder, 'mlp', 'config.json'), 'utf8'));
    expect([...again!.tensors.keys()]).toEqual([...shipped!.tensors.keys()]);
    for (const [name, entry] of shipped!.tensors) {
      const [here, there] = [floatValues(again!, again!.tensors.get(name)!), floatValues(shipped!, entry)];
      const largest = Math.max(...there.map(Math.abs));
      const furthest = here.reduce((most, value, i) => Math.max(most, Math.abs(value - there[i]!)), 0);
      expect(furthest, name).toBeLessThanOrEqual(ACROSS_MACHINES * largest);
    }
  });
});
