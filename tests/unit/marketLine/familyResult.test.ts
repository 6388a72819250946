import { expect, test } from 'vitest';
import { familyResultOf } from '../../../src/marketLine/familyResult.ts';
import { type PlantedRun, plantedResult } from '../runs/plantedResult.ts';

const planted: PlantedRun = { configurations: 8, variants: 2, days: 30, sharpePerDay: 0.2, seed: 1 };

test('every strategy of every member is a point, and the line goes through all of them', async () => {
  const members = [await plantedResult(planted), await plantedResult({ ...planted, seed: 2 })];
  const family = familyResultOf(members);
  expect(family.configurations.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(family.configurations[11]!.meanBps).toBe(members[1]!.configurations[3]!.meanBps);
  const block = 3 * 30;
  expect(family.periodReturns.slice(11 * block, 12 * block)).toEqual(
    members[1]!.periodReturns.slice(3 * block, 4 * block),
  );
  expect(family.tradeCounts).toHaveLength(2 * members[0]!.tradeCounts.length);
  const [joined, ...own] = [family, ...members].map(({ fits }) => {
    if (fits.aleatory.kind === 'none') throw new Error(fits.aleatory.problem.message);
    return fits.aleatory.leastSquares;
  });
  expect(joined!.slope).not.toBe(own[0]!.slope);
  expect(joined!.slopeStdErr).toBeLessThan(Math.max(...own.map(({ slopeStdErr }) => slopeStdErr)));
});

test('the family of one member is that member', async () => {
  const member = await plantedResult(planted);
  const { intervals: _, ...summary } = member;
  expect(familyResultOf([member])).toEqual(summary);
});

test('members of other days, configurations or variants are no family, and it says which', async () => {
  const member = await plantedResult(planted);
  expect(() => familyResultOf([])).toThrow('without members');
  for (const [change, word] of [
    [{ days: 31 }, 'days'],
    [{ configurations: 7 }, 'configurations'],
    [{ variants: 3 }, 'number of variants'],
  ] as const) {
    const other = await plantedResult({ ...planted, ...change });
    expect(() => familyResultOf([member, other])).toThrow(`differ in their ${word}`);
  }
});
