import { describe, expect, test } from 'vitest';
import { type Decomposition, decompose } from '../../src/risk/decomposition/decomposition.ts';
import { fitLeastSquares, fitThroughRiskFree, type Line } from '../../src/risk/lines/marketLine.ts';
import { fitHuber, fitOrthogonal, fitTheilSen } from '../../src/risk/lines/robustLines.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

interface Fits {
  readonly ols: Line & { readonly r2: number; readonly slopeStdErr: number };
  readonly throughRiskFree: { readonly slope: number; readonly r2Uncentred: number; readonly r2Centred: number };
  readonly theilSen: Line;
  readonly huber: Line;
  readonly orthogonal: Line;
}

interface RiskCase {
  readonly riskFreeDaily: number;
  /** [C][K][T] */
  readonly returns: readonly (readonly (readonly number[])[])[];
  readonly expected: {
    readonly decomposition: readonly Decomposition[];
    readonly fits: Readonly<Record<'epistemic' | 'aleatory' | 'total', Fits>>;
  };
}

/** Relative to the expected value. */
const CLOSED_FORM = 1e-9;
/** Huber's estimate is an iteration stopped at a deviance change of 1e-8. */
const ITERATED = 1e-6;

/** Every number in a nested value, by its path. */
function leaves(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => leaves(inner, `${path}.${key}`));
}

describe.skipIf(!sharedPresent)('risk against the reference statistics', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/risk').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/risk'))('%s', (file, context) => {
    const { returns, riskFreeDaily, expected } = JSON.parse(sharedText(`golden/risk/${file}`)) as RiskCase;
    const comparison = new GoldenComparison(context, 'golden/risk', 'typescript');
    const compare = (name: string, got: object, want: object, relative: number) => {
      const mine = new Map(leaves(got));
      for (const [path, value] of leaves(want)) {
        comparison.number(name + path, mine.get(path) ?? Number.NaN, value, relative * Math.abs(value));
      }
    };

    const points = returns.map((rows) => decompose(Float64Array.from(rows.flat()), rows.length, rows[0]!.length));
    points.forEach((point, c) => {
      compare(`configuration ${c}`, point, expected.decomposition[c]!, CLOSED_FORM);
    });

    const y = points.map((point) => point.mean);
    const sigmas = {
      epistemic: points.map((point) => Math.sqrt(point.timeResolved.epistemicVariance)),
      aleatory: points.map((point) => Math.sqrt(point.timeResolved.aleatoryVariance)),
      total: points.map((point) => Math.sqrt(point.totalVariance)),
    };
    for (const priced of ['epistemic', 'aleatory', 'total'] as const) {
      const x = sigmas[priced];
      const want = expected.fits[priced];
      compare(`${priced}.ols`, fitLeastSquares(x, y), want.ols, CLOSED_FORM);
      compare(`${priced}.riskFree`, fitThroughRiskFree(x, y, riskFreeDaily), want.throughRiskFree, CLOSED_FORM);
      compare(`${priced}.theilSen`, fitTheilSen(x, y), want.theilSen, CLOSED_FORM);
      compare(`${priced}.huber`, fitHuber(x, y), want.huber, ITERATED);
      compare(`${priced}.orthogonal`, fitOrthogonal(x, y), want.orthogonal, CLOSED_FORM);
    }
    comparison.finish();
  });
});
