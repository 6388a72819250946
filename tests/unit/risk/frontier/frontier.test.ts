import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaSplit } from '../../../../src/risk/frontier/capm.ts';
import {
  capitalMarketLine,
  frontierOf,
  type Opportunities,
  opportunitiesOf,
  portfolioOf,
} from '../../../../src/risk/frontier/frontier.ts';
import { longOnlyAt, longOnlyMinimumVariance, longOnlyTangency } from '../../../../src/risk/frontier/longOnly.ts';
import { cholesky, multiply, solveCholesky } from '../../../../src/risk/moments/linearAlgebra.ts';

const number = fc.double({ min: -1, max: 1, noNaN: true });

/** n assets with a covariance far from singular: B·Bᵀ + 0.1·I. */
function opportunities(n: number): fc.Arbitrary<Opportunities> {
  const vector = fc.array(number, { minLength: n, maxLength: n });
  return fc
    .record({ mean: vector, factor: fc.array(vector, { minLength: n, maxLength: n }) })
    .map(({ mean, factor }) => ({
      mean: mean.map((value, i) => 0.05 * value + 0.001 * i),
      covariance: factor.map((left, i) =>
        factor.map((right, j) => left.reduce((sum, value, k) => sum + value * right[k]!, 0) + (i === j ? 0.1 : 0)),
      ),
    }));
}

/** Every portfolio of three assets without shorts whose weights are multiples of 1/steps. */
function simplex(steps: number): number[][] {
  const all: number[][] = [];
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; i + j <= steps; j++) all.push([i / steps, j / steps, (steps - i - j) / steps]);
  }
  return all;
}

describe('linear algebra', () => {
  test('Cholesky solves what it factorised', () => {
    fc.assert(
      fc.property(opportunities(5), ({ mean, covariance }) => {
        const solved = multiply(covariance, solveCholesky(cholesky(covariance), mean));
        solved.forEach((value, i) => {
          expect(value).toBeCloseTo(mean[i]!, 12);
        });
      }),
    );
  });

  test('a covariance of dependent series is refused', () => {
    const series = [
      [0.01, -0.02, 0.03],
      [0.02, -0.04, 0.06],
    ];
    expect(() => frontierOf(opportunitiesOf(series))).toThrow('The covariance is singular');
  });
});

describe('the frontier with shorts', () => {
  test('no other fully invested portfolio of the same mean has less risk', () => {
    const tilts = fc.array(number, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(opportunities(4), number, tilts, (assets, target, tilt) => {
        const { mean } = assets;
        const portfolio = frontierOf(assets).at(0.05 * target);
        expect(portfolio.mean).toBeCloseTo(0.05 * target, 9);
        expect(portfolio.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        // A change of weights that keeps sum and mean: it lies in the null space of (1, μ).
        const change = [
          (mean[1]! - mean[2]!) * tilt[0]!,
          (mean[2]! - mean[0]!) * tilt[0]!,
          (mean[0]! - mean[1]!) * tilt[0]!,
          0,
        ];
        const other = portfolioOf(
          assets,
          portfolio.weights.map((weight, i) => weight + change[i]!),
        );
        expect(other.stdev).toBeGreaterThanOrEqual(portfolio.stdev * (1 - 1e-9));
      }),
    );
  });

  test('two frontier portfolios span the frontier, and CAPM prices every asset by the tangency portfolio', () => {
    fc.assert(
      fc.property(opportunities(4), (assets) => {
        const frontier = frontierOf(assets);
        const [a, b, middle] = [0.01, 0.03, 0.02].map((target) => frontier.at(target).weights);
        middle!.forEach((weight, i) => {
          expect(weight).toBeCloseTo((a![i]! + b![i]!) / 2, 6);
        });
        const riskFree = frontier.minimumVariance.mean - 0.01;
        const market = frontier.tangency(riskFree);
        const { expectedReturn, systematicVariance, idiosyncraticVariance } = betaSplit(
          assets,
          market.weights,
          riskFree,
        );
        assets.mean.forEach((value, i) => {
          expect(expectedReturn[i]).toBeCloseTo(value, 7);
          expect(systematicVariance[i]! + idiosyncraticVariance[i]!).toBeCloseTo(assets.covariance[i]![i]!, 9);
        });
        expect(capitalMarketLine(market, riskFree)(market.stdev)).toBeCloseTo(market.mean, 12);
      }),
    );
  });

  test('there is no tangency portfolio above the mean of least risk, and no frontier of equal means', () => {
    const identity = {
      mean: [0.01, 0.01],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    };
    expect(() => frontierOf(identity).tangency(0.02)).toThrow('no more than the risk-free rate');
    expect(() => frontierOf(identity).at(0.02)).toThrow('All expected returns are equal');
  });
});

describe('the frontier without shorts', () => {
  const grid = simplex(40);

  test('beats every portfolio of a fine grid and is feasible itself', () => {
    fc.assert(
      fc.property(opportunities(3), fc.double({ min: 0, max: 1, noNaN: true }), (assets, share) => {
        const [lowest, highest] = [Math.min(...assets.mean), Math.max(...assets.mean)];
        const target = lowest + share * (highest - lowest);
        const at = longOnlyAt(assets, target);
        const least = longOnlyMinimumVariance(assets);
        const tangent = longOnlyTangency(assets, lowest - 0.01);
        for (const { weights } of [at, least, tangent]) {
          expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
        }
        expect(at.mean).toBeCloseTo(target, 9);
        const upper = target >= least.mean;
        for (const weights of grid) {
          const other = portfolioOf(assets, weights);
          expect(other.stdev).toBeGreaterThanOrEqual(least.stdev - 1e-10);
          expect((other.mean - lowest + 0.01) / other.stdev).toBeLessThanOrEqual(tangent.sharpe + 1e-10);
          // On the branch of the target, a portfolio further out has more risk.
          if (upper ? other.mean >= target : other.mean <= target) {
            expect(other.stdev).toBeGreaterThanOrEqual(at.stdev - 1e-10);
          }
        }
      }),
      {
        numRuns: 60,
        examples: [
          // The target comes out a rounding above the highest mean.
          [
            {
              mean: [0, -0.002106713294982817, 0.002],
              covariance: [
                [0.1, 0, 0],
                [0, 0.1, 0],
                [0, 0, 0.1],
              ],
            },
            1,
          ],
        ],
      },
    );
  });

  test('equals the closed form where that needs no shorts', () => {
    const assets = {
      mean: [0.01, 0.012, 0.014],
      covariance: [
        [0.04, 0.002, 0.001],
        [0.002, 0.05, 0.003],
        [0.001, 0.003, 0.06],
      ],
    };
    const closed = frontierOf(assets).at(0.012).weights;
    expect(Math.min(...closed)).toBeGreaterThan(0);
    longOnlyAt(assets, 0.012).weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(closed[i]!, 9);
    });
    longOnlyTangency(assets, 0.001).weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(frontierOf(assets).tangency(0.001).weights[i]!, 9);
    });
    expect(longOnlyAt(assets, 0.014).weights[2]).toBeCloseTo(1, 9);
    expect(() => longOnlyAt(assets, 0.02)).toThrow('Without short sales only means from 0.01 to 0.014');
    expect(() => longOnlyTangency(assets, 0.02)).toThrow('No asset earns more');
  });
});
