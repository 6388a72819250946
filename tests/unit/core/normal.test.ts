import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalQuantile } from '../../../src/core/normal.ts';

describe('the standard normal', () => {
  // SciPy's scipy.stats.norm
  test.each([
    [-8, 6.220960574271786e-16],
    [-3.5, 2.3262907903552504e-4],
    [-1.6448536269514722, 0.05],
    [0, 0.5],
    [2.5, 0.9937903346742238],
  ])('distribution function at %f is SciPy’s', (x, want) => {
    expect(Math.abs(normalCdf(x) / want - 1)).toBeLessThan(1e-11);
    expect(normalCdf(-x)).toBeCloseTo(1 - want, 14);
  });

  test('the quantile undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (probability) => {
        expect(Math.abs(normalCdf(normalQuantile(probability)) - probability)).toBeLessThan(1e-12);
      }),
    );
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  });
});
