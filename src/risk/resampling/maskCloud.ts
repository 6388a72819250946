/**
 * A cloud of configurations whose returns are known by variant (mask) and day, under any choice of days and masks: its points with
 * and without the bias of few masks, the lines through them, and their errors over days (Newey & West of the days' influence) and over
 * masks (jackknife). docs/statistics.md, "The line".
 */

import {
  emptyGradients,
  type LineFigure,
  type LineGradients,
  lineFigures,
  writeFigures,
} from '../lines/lineFigures.ts';
import { lagRule, neweyWestError } from '../moments/neweyWest.ts';
import type { ReturnPanel } from './dayStatistics.ts';

/**
 * What stands for σ. `corrected`: √(A − E/(K−1)), A the variance over days of the mean over masks, which holds E/(K−1) by averaging
 * over few masks, E the mean variance over masks. `plugIn`: √A, the portfolio of exactly these masks.
 */
export const sigmaForms = ['corrected', 'plugIn'] as const;
export type SigmaForm = (typeof sigmaForms)[number];

/** Returns less each configuration's mean. */
export interface MaskPanel {
  /** n */
  readonly configurations: number;
  /** K */
  readonly variants: number;
  /** T */
  readonly periods: number;
  /** [n, K, T] */
  readonly data: Float64Array;
  /** [n] */
  readonly centres: Float64Array;
  /** Configurations of the panel with a return that is not finite. */
  readonly leftOut: readonly number[];
}

export function maskPanel(panel: ReturnPanel): MaskPanel {
  const { returns, rows, periods, firstVariant } = panel;
  const cells = rows * periods;
  const variants = rows - firstVariant;
  const wanted = panel.include ?? Array.from({ length: returns.length / cells }, (_, c) => c);
  const blockOf = (c: number) => returns.subarray(c * cells + firstVariant * periods, (c + 1) * cells);
  const used = wanted.filter((c) => blockOf(c).every(Number.isFinite));
  const data = new Float64Array(used.length * variants * periods);
  const centres = new Float64Array(used.length);
  used.forEach((c, i) => {
    const block = blockOf(c);
    let sum = 0;
    for (const value of block) sum += value;
    centres[i] = sum / block.length;
    const from = i * variants * periods;
    for (let j = 0; j < block.length; j++) data[from + j] = block[j]! - centres[i]!;
  });
  const leftOut = wanted.filter((c) => !used.includes(c));
  return { configurations: used.length, variants, periods, data, centres, leftOut };
}

/** Points of one choice of days and masks. */
export interface MaskPoints {
  /** [n] */
  readonly mean: Float64Array;
  /** [n] A */
  readonly aleatory: Float64Array;
  /** [n] E */
  readonly epistemic: Float64Array;
}

/** Figures with their errors, of one choice of days and masks. Arrays: [forms × figures]. */
export interface SampleFigures {
  readonly estimates: Float64Array;
  /** Over days. */
  readonly dayErrors: Float64Array;
  /** Over masks; NaN where too few. */
  readonly maskErrors: Float64Array;
  /** [forms] points whose σ is not defined. */
  readonly undefinedPoints: Int32Array;
  /** [forms × figures][K] without each position's mask. */
  readonly leaveOneOut: readonly Float64Array[];
  /** [forms] most undefined points of the samples without a mask. */
  readonly undefinedWithout: Int32Array;
}

/** Where a figure of a form stands in the arrays. */
export function figureAt(form: SigmaForm, figure: LineFigure): number {
  return sigmaForms.indexOf(form) * lineFigures.length + lineFigures.indexOf(figure);
}

const FIGURES = sigmaForms.length * lineFigures.length;

/** Holds the arrays that every sample needs: one cloud, many samples. */
export class MaskCloud {
  readonly points: MaskPoints;
  readonly figures: SampleFigures;
  /** [forms][n] σ of the last sample; NaN where not defined. */
  readonly sigma: readonly Float64Array[];
  private readonly without: MaskPoints;
  private readonly withoutSigma: Float64Array;
  private readonly withoutFigures: Float64Array;
  private readonly gradients: LineGradients;
  /** Distinct days of the sample, how often each, and the place of a day among them. */
  private readonly days: Int32Array;
  private readonly dayWeights: Float64Array;
  private readonly placeOf: Int32Array;
  private readonly order: Int32Array;
  private dayCount = 0;
  private readonly masks: Int32Array;
  private readonly maskWeights: Float64Array;
  private maskCount = 0;
  /** [n, T] by distinct day: mean over masks, variance over masks. */
  private readonly m: Float64Array;
  private readonly v: Float64Array;
  /** [K, n, 3] by distinct mask: Σ w r, Σ w r², Σ w r·m over days. */
  private readonly moments: Float64Array;
  /** [n, 3] the same of m: mean, mean square, mean over masks of r². */
  private readonly whole: Float64Array;
  private readonly scratchM: Float64Array;
  private readonly scratchQ: Float64Array;

  constructor(
    readonly panel: MaskPanel,
    private readonly riskFree: number,
  ) {
    const { configurations: n, variants: k, periods: t } = panel;
    const pointsOf = (): MaskPoints => ({
      mean: new Float64Array(n),
      aleatory: new Float64Array(n),
      epistemic: new Float64Array(n),
    });
    this.points = pointsOf();
    this.without = pointsOf();
    this.sigma = sigmaForms.map(() => new Float64Array(n));
    this.withoutSigma = new Float64Array(n);
    this.withoutFigures = new Float64Array(lineFigures.length);
    this.gradients = emptyGradients(n);
    this.days = new Int32Array(t);
    this.dayWeights = new Float64Array(t);
    this.placeOf = new Int32Array(t);
    this.order = new Int32Array(t);
    this.masks = new Int32Array(k);
    this.maskWeights = new Float64Array(k);
    this.m = new Float64Array(n * t);
    this.v = new Float64Array(n * t);
    this.moments = new Float64Array(k * n * 3);
    this.whole = new Float64Array(n * 3);
    this.scratchM = new Float64Array(t);
    this.scratchQ = new Float64Array(t);
    this.figures = {
      estimates: new Float64Array(FIGURES),
      dayErrors: new Float64Array(FIGURES),
      maskErrors: new Float64Array(FIGURES),
      undefinedPoints: new Int32Array(sigmaForms.length),
      leaveOneOut: Array.from({ length: FIGURES }, () => new Float64Array(k)),
      undefinedWithout: new Int32Array(sigmaForms.length),
    };
  }

  /** The data themselves. */
  sampleAll(forms: readonly SigmaForm[], withMasks = true): SampleFigures {
    const every = (count: number) => Int32Array.from({ length: count }, (_, i) => i);
    return this.sample(every(this.panel.periods), every(this.panel.variants), forms, withMasks);
  }

  /**
   * Draws these days and masks, in this order.
   *
   * @param order [T] days @param masks [K]
   * @param withMasks also without each mask: half the work
   */
  sample(order: Int32Array, masks: Int32Array, forms: readonly SigmaForm[], withMasks: boolean): SampleFigures {
    this.choose(order, masks);
    for (let c = 0; c < this.panel.configurations; c++) this.sampleConfiguration(c, withMasks);
    for (const form of forms) this.fit(form, withMasks);
    return this.figures;
  }

  /**
   * [T] The influence of each day of the last sample on a function of the points, by its derivatives there.
   *
   * @param byX [n] by σ @param byY [n] by the mean
   */
  influenceOfDays(form: SigmaForm, byX: Float64Array, byY: Float64Array): Float64Array {
    const { configurations: n, periods: t, variants: k } = this.panel;
    const sigma = this.sigma[sigmaForms.indexOf(form)]!;
    const { mean, aleatory, epistemic } = this.points;
    const share = form === 'corrected' ? 1 / (k - 1) : 0;
    const { m, v, dayCount } = this;
    const own = new Float64Array(dayCount);
    for (let c = 0; c < n; c++) {
      const x = sigma[c]!;
      if (Number.isNaN(x)) continue;
      const [gy, gx] = [byY[c]!, byX[c]! / (2 * x)];
      const centre = mean[c]! - this.panel.centres[c]!;
      const constant = aleatory[c]! - share * epistemic[c]!;
      const at = c * t;
      for (let i = 0; i < dayCount; i++) {
        const d = m[at + i]! - centre;
        own[i] = own[i]! + gy * d + gx * (d * d - share * v[at + i]! - constant);
      }
    }
    const { order, placeOf } = this;
    return Float64Array.from(order, (day) => own[placeOf[day]!]!);
  }

  /** [T] The same on one figure of a line of the last sample; NaN where there is none. */
  influenceOn(form: SigmaForm, figure: LineFigure): Float64Array {
    const { gradients, points, panel, riskFree } = this;
    const sigma = this.sigma[sigmaForms.indexOf(form)]!;
    const i = lineFigures.indexOf(figure);
    writeFigures(sigma, points.mean, riskFree, this.withoutFigures, 0, gradients);
    if (Number.isNaN(this.withoutFigures[i]!)) return new Float64Array(panel.periods).fill(Number.NaN);
    return this.influenceOfDays(form, gradients.byX[i]!, gradients.byY[i]!);
  }

  private choose(order: Int32Array, masks: Int32Array): void {
    const { placeOf, days, dayWeights, maskWeights } = this;
    this.order.set(order);
    placeOf.fill(-1);
    this.dayCount = 0;
    for (const day of order) {
      const place = placeOf[day]!;
      if (place >= 0) {
        dayWeights[place] = dayWeights[place]! + 1;
        continue;
      }
      placeOf[day] = this.dayCount;
      days[this.dayCount] = day;
      dayWeights[this.dayCount++] = 1;
    }
    this.maskCount = 0;
    for (const mask of masks) {
      const known = this.masks.subarray(0, this.maskCount).indexOf(mask);
      if (known >= 0) maskWeights[known] = maskWeights[known]! + 1;
      else {
        this.masks[this.maskCount] = mask;
        maskWeights[this.maskCount++] = 1;
      }
    }
  }

  private sampleConfiguration(c: number, withMasks: boolean): void {
    const { panel, scratchM: mm, scratchQ: qq, days, dayWeights, dayCount, masks, maskWeights, maskCount } = this;
    const { variants: k, periods: t, data, configurations: n } = panel;
    mm.fill(0, 0, dayCount);
    qq.fill(0, 0, dayCount);
    for (let j = 0; j < maskCount; j++) {
      const weight = maskWeights[j]! / k;
      const row = (c * k + masks[j]!) * t;
      for (let i = 0; i < dayCount; i++) {
        const r = data[row + days[i]!]!;
        const weighted = weight * r;
        mm[i] = mm[i]! + weighted;
        qq[i] = qq[i]! + weighted * r;
      }
    }
    let [first, second, squares] = [0, 0, 0];
    const at = c * t;
    for (let i = 0; i < dayCount; i++) {
      const value = mm[i]!;
      const weighted = dayWeights[i]! * value;
      first += weighted;
      second += weighted * value;
      squares += dayWeights[i]! * qq[i]!;
      this.m[at + i] = value;
      // Rounding can leave a variance of zero slightly negative.
      this.v[at + i] = Math.max(0, qq[i]! - value * value);
    }
    first /= t;
    second /= t;
    squares /= t;
    this.points.mean[c] = panel.centres[c]! + first;
    this.points.aleatory[c] = Math.max(0, second - first * first);
    this.points.epistemic[c] = Math.max(0, squares - second);
    this.whole[3 * c] = first;
    this.whole[3 * c + 1] = second;
    this.whole[3 * c + 2] = squares;
    if (!withMasks) return;
    for (let j = 0; j < maskCount; j++) {
      const row = (c * k + masks[j]!) * t;
      let [sum, own, cross] = [0, 0, 0];
      for (let i = 0; i < dayCount; i++) {
        const r = data[row + days[i]!]!;
        const weighted = dayWeights[i]! * r;
        sum += weighted;
        own += weighted * r;
        cross += weighted * mm[i]!;
      }
      const to = (j * n + c) * 3;
      this.moments[to] = sum / t;
      this.moments[to + 1] = own / t;
      this.moments[to + 2] = cross / t;
    }
  }

  private fit(form: SigmaForm, withMasks: boolean): void {
    const { figures, riskFree, gradients, points } = this;
    const f = sigmaForms.indexOf(form);
    const offset = f * lineFigures.length;
    const sigma = this.sigma[f]!;
    figures.undefinedPoints[f] = writeSigma(points, form, this.panel.variants, sigma);
    writeFigures(sigma, points.mean, riskFree, figures.estimates, offset, gradients);
    const lag = lagRule(this.panel.periods);
    lineFigures.forEach((_, i) => {
      const undetermined = Number.isNaN(figures.estimates[offset + i]!);
      figures.dayErrors[offset + i] = undetermined
        ? Number.NaN
        : neweyWestError(this.influenceOfDays(form, gradients.byX[i]!, gradients.byY[i]!), lag);
    });
    if (withMasks) this.jackknife(form, f);
    else figures.maskErrors.fill(0, offset, offset + lineFigures.length);
  }

  /** The sample without each of its K positions; positions of one mask give the same. */
  private jackknife(form: SigmaForm, f: number): void {
    const { panel, figures, without, withoutSigma, withoutFigures, moments, whole, maskCount, maskWeights } = this;
    const { variants: k, configurations: n } = panel;
    const offset = f * lineFigures.length;
    figures.undefinedWithout[f] = 0;
    if (k < (form === 'corrected' ? 3 : 2)) {
      figures.maskErrors.fill(Number.NaN, offset, offset + lineFigures.length);
      return;
    }
    let position = 0;
    for (let j = 0; j < maskCount; j++) {
      for (let c = 0; c < n; c++) {
        const at = (j * n + c) * 3;
        const average = (k * whole[3 * c]! - moments[at]!) / (k - 1);
        const second = (k * k * whole[3 * c + 1]! - 2 * k * moments[at + 2]! + moments[at + 1]!) / ((k - 1) * (k - 1));
        const squares = (k * whole[3 * c + 2]! - moments[at + 1]!) / (k - 1);
        without.mean[c] = panel.centres[c]! + average;
        without.aleatory[c] = Math.max(0, second - average * average);
        without.epistemic[c] = Math.max(0, squares - second);
      }
      const undefinedPoints = writeSigma(without, form, k - 1, withoutSigma);
      figures.undefinedWithout[f] = Math.max(figures.undefinedWithout[f]!, undefinedPoints);
      writeFigures(withoutSigma, without.mean, this.riskFree, withoutFigures, 0);
      for (let copy = 0; copy < maskWeights[j]!; copy++, position++) {
        for (let i = 0; i < lineFigures.length; i++) {
          figures.leaveOneOut[offset + i]![position] = withoutFigures[i]!;
        }
      }
    }
    for (let i = 0; i < lineFigures.length; i++) {
      figures.maskErrors[offset + i] = jackknifeError(figures.leaveOneOut[offset + i]!);
    }
  }
}

/** √((K−1)/K·Σ(θ_(k) − mean)²) (Efron & Stein 1981) */
function jackknifeError(leaveOneOut: ArrayLike<number>): number {
  const k = leaveOneOut.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < k; i++) sum += leaveOneOut[i]!;
  for (let i = 0; i < k; i++) squares += (leaveOneOut[i]! - sum / k) ** 2;
  return Math.sqrt(((k - 1) / k) * squares);
}

/** Writes σ of each point; returns how many are not defined. */
export function writeSigma(points: MaskPoints, form: SigmaForm, variants: number, sigma: Float64Array): number {
  let undefinedPoints = 0;
  const share = form === 'corrected' ? 1 / (variants - 1) : 0;
  for (let c = 0; c < sigma.length; c++) {
    const variance = points.aleatory[c]! - (share === 0 ? 0 : share * points.epistemic[c]!);
    const defined = form === 'plugIn' ? variance >= 0 : variance > 0;
    if (!defined) undefinedPoints++;
    sigma[c] = defined ? Math.sqrt(variance) : Number.NaN;
  }
  return undefinedPoints;
}
