/**
 * What a forecast does not know, split: each variant predicts a normal distribution; the variance (and the entropy) of their equal
 * mixture is what the market does (aleatory) and what the variants disagree about (epistemic). And how well the mixture is calibrated.
 */

import { normalCdf } from '../../core/normal.ts';
import { rankCorrelation } from '../moments/correlation.ts';
import { mean, varies } from '../moments/statistics.ts';

export interface UncertaintyRows {
  /** [n] variances */
  readonly total: Float64Array;
  readonly aleatory: Float64Array;
  readonly epistemic: Float64Array;
}

export interface UncertaintyMeans {
  readonly total: number;
  readonly aleatory: number;
  readonly epistemic: number;
  /** Mean epistemic over mean total. */
  readonly epistemicShare: number;
}

export interface EntropyRows {
  /** [n] nats */
  readonly entropyTotal: Float64Array;
  readonly entropyAleatory: Float64Array;
  readonly mutualInformation: Float64Array;
}

/** A variance of the variants' means below this share of the total is rounding. */
const NO_DISAGREEMENT = 1e-12;
/** Mutual information below this is what is left of the integral's error. */
const NO_INFORMATION = 1e-8;

/** @param means [K][n] @param variances [K][n] */
export function splitVariance(
  means: readonly ArrayLike<number>[],
  variances: readonly ArrayLike<number>[],
): UncertaintyRows {
  const n = means[0]!.length;
  const k = means.length;
  const rows = { total: new Float64Array(n), aleatory: new Float64Array(n), epistemic: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    let [centre, own, spread] = [0, 0, 0];
    for (let v = 0; v < k; v++) {
      centre += means[v]![i]! / k;
      own += variances[v]![i]! / k;
    }
    for (let v = 0; v < k; v++) spread += (means[v]![i]! - centre) ** 2 / k;
    if (spread < NO_DISAGREEMENT * (own + spread)) spread = 0;
    rows.aleatory[i] = own;
    rows.epistemic[i] = spread;
    rows.total[i] = own + spread;
  }
  return rows;
}

export function uncertaintyMeans({ total, aleatory, epistemic }: UncertaintyRows): UncertaintyMeans {
  const means = { total: mean(total), aleatory: mean(aleatory), epistemic: mean(epistemic) };
  return { ...means, epistemicShare: means.epistemic / means.total };
}

/** Spearman over rows of the two parts; null where one is constant, or of fewer than three rows. */
export function partsCorrelation(left: Float64Array, right: Float64Array): number | null {
  return left.length >= 3 && varies(left) && varies(right) ? rankCorrelation(left, right) : null;
}

/**
 * Entropy of the equal mixture, mean entropy of its parts, and their difference: what an outcome would tell about which variant is
 * right (Depeweg et al. 2018). The integral by the trapezoidal rule, whose error falls exponentially here.
 */
export function splitEntropy(means: readonly ArrayLike<number>[], stdevs: readonly ArrayLike<number>[]): EntropyRows {
  const n = means[0]!.length;
  const rows = {
    entropyTotal: new Float64Array(n),
    entropyAleatory: new Float64Array(n),
    mutualInformation: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const mu = means.map((row) => row[i]!);
    const sigma = stdevs.map((row) => row[i]!);
    const own = mean(sigma.map((s) => 0.5 * Math.log(2 * Math.PI * Math.E * s * s)));
    const whole = mixtureEntropy(mu, sigma);
    rows.entropyTotal[i] = whole;
    rows.entropyAleatory[i] = own;
    rows.mutualInformation[i] = whole - own < NO_INFORMATION ? 0 : whole - own;
  }
  return rows;
}

function mixtureEntropy(mu: readonly number[], sigma: readonly number[]): number {
  const low = Math.min(...mu.map((m, k) => m - 12 * sigma[k]!));
  const high = Math.max(...mu.map((m, k) => m + 12 * sigma[k]!));
  const points = Math.min(400_000, Math.ceil((high - low) / (Math.min(...sigma) / 32)));
  const step = (high - low) / points;
  const weights = sigma.map((s) => 1 / (mu.length * s * Math.sqrt(2 * Math.PI)));
  let sum = 0;
  for (let j = 0; j <= points; j++) {
    const x = low + j * step;
    let density = 0;
    for (let k = 0; k < mu.length; k++) density += weights[k]! * Math.exp(-0.5 * ((x - mu[k]!) / sigma[k]!) ** 2);
    if (density > 0) sum -= density * Math.log(density) * (j === 0 || j === points ? 0.5 : 1);
  }
  return sum * step;
}

export interface MixtureCalibration {
  readonly levels: readonly number[];
  /** Share of outcomes that the mixture's distribution function puts below each level. */
  readonly observed: readonly number[];
  /** Mean absolute, largest, mean squared difference of the two (Kuleshov, Fenner & Ermon 2018). */
  readonly expectedCalibrationError: number;
  readonly maximumCalibrationError: number;
  readonly meanSquared: number;
  /** Mean standard deviation of the mixture. */
  readonly sharpness: number;
}

/** @param realised [n] NaN where nothing is known; null where that is everywhere */
export function calibrationOf(
  means: readonly ArrayLike<number>[],
  stdevs: readonly ArrayLike<number>[],
  realised: ArrayLike<number>,
): MixtureCalibration | null {
  const rows = realisedRows(realised);
  if (rows.length === 0) return null;
  const u = rows.map((i) => mean(means.map((row, k) => normalCdf((realised[i]! - row[i]!) / stdevs[k]![i]!))));
  const levels = Array.from({ length: 19 }, (_, j) => (j + 1) / 20);
  const observed = levels.map((p) => u.filter((value) => value <= p).length / u.length);
  const gaps = levels.map((p, j) => Math.abs(observed[j]! - p));
  const { total } = splitVariance(
    means,
    stdevs.map((row) => Float64Array.from(row, (s) => s * s)),
  );
  return {
    levels,
    observed,
    expectedCalibrationError: mean(gaps),
    maximumCalibrationError: Math.max(...gaps),
    meanSquared: mean(gaps.map((gap) => gap * gap)),
    sharpness: mean(rows.map((i) => Math.sqrt(total[i]!))),
  };
}

export interface Temperature {
  /** All deviations times this fit the residuals best. */
  readonly factor: number;
  /** Mean negative log-likelihood of a normal with the mixture's mean and variance. */
  readonly nllBefore: number;
  readonly nllAfter: number;
  /** For independent rows. */
  readonly stdErr: number;
  /** [K] each variant's own factor */
  readonly perVariant: readonly number[];
  /** The factor on every variant's deviation, by maximum likelihood of the mixture itself. */
  readonly mixture: { readonly factor: number; readonly nllBefore: number; readonly nllAfter: number };
}

/** Guo et al. (2017) for residuals (Levi et al. 2022). Null where nothing is realised, or where the mean is always exact. */
export function temperatureOf(
  means: readonly ArrayLike<number>[],
  stdevs: readonly ArrayLike<number>[],
  realised: ArrayLike<number>,
): Temperature | null {
  const rows = realisedRows(realised);
  if (rows.length === 0) return null;
  const centre = rows.map((i) => mean(means.map((row) => row[i]!)));
  const { total } = splitVariance(
    means,
    stdevs.map((row) => Float64Array.from(row, (s) => s * s)),
  );
  const squares = rows.map((i, j) => (realised[i]! - centre[j]!) ** 2 / total[i]!);
  const factor = Math.sqrt(mean(squares));
  if (!(factor > 0)) return null;
  const logs = mean(rows.map((i) => 0.5 * Math.log(2 * Math.PI * total[i]!)));
  const nll = (s: number) => logs + Math.log(s) + mean(squares) / (2 * s * s);
  return {
    factor,
    nllBefore: nll(1),
    nllAfter: nll(factor),
    stdErr: factor / Math.sqrt(2 * rows.length),
    perVariant: means.map((row, k) =>
      Math.sqrt(mean(rows.map((i) => ((realised[i]! - row[i]!) / stdevs[k]![i]!) ** 2))),
    ),
    mixture: mixtureTemperature(means, stdevs, realised, rows, factor),
  };
}

/** By the derivative's zero, from the best of a coarse search over factor·[e⁻⁴, e³]. */
function mixtureTemperature(
  means: readonly ArrayLike<number>[],
  stdevs: readonly ArrayLike<number>[],
  realised: ArrayLike<number>,
  rows: readonly number[],
  start: number,
): Temperature['mixture'] {
  /** Mean negative log-likelihood at e^x, and its derivative by x. */
  const at = (x: number): { nll: number; slope: number } => {
    const s = Math.exp(x);
    let [nll, slope] = [0, 0];
    for (const i of rows) {
      const exponents = means.map((row, k) => {
        const sigma = stdevs[k]![i]!;
        return -0.5 * ((realised[i]! - row[i]!) / (sigma * s)) ** 2 - Math.log(sigma * s);
      });
      const most = Math.max(...exponents);
      let [sum, weighted] = [0, 0];
      exponents.forEach((exponent, k) => {
        const weight = Math.exp(exponent - most);
        sum += weight;
        weighted += weight * ((realised[i]! - means[k]![i]!) / (stdevs[k]![i]! * s)) ** 2;
      });
      nll -= most + Math.log(sum / means.length) - 0.5 * Math.log(2 * Math.PI);
      slope += 1 - weighted / sum;
    }
    return { nll: nll / rows.length, slope: slope / rows.length };
  };
  const from = Math.log(start);
  const steps = Array.from({ length: 141 }, (_, j) => from - 4 + j * 0.05);
  const values = steps.map((x) => at(x).nll);
  const best = values.indexOf(Math.min(...values));
  let low = steps[Math.max(0, best - 1)]!;
  let high = steps[Math.min(steps.length - 1, best + 1)]!;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (at(middle).slope > 0) high = middle;
    else low = middle;
  }
  const x = (low + high) / 2;
  return { factor: Math.exp(x), nllBefore: at(0).nll, nllAfter: at(x).nll };
}

function realisedRows(realised: ArrayLike<number>): number[] {
  return Array.from({ length: realised.length }, (_, i) => i).filter((i) => Number.isFinite(realised[i]!));
}
