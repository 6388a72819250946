import { describe, expect, test } from 'vitest';
import { philox } from '../../src/core/random.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

type Words = readonly [number, number, number, number];

interface PhiloxCases {
  readonly cases: readonly {
    readonly counter: Words;
    readonly key: readonly [number, number];
    readonly expected: Words;
  }[];
}

describe.skipIf(!sharedPresent)("Philox against Random123's known answers", () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/philox').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/philox'))('%s', (file, context) => {
    const { cases } = JSON.parse(sharedText(`golden/philox/${file}`)) as PhiloxCases;
    const comparison = new GoldenComparison(context, 'golden/philox', 'typescript');
    const words = new Uint32Array(4);
    cases.forEach(({ counter, key, expected }, i) => {
      philox(...counter, ...key, words);
      comparison.array(`case ${i}`, words, expected, 0);
    });
    comparison.finish();
  });
});
