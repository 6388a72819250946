/**
 * What a market line is worth believing: slope through r_f and free slope with intervals over days and variants together, whether
 * eq. 7 holds, whether the cloud is a line at all, and what few variants do to it (docs/statistics.md, "The line").
 */

import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import {
  fitDeming,
  fitMoments,
  fitSimex,
  type MomentLine,
  NORMAL_ERROR_RATIO,
  sigmaErrors,
} from '../risk/lines/deming.ts';
import { type Exponent, fitExponent, fitQuadratic, normalTest } from '../risk/lines/lineTests.ts';
import { fitLeastSquares, fitThroughRiskFree, type Line, whyNoLine } from '../risk/lines/marketLine.ts';
import { neweyWestError } from '../risk/moments/neweyWest.ts';
import { median } from '../risk/moments/statistics.ts';
import { type KCurvePoint, kCurve } from '../risk/resampling/kCurve.ts';
import { MaskCloud, type MaskPanel, maskPanel, type SigmaForm, sigmaForms } from '../risk/resampling/maskCloud.ts';
import { type CloudInference, defaultTwoWay, type FormInference, twoWayInference } from '../risk/resampling/twoWay.ts';
import { tradedPanel } from './lineIntervals.ts';
import type { MarketLineSummary } from './marketLineResult.ts';

/** Is the cloud a line, and does it start at r_f? Per period. */
export interface LineShape {
  /** n: configurations with a σ. */
  readonly points: number;
  /** Of the free line. */
  readonly r2Centred: number;
  /** Of the line through r_f; negative where a constant would do better. */
  readonly r2CentredThrough: number;
  /** Eq. 7: intercept less r_f, in the error over days and variants. */
  readonly intercept: {
    readonly difference: number;
    readonly z: number;
    readonly pValue: number;
    /** By the two-way interval (given this variant, where there is one) and by p: in a few periods they need not agree. */
    readonly verdict: 'rejected' | 'notRejected' | 'unclear';
  };
  /** Of mean on σ², in the error over days; null for three points or fewer. */
  readonly curvature: { readonly curvature: number; readonly z: number; readonly pValue: number } | null;
  /** Mean premium ∝ σ^exponent; a line through r_f has 1. */
  readonly exponent: Exponent | null;
  /** Lines that allow for the error of σ; null where not determined. */
  readonly deming: Line | null;
  readonly moments: MomentLine | null;
  readonly simex: Line | null;
}

export interface Headline {
  /** The form of σ that is shown first: corrected, or plug-in where fewer than three points have a corrected σ. */
  readonly form: SigmaForm;
  readonly inference: CloudInference;
  readonly shapes: Readonly<Record<SigmaForm, LineShape | UserProblem>>;
  readonly kCurve: readonly KCurvePoint[];
  /** Of the configurations' annual ratios on total σ. */
  readonly sharpe: { readonly median: number; readonly best: number } | null;
  /** Share of epistemic variance that is a difference lasting over all periods; null for one variant. */
  readonly lastingShare: number | null;
  /** K */
  readonly variants: number;
  /** T */
  readonly periods: number;
}

const SIMEX_LAMBDAS = [0.5, 1, 1.5, 2];
const SIMEX_ROWS = 100;
const MOST_SUBSETS = 120;

/** The inference of one form. */
export function formOf(headline: Headline): FormInference {
  return headline.inference.forms[headline.form];
}

/**
 * Some seconds for a hundred configurations: for a worker.
 *
 * @param seed of the run: the same run gives the same figures
 * @returns the problem where there is no line or no interval at all
 * @throws AbortError soon after the signal
 */
export async function headlineOf(
  result: Pick<MarketLineSummary, 'configurations' | 'periodReturns' | 'variants' | 'periods' | 'riskFreePerPeriod'>,
  seed: number,
  signal?: AbortSignal,
): Promise<Headline | UserProblem> {
  const { riskFreePerPeriod: riskFree } = result;
  const panel = maskPanel(tradedPanel(result));
  const cloud = new MaskCloud(panel, riskFree);
  cloud.sampleAll(sigmaForms);
  const plugIn = cloud.sigma[sigmaForms.indexOf('plugIn')]!;
  const problem = whyNoLine(plugIn, cloud.points.mean);
  if (problem) return problem;
  const shapes = {
    corrected: shapeOf(cloud, 'corrected', riskFree, seed),
    plugIn: shapeOf(cloud, 'plugIn', riskFree, seed),
  };
  const ratios = result.configurations.flatMap(({ traded, sharpe }) => (traded && sharpe !== null ? [sharpe] : []));
  try {
    const inference = await twoWayInference(
      panel,
      { ...defaultTwoWay, riskFreePerPeriod: riskFree, seed },
      undefined,
      signal,
    );
    return {
      form: 'code' in shapes.corrected ? 'plugIn' : 'corrected',
      inference,
      shapes: {
        corrected: withIntercept(shapes.corrected, inference.forms.corrected, riskFree),
        plugIn: withIntercept(shapes.plugIn, inference.forms.plugIn, riskFree),
      },
      kCurve: kCurve(panel, riskFree, MOST_SUBSETS, seed),
      sharpe: ratios.length > 0 ? { median: median(ratios), best: Math.max(...ratios) } : null,
      lastingShare: lastingShare(panel),
      variants: panel.variants,
      periods: panel.periods,
    };
  } catch (caught) {
    if (caught instanceof UserError) return toProblem(caught);
    throw caught;
  }
}

function shapeOf(cloud: MaskCloud, form: SigmaForm, riskFree: number, seed: number): LineShape | UserProblem {
  const sigma = cloud.sigma[sigmaForms.indexOf(form)]!;
  const kept = Array.from(sigma, (_, c) => c).filter((c) => !Number.isNaN(sigma[c]!));
  const [x, y] = [kept.map((c) => sigma[c]!), kept.map((c) => cloud.points.mean[c]!)];
  const problem = whyNoLine(x, y);
  if (problem) return problem;
  const errors = sigmaErrors(x, cloud.panel.periods);
  const stream = new RandomStream(seed, 'line/simex');
  const noise = Array.from({ length: SIMEX_ROWS }, () => Float64Array.from(x, () => stream.normal()));
  return {
    points: kept.length,
    r2Centred: fitLeastSquares(x, y).r2,
    r2CentredThrough: fitThroughRiskFree(x, y, riskFree).r2Centred,
    intercept: { difference: Number.NaN, z: Number.NaN, pValue: Number.NaN, verdict: 'unclear' },
    curvature: curvatureOf(cloud, form, kept, x, y),
    exponent: determined(() => fitExponent(x, y, riskFree)),
    deming: determined(() => fitDeming(x, y, NORMAL_ERROR_RATIO)),
    moments: determined(() => fitMoments(x, y, errors)),
    simex: determined(() => fitSimex(x, y, errors, SIMEX_LAMBDAS, noise)),
  };
}

function withIntercept(
  shape: LineShape | UserProblem,
  { intercept, slope }: FormInference,
  riskFree: number,
): LineShape | UserProblem {
  if ('code' in shape) return shape;
  // Where errors are all there is of σ's spread, or the sign of the free slope is not known, such a line may stand anywhere.
  const known = shape.moments !== null && Math.abs(slope.estimate) > 2 * slope.dayError;
  const difference = intercept.estimate - riskFree;
  const test = normalTest(difference, Math.hypot(intercept.dayError, intercept.maskError ?? 0));
  const interval = intercept.twoWay ?? intercept.days;
  const byError = test.pValue < 0.05;
  const byInterval = interval ? riskFree < interval.low || riskFree > interval.high : byError;
  const verdict = byError !== byInterval ? 'unclear' : byError ? 'rejected' : 'notRejected';
  return {
    ...shape,
    deming: known ? shape.deming : null,
    simex: known ? shape.simex : null,
    intercept: { difference, ...test, verdict },
  };
}

function curvatureOf(
  cloud: MaskCloud,
  form: SigmaForm,
  kept: readonly number[],
  x: readonly number[],
  y: readonly number[],
): LineShape['curvature'] {
  const quadratic = determined(() => fitQuadratic(x, y));
  if (!quadratic) return null;
  const spread = (values: Float64Array): Float64Array => {
    const all = new Float64Array(cloud.panel.configurations);
    kept.forEach((c, i) => {
      all[c] = values[i]!;
    });
    return all;
  };
  const error = neweyWestError(cloud.influenceOfDays(form, spread(quadratic.byX), spread(quadratic.byY)));
  return { curvature: quadratic.curvature, ...normalTest(quadratic.curvature, error) };
}

/** Null where the points do not determine it, or leave nothing finite. */
function determined<T extends object>(of: () => T | null): T | null {
  try {
    const found = of();
    return found && 'slope' in found && !Number.isFinite(found.slope) ? null : found;
  } catch (caught) {
    if (caught instanceof UserError) return null;
    throw caught;
  }
}

/**
 * Of the variance over variants, the part that is a difference of their means over all periods (analysis of variance: what periods
 * leave of it by chance is taken off), mean over configurations. No number of days removes it.
 */
function lastingShare({ configurations, variants: k, periods: t, data }: MaskPanel): number | null {
  if (k < 2 || t < 2 || configurations === 0) return null;
  let [lasting, all] = [0, 0];
  for (let c = 0; c < configurations; c++) {
    const means = new Float64Array(k);
    let within = 0;
    for (let day = 0; day < t; day++) {
      let centre = 0;
      for (let i = 0; i < k; i++) centre += data[(c * k + i) * t + day]! / k;
      for (let i = 0; i < k; i++) {
        const off = data[(c * k + i) * t + day]! - centre;
        means[i] = means[i]! + off / t;
        within += off * off;
      }
    }
    let between = 0;
    for (const value of means) between += value * value;
    const total = within / (t * k);
    const residual = (within - t * between) / ((t - 1) * (k - 1));
    lasting += Math.max(0, between / (k - 1) - residual / t) * ((k - 1) / k);
    all += total;
  }
  return all > 0 ? Math.min(1, lasting / all) : null;
}
