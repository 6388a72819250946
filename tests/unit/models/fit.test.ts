import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/models/hub/catalogue.ts';
import { type DeviceFacts, judgeFit, needsOf } from '../../../src/models/hub/fit.ts';
import { parseRepositoryName } from '../../../src/models/hub/repository.ts';

const GB = 2 ** 30;
const device: DeviceFacts = {
  storageBytes: 10 * GB,
  memoryBytes: 8 * GB,
  gpuBufferBytes: 2 * GB,
  adapter: 'x',
  half: false,
};
const half = needsOf(2e9, 5e8, 'f32');

describe('whether a checkpoint fits a device', () => {
  it.each<[string, Partial<DeviceFacts>, string, number]>([
    ['a device with room', {}, 'fits', 0],
    ['a device that tells nothing', { storageBytes: undefined, memoryBytes: undefined }, 'fits', 0],
    ['a full storage', { storageBytes: 1e9 }, 'too large', 1],
    ['half of the memory', { memoryBytes: 6 * GB }, 'tight', 1],
    ['too little memory', { memoryBytes: 2 * GB }, 'too large', 1],
    ['too little of both', { memoryBytes: 2 * GB, storageBytes: 0 }, 'too large', 2],
  ])('%s', (_, facts, verdict, reasons) => {
    const fit = judgeFit(half, { ...device, ...facts });
    expect(fit.verdict).toBe(verdict);
    expect(fit.reasons).toHaveLength(reasons);
  });

  it('is not denied by a memory that the browser rounds down to 8 GB', () => {
    expect(judgeFit(needsOf(12e9, 3e9, 'int4'), device).verdict).toBe('too large'); // Its storage, not its memory.
    expect(judgeFit(needsOf(8e9, 2e9, 'int8'), device).verdict).toBe('tight');
  });

  it('is told from the weights of the precision', () => {
    expect(needsOf(4e9, 1e9, 'int4').weightBytes).toBe(0.625e9);
    expect(judgeFit(needsOf(6e9, 1.5e9, 'f32'), { ...device, storageBytes: undefined }).reasons.join(' ')).toContain(
      'choose int8 or int4',
    );
  });
});

describe('the list of official checkpoints', () => {
  it('names each once, by a name the hub understands', () => {
    const names = catalogue.map(({ repository }) => repository);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(() => parseRepositoryName(name)).not.toThrow();
  });
});
