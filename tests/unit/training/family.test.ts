import { describe, expect, it } from 'vitest';
import {
  defaultFamilySettings,
  drawnOf,
  familyOf,
  parseFamilySettings,
} from '../../../src/training/fineTuning/family.ts';
import { prepareFineTuning, trainingKey } from '../../../src/training/fineTuning/prepare.ts';
import { shortSettings, smallMarket, smallModel } from '../../support/fineTuning.ts';

describe('a family as it is typed', () => {
  const base = shortSettings();

  it('draws from the values of each control and leaves the others as they are', () => {
    const family = parseFamilySettings({
      ...{ members: 12, learningRate: '0,001; 0.002', trainable: 'head;lora', halfLifeSteps: '4', loss: 'mae' },
      ...{ windowFraction: '', weightDecay: '', dropoutRate: '', schedule: '' },
    });
    const members = familyOf(base, family);
    expect(members).toHaveLength(12);
    expect(new Set(members.map(({ learningRate }) => learningRate))).toEqual(new Set([0.001, 0.002]));
    expect(new Set(members.map(({ trainable }) => trainable))).toEqual(new Set(['head', 'lora']));
    for (const member of members) {
      expect(member).toMatchObject({ halfLifeSteps: 4, loss: 'mae', windowFraction: 1, schedule: base.schedule });
    }
    expect(drawnOf(members[0]!, family)).toMatch(
      /^loss absolute error, half-life of steps ahead 4, learning rate 0\.00[12], trained weights (head|lora)$/,
    );
    expect(familyOf(base, { ...family, members: 3 })).toEqual(members.slice(0, 3));
  });

  it.each([
    ['learningRate', '0.001; fast', 'Learning rate must be a number from 1e-7 to 1'],
    ['trainable', 'all; tail', 'Trained weights must be all or head'],
    ['members', 1, 'Fine-tunings must be a whole number from 2 to 64'],
  ])('says which field is at fault: %s', (id, value, message) => {
    expect(() => parseFamilySettings({ [id]: value })).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ where: id, message: expect.stringContaining(message) }),
      }),
    );
  });

  it('of new baselines varies nothing that they do not have', () => {
    const members = familyOf({ ...base, start: 'gru' }, defaultFamilySettings);
    expect(new Set(members.map(({ trainable }) => trainable))).toEqual(new Set([base.trainable]));
    expect(drawnOf(members[0]!, defaultFamilySettings)).not.toContain('trained weights');
  });

  it('trains what a single training of the same settings would, and is recognised by it', async () => {
    const [model, grids] = [await smallModel(), smallMarket()];
    const members = familyOf(base, { ...defaultFamilySettings, assets: 'AAA; BBB', members: 4 });
    const symbols = grids.map(({ symbol }) => symbol);
    const keys = [];
    for (const [i, member] of members.entries()) {
      const settings = { ...member, assets: symbols[i % 2]! };
      const key = await trainingKey(model, grids, settings);
      expect((await prepareFineTuning(model, grids, settings)).key).toBe(key);
      keys.push(key);
    }
    expect(new Set(keys).size).toBe(4);
  });
});
