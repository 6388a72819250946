import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logGamma, regularisedBeta } from '../../../src/core/special.ts';

describe('log gamma', () => {
  it('is the logarithm of factorials, and of √π at one half', () => {
    let factorial = 1;
    for (let n = 1; n <= 15; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  });
});

describe('the regularised incomplete beta function', () => {
  const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const shape = fc.double({ min: 0.05, max: 60, noNaN: true });

  it('is one less its mirror image, and grows', () => {
    fc.assert(
      fc.property(share, shape, shape, (x, a, b) => {
        expect(regularisedBeta(x, a, b)).toBeCloseTo(1 - regularisedBeta(1 - x, b, a), 10);
        expect(regularisedBeta(x + 0.0005, a, b)).toBeGreaterThanOrEqual(regularisedBeta(x, a, b) - 1e-12);
      }),
    );
  });

  it('is x^a for b = 1, and a binomial tail for whole numbers', () => {
    fc.assert(
      fc.property(share, shape, (x, a) => {
        expect(regularisedBeta(x, a, 1)).toBeCloseTo(x ** a, 10);
      }),
    );
    // P(at least 3 of 5) at 0.3: 10·0.027·0.49 + 5·0.0081·0.7 + 0.00243.
    expect(regularisedBeta(0.3, 3, 3)).toBeCloseTo(0.1323 + 0.02835 + 0.00243, 12);
  });
});
