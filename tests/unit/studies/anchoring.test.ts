import { describe, expect, it } from 'vitest';
import { anchoringProblem, neededContext } from '../../../src/studies/anchoring.ts';

const plain = { title: 'Timer', contextLength: 672 };
const causal = { title: 'TimesFM 2.0', contextLength: 512, causal: { patchLength: 32, mostPatches: 16 } };

describe('anchored contexts in a study', () => {
  it.each([
    [plain, null, 672, undefined],
    [plain, 4, 672, 'Timer cannot forecast with anchored contexts.'],
    [causal, null, 512, undefined],
    [causal, 4, 128, undefined],
    [causal, 16, 512, undefined],
    [causal, 17, 544, 'Anchored contexts of 17 patches are longer than the 16 this model reads.'],
  ] as const)('of %o, from %s patches, need %i ticks: %s', (card, anchoredPatches, ticks, message) => {
    expect(neededContext(card, { anchoredPatches })).toBe(ticks);
    expect(anchoringProblem(card, { anchoredPatches, maskLifetime: 'backtest' })?.message).toBe(message);
  });

  it('cannot have fresh masks at every forecast, which is said at that setting', () => {
    const problem = anchoringProblem(causal, { anchoredPatches: 4, maskLifetime: 'tick' });
    expect(problem).toMatchObject({ code: 'study/anchored', where: 'maskLifetime' });
    expect(anchoringProblem(causal, { anchoredPatches: null, maskLifetime: 'tick' })).toBeUndefined();
  });
});
