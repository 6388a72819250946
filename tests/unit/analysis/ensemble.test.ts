import { expect, test } from 'vitest';
import { ensembleOf } from '../../../src/analysis/ensemble.ts';
import { deterministicReturns } from '../../../src/analysis/honesty.ts';
import { decompose } from '../../../src/risk/decomposition/decomposition.ts';
import { type PlantedRun, plantedResult } from '../runs/plantedResult.ts';

const planted: PlantedRun = { configurations: 8, variants: 2, days: 30, sharpePerDay: 0.2, seed: 1 };

test('the members’ deterministic returns are the variants, and their disagreement is the epistemic risk', async () => {
  const members = [await plantedResult(planted), await plantedResult({ ...planted, seed: 2, variants: 4 })];
  const ensemble = ensembleOf(members);
  expect(ensemble.variants).toBe(2);
  expect(ensemble.riskFreePerPeriod).toBeCloseTo(members[0]!.riskFreePerPeriod, 15);
  for (const point of ensemble.configurations) {
    const rows = members.map((run) => deterministicReturns(run, point.index));
    const expected = decompose(Float64Array.from(rows.flatMap((row) => [...row])), 2, 30);
    expect(point.decomposition).toEqual(expected);
    expect(deterministicReturns(ensemble, point.index)[7]).toBeCloseTo((rows[0]![7]! + rows[1]![7]!) / 2, 15);
    expect(point.traded).toBe(true);
  }
});

test('copies of one model do not disagree', async () => {
  const run = await plantedResult(planted);
  const ensemble = ensembleOf([run, run, run]);
  for (const { sigmaBps } of ensemble.configurations) expect(sigmaBps.epistemic).toBeLessThan(1e-9);
});

test('a single run, other days or other configurations are no ensemble, and it says which', async () => {
  const run = await plantedResult(planted);
  expect(() => ensembleOf([run])).toThrow('at least 2 runs');
  expect(() => ensembleOf([])).toThrow('at least 2 runs');
  const longer = await plantedResult({ ...planted, days: 31 });
  expect(() => ensembleOf([run, longer])).toThrow('differ in their days');
  const fewer = await plantedResult({ ...planted, configurations: 7 });
  expect(() => ensembleOf([run, fewer])).toThrow('differ in their configurations');
});
