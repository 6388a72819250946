import { describe, expect, it } from 'vitest';
import { neededContext } from '../../../src/forecasts/neededContext.ts';
import { modelProblem } from '../../../src/runs/modelDemands.ts';

const plain = { title: 'Timer', contextLength: 672 };
const causal = { title: 'TimesFM 2.0', contextLength: 512, causal: { patchLength: 32, mostPatches: 16 } };

describe('what a study asks of a model', () => {
  it.each([
    [plain, null, 672, undefined],
    [plain, 4, 672, 'Timer cannot forecast with anchored contexts.'],
    [causal, null, 512, undefined],
    [causal, 4, 128, undefined],
    [causal, 16, 512, undefined],
    [causal, 17, 544, 'Anchored contexts of 17 patches are longer than the 16 this model reads.'],
  ] as const)('of %o, from %s patches, need %i ticks: %s', (card, anchoredPatches, ticks, message) => {
    expect(neededContext(card, { anchoredPatches })).toBe(ticks);
    expect(modelProblem(card, { anchoredPatches, sampler: 'dropout' })?.message).toBe(message);
  });

  it('cannot have fresh masks at every forecast, which is said at that setting', () => {
    const problem = modelProblem(causal, { anchoredPatches: 4, sampler: 'fresh' });
    expect(problem).toMatchObject({ code: 'study/anchored', where: 'sampler' });
    expect(modelProblem(causal, { anchoredPatches: null, sampler: 'fresh' })).toBeUndefined();
  });

  it('draws from a posterior only where there is one', () => {
    const settings = { anchoredPatches: null, sampler: 'posterior' } as const;
    expect(modelProblem(plain, settings)).toMatchObject({ code: 'study/no-posterior', where: 'sampler' });
    expect(modelProblem({ ...plain, posterior: 'swag' }, settings)).toBeUndefined();
  });
});
