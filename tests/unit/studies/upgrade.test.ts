import { expect, it } from 'vitest';
import { upgradeManifest, upgradeResults } from '../../../src/studies/upgrade.ts';

const figures = [{ kind: 'beyond', data: 'market', models: ['a', 'b'] }];
const old = { schemaVersion: 2, title: 'T', studies: figures };

it('reads a manifest of version 2, whose figures were called studies', () => {
  expect(upgradeManifest(old)).toEqual({ schemaVersion: 3, title: 'T', figures });
});

it('reads results of version 2, with every number as it was', () => {
  const interval = { kind: 'interval', low: 1.25, high: Math.PI, blockDays: 4 };
  const results = { resultsVersion: 2, manifest: old, figures: [{ clouds: [{ intervals: { total: interval } }] }] };
  expect(upgradeResults(results)).toEqual({
    resultsVersion: 3,
    manifest: { schemaVersion: 3, title: 'T', figures },
    figures: [{ clouds: [{ intervals: { total: { kind: 'interval', low: 1.25, high: Math.PI, blockPeriods: 4 } } }] }],
  });
});

it.each([[null], [7], ['text'], [[]], [{ schemaVersion: 3, figures }], [{ schemaVersion: 1, studies: figures }]])(
  'leaves anything else as it is: %j',
  (given) => {
    expect(upgradeManifest(given)).toBe(given);
    expect(upgradeResults(given)).toBe(given);
  },
);
