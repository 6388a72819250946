import { describe, expect, test } from 'vitest';
import { fitDeming, fitMoments, fitSimex, sigmaErrors } from '../../src/risk/lines/deming.ts';
import { lineFigures } from '../../src/risk/lines/lineFigures.ts';
import { classicalInterceptTest, fitExponent, fitQuadratic, normalTest } from '../../src/risk/lines/lineTests.ts';
import { fitLeastSquares, fitThroughRiskFree } from '../../src/risk/lines/marketLine.ts';
import { lagRule, neweyWestError } from '../../src/risk/moments/neweyWest.ts';
import { mean } from '../../src/risk/moments/statistics.ts';
import { kCurve } from '../../src/risk/resampling/kCurve.ts';
import { figureAt, MaskCloud, maskPanel, type SigmaForm, sigmaForms } from '../../src/risk/resampling/maskCloud.ts';
import {
  CloudDrawer,
  distanceP,
  drawError,
  MOST_UNDEFINED,
  percentileInterval,
  type Resampled,
  studentisedInterval,
} from '../../src/risk/resampling/twoWay.ts';
import { sharedFiles, sharedPresent } from '../support/shared.ts';
import { compareStatistics, readCase, type StatisticsCase } from '../support/statisticsCase.ts';

interface LineCase extends StatisticsCase {
  readonly riskFreeDaily: number;
  readonly confidence: number;
  readonly returns: readonly (readonly (readonly number[])[])[];
  readonly dayIndices: readonly (readonly number[])[];
  readonly maskIndices: readonly (readonly number[])[];
  readonly demingRatios: readonly number[];
  readonly simexLambdas: readonly number[];
  readonly simexNoise: readonly (readonly number[])[];
}

/** What the case calls each figure. */
const names = { through: 'through', slope: 'slope', intercept: 'intercept' } as const;

describe.skipIf(!sharedPresent)('tests of the line against the reference cases', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/line-tests').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/line-tests'))('line-tests %s', (file, context) => {
    const one = readCase<LineCase>('golden/line-tests', file);
    const { riskFreeDaily: riskFree, confidence, returns } = one;
    const [variants, periods] = [returns[0]!.length, returns[0]![0]!.length];
    const panel = maskPanel({
      returns: Float64Array.from(returns.flat(2)),
      rows: variants,
      periods,
      firstVariant: 0,
    });
    const cloud = new MaskCloud(panel, riskFree);
    const figures = structuredClone(cloud.sampleAll(sigmaForms));
    const points = structuredClone(cloud.points);
    const sigma = structuredClone(cloud.sigma);

    const lineOf = (form: SigmaForm) => {
      const f = sigmaForms.indexOf(form);
      const kept = Array.from(sigma[f]!, (_, c) => c).filter((c) => !Number.isNaN(sigma[f]![c]!));
      if (kept.length < 3) return null;
      const [x, y] = [kept.map((c) => sigma[f]![c]!), kept.map((c) => points.mean[c]!)];
      const noise = one.simexNoise.map((row) => kept.map((c) => row[c]!));
      const errors = sigmaErrors(x, periods);
      const error = (figure: (typeof lineFigures)[number]) => figures.dayErrors[figureAt(form, figure)]!;
      const ols = fitLeastSquares(x, y);
      const quadratic = fitQuadratic(x, y);
      const spread = (values: Float64Array) => {
        const all = new Float64Array(panel.configurations);
        kept.forEach((c, i) => {
          all[c] = values[i]!;
        });
        return all;
      };
      const curvatureError =
        quadratic &&
        neweyWestError(cloud.influenceOfDays(form, spread(quadratic.byX), spread(quadratic.byY)), lagRule(periods));
      const moments = fitMoments(x, y, errors);
      return {
        ols: {
          ...ols,
          slopeDayHac: error('slope'),
          interceptTest: {
            difference: ols.intercept - riskFree,
            classical: classicalInterceptTest(x, y, riskFree),
            dayHac: {
              lag: lagRule(periods),
              stdErr: error('intercept'),
              ...normalTest(ols.intercept - riskFree, error('intercept')),
            },
          },
        },
        throughRiskFree: { ...fitThroughRiskFree(x, y, riskFree), slopeDayHac: error('through') },
        quadratic: quadratic && {
          ...quadratic,
          dayHac: {
            lag: lagRule(periods),
            stdErr: curvatureError,
            ...normalTest(quadratic.curvature, curvatureError!),
          },
        },
        logLog: { excess: fitExponent(x, y, riskFree), raw: fitExponent(x, y, 0) },
        deming: one.demingRatios.map((ratio) => ({ errorVarianceRatio: ratio, ...fitDeming(x, y, ratio) })),
        momentCorrected: moments && { errorStdev: errors, ...moments },
        simex: fitSimex(x, y, errors, one.simexLambdas, noise),
      };
    };

    const jackknife = (form: SigmaForm, figure: (typeof lineFigures)[number]) => {
      const at = figureAt(form, figure);
      const f = sigmaForms.indexOf(form);
      const stdErr = figures.maskErrors[at]!;
      const unknown = form === 'corrected' && (figures.undefinedPoints[f]! > 0 || figures.undefinedWithout[f]! > 0);
      if (Number.isNaN(stdErr) || unknown) return null;
      const leaveOneOut = figures.leaveOneOut[at]!;
      const biasCorrected = variants * figures.estimates[at]! - (variants - 1) * mean(leaveOneOut);
      return { leaveOneOut, stdErr, biasCorrected };
    };

    const days = one.dayIndices.map((row) => Int32Array.from(row));
    const masks = one.maskIndices.map((row) => Int32Array.from(row));
    const bootstrap = (resampled: Resampled) => {
      const drawer = new CloudDrawer(
        cloud,
        resampled,
        days.length,
        (b) => days[b]!,
        (b) => masks[b]!,
      );
      for (let b = 0; b < days.length; b++) drawer.draw(b);
      const { estimates, errors, undefinedPoints } = drawer.draws;
      const found: Record<string, unknown> = {};
      for (const figure of lineFigures) {
        const at = figureAt('plugIn', figure);
        const estimate = figures.estimates[at]!;
        const stdErr = Math.hypot(figures.dayErrors[at]!, resampled === 'twoWay' ? figures.maskErrors[at]! : 0);
        const interval = studentisedInterval(estimate, stdErr, estimates[at]!, errors[at]!, confidence);
        const percentile = percentileInterval(estimates[at]!, confidence);
        found[names[figure]] = {
          undefinedDraws: 0,
          stdErr: drawError(estimates[at]!),
          percentile: [percentile.low, percentile.high],
          studentised: { stdErr, interval: [interval!.low, interval!.high] },
          ...(figure === 'intercept' && { pValueRiskFree: distanceP(estimate, riskFree, estimates[at]!) }),
        };
      }
      const left = undefinedPoints[sigmaForms.indexOf('corrected')]!;
      const whole = estimates[figureAt('corrected', 'slope')]!.filter((_, b) => left[b] === 0);
      const undefinedDraws = days.length - whole.length;
      const none = figures.undefinedPoints[0]! > 0 || undefinedDraws > MOST_UNDEFINED * days.length;
      const percentile = percentileInterval(whole, confidence);
      found.correctedSlope = {
        undefinedDraws,
        stdErr: none ? null : drawError(whole),
        percentile: none ? null : [percentile.low, percentile.high],
      };
      return found;
    };

    compareStatistics(context, 'golden/line-tests', one, {
      lag: lagRule(periods),
      points: {
        mean: points.mean,
        sigmaAleatory: sigma[sigmaForms.indexOf('plugIn')],
        sigmaEpistemic: points.epistemic.map(Math.sqrt),
        sigmaAleatoryCorrected: Array.from(sigma[sigmaForms.indexOf('corrected')]!, (value) =>
          Number.isNaN(value) ? null : value,
        ),
        undefined: figures.undefinedPoints[sigmaForms.indexOf('corrected')],
      },
      lines: { plugIn: lineOf('plugIn'), corrected: lineOf('corrected') },
      kCurve: kCurve(panel, riskFree, Number.POSITIVE_INFINITY, 1),
      jackknife:
        variants < 2
          ? null
          : {
              slope: jackknife('plugIn', 'slope'),
              intercept: jackknife('plugIn', 'intercept'),
              through: jackknife('plugIn', 'through'),
              correctedSlope: jackknife('corrected', 'slope'),
            },
      bootstrap: { days: bootstrap('days'), twoWay: bootstrap('twoWay') },
    });
  });
});
