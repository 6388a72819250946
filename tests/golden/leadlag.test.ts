import { describe, expect, test } from 'vitest';
import { averageOverAssets, leadLagCorrelations } from '../../src/analysis/leadLag.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

interface LeadLagCase {
  readonly lags: readonly number[];
  /** [T] each; `session` numbers the session of every tick, `null` is no prediction. */
  readonly assets: readonly {
    readonly session: readonly number[];
    readonly mid: readonly number[];
    readonly predictedMid: readonly (number | null)[];
  }[];
  readonly expected: {
    readonly perAsset: readonly (readonly (number | null)[])[];
    readonly average: readonly (number | null)[];
  };
}

/** Correlations of some hundred pairs of small numbers: only the order of summation differs. */
const TOLERANCE = 1e-10;

describe.skipIf(!sharedPresent)('lead-lag correlations against NumPy', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/leadlag').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/leadlag'))('%s', (file, context) => {
    const { lags, assets, expected } = JSON.parse(sharedText(`golden/leadlag/${file}`)) as LeadLagCase;
    const comparison = new GoldenComparison(context, 'golden/leadlag', 'typescript');
    const orNaN = (values: readonly (number | null)[]) => values.map((value) => value ?? Number.NaN);
    const perAsset = assets.map(({ session, mid, predictedMid }) => {
      const sessionStarts = session.flatMap((each, t) => (each === session[t - 1] ? [] : [t]));
      return leadLagCorrelations({ mid, predictedMid: orNaN(predictedMid), sessionStarts }, lags);
    });
    expected.perAsset.forEach((want, asset) => {
      comparison.array(`perAsset[${asset}]`, perAsset[asset]!, orNaN(want), TOLERANCE);
    });
    comparison.array('average', averageOverAssets(perAsset), orNaN(expected.average), TOLERANCE);
    comparison.finish();
  });
});
