import { describe, expect, test } from 'vitest';
import { type BetaSplit, betaSplit } from '../../src/risk/frontier/capm.ts';
import { frontierOf, type Portfolio, type Tangency } from '../../src/risk/frontier/frontier.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

interface FrontierCase {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly riskFree: number;
  readonly targets: readonly number[];
  readonly expected: {
    readonly globalMinimumVariance: Portfolio;
    readonly frontier: readonly Omit<Portfolio, 'mean'>[];
    readonly tangency: Tangency;
    readonly capm: BetaSplit;
  };
}

/** Relative to the largest value of an array; closed forms that pass through a linear system of moderate condition. */
const SOLVED = 1e-8;

describe.skipIf(!sharedPresent)('frontier and CAPM against closed forms', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/frontier').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/frontier'))('%s', (file, context) => {
    const { targets, riskFree, expected, ...opportunities } = JSON.parse(
      sharedText(`golden/frontier/${file}`),
    ) as FrontierCase;
    const comparison = new GoldenComparison(context, 'golden/frontier', 'typescript');
    const compare = (name: string, got: readonly number[], want: readonly number[]) =>
      comparison.array(name, got, want, SOLVED * Math.max(...want.map(Math.abs)));
    const comparePortfolio = (name: string, got: Portfolio, want: Omit<Portfolio, 'mean'>) => {
      compare(`${name}.weights`, got.weights, want.weights);
      compare(`${name}.stdev`, [got.stdev], [want.stdev]);
    };

    const frontier = frontierOf(opportunities);
    const { globalMinimumVariance, tangency, capm } = expected;
    comparePortfolio('minimum variance', frontier.minimumVariance, globalMinimumVariance);
    compare('minimum variance.mean', [frontier.minimumVariance.mean], [globalMinimumVariance.mean]);
    targets.forEach((target, i) => {
      comparePortfolio(`frontier ${i}`, frontier.at(target), expected.frontier[i]!);
    });
    const tangent = frontier.tangency(riskFree);
    comparePortfolio('tangency', tangent, tangency);
    compare('tangency.sharpe', [tangent.sharpe], [tangency.sharpe]);
    const split = betaSplit(opportunities, tangent.weights, riskFree);
    for (const part of ['beta', 'systematicVariance', 'idiosyncraticVariance', 'expectedReturn'] as const) {
      compare(part, split[part], capm[part]);
    }
    comparison.finish();
  });
});
