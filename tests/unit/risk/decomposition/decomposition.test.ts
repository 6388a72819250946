import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import { decompose, exceedsDeterministic } from '../../../../src/risk/decomposition/decomposition.ts';

const panels = fc
  .record({ variants: fc.integer({ min: 1, max: 6 }), periods: fc.integer({ min: 1, max: 12 }) })
  .chain(({ variants, periods }) =>
    fc.record({
      variants: fc.constant(variants),
      periods: fc.constant(periods),
      returns: fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), {
        minLength: variants * periods,
        maxLength: variants * periods,
      }),
    }),
  );

describe('decompose', () => {
  test('splits the pooled variance exactly, both ways, into parts that are never negative', () => {
    fc.assert(
      fc.property(panels, ({ returns, variants, periods }) => {
        const { totalVariance, timeResolved, meanReturn } = decompose(Float64Array.from(returns), variants, periods);
        for (const { epistemicVariance, aleatoryVariance } of [timeResolved, meanReturn]) {
          expect(epistemicVariance).toBeGreaterThanOrEqual(0);
          expect(aleatoryVariance).toBeGreaterThanOrEqual(0);
          expect(Math.abs(epistemicVariance + aleatoryVariance - totalVariance)).toBeLessThan(1e-15);
        }
      }),
    );
  });

  test('finds no epistemic risk where the variants agree, and no aleatory risk where the days do', () => {
    const agree = decompose(Float64Array.of(1, 2, 6, 1, 2, 6), 2, 3);
    expect(agree.timeResolved.epistemicVariance).toBe(0);
    expect(agree.timeResolved.aleatoryVariance).toBe(agree.totalVariance);
    const still = decompose(Float64Array.of(1, 1, 1, 4, 4, 4), 2, 3);
    expect(still.timeResolved.aleatoryVariance).toBe(0);
    expect(still.meanReturn.epistemicVariance).toBe(still.totalVariance);
  });

  test('the bias-corrected split is unbiased over many small panels of known variances', () => {
    const [variants, periods, panelCount] = [3, 6, 20_000];
    const stream = new RandomStream(1, 'test/decomposition');
    let epistemic = 0;
    let aleatory = 0;
    for (let panel = 0; panel < panelCount; panel++) {
      const day = Float64Array.from({ length: periods }, () => 2 * stream.normal());
      const returns = Float64Array.from({ length: variants * periods }, (_, i) => day[i % periods]! + stream.normal());
      const { unbiasedTimeResolved } = decompose(returns, variants, periods);
      epistemic += unbiasedTimeResolved.epistemicVariance / panelCount;
      aleatory += unbiasedTimeResolved.aleatoryVariance / panelCount;
    }
    expect(epistemic).toBeCloseTo(1, 1);
    expect(Math.abs(aleatory - 4)).toBeLessThan(0.1);
  });

  test('leaves a negative bias-corrected aleatory variance as it is, and says NaN for a single variant', () => {
    const noise = decompose(Float64Array.of(1, -1, -1, 1), 2, 2);
    expect(noise.unbiasedTimeResolved.aleatoryVariance).toBeLessThan(0);
    expect(decompose(Float64Array.of(1, 2), 1, 2).unbiasedTimeResolved.epistemicVariance).toBeNaN();
  });
});

describe('exceedsDeterministic', () => {
  test('compares the MC variance with the variance of the deterministic returns', () => {
    const decomposition = decompose(Float64Array.of(1, -1, -1, 1), 2, 2);
    expect(exceedsDeterministic(decomposition, Float64Array.of(0.5, -0.5))).toBe(true);
    expect(exceedsDeterministic(decomposition, Float64Array.of(2, -2))).toBe(false);
  });
});
