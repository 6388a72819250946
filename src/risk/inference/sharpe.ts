/**
 * The Sharpe ratio of one strategy and how sure it is. One definition: mean(r − r_f) over the population standard deviation of the
 * periods' returns, per period; other names below say what differs (docs/statistics.md).
 */

import { normalCdf, normalQuantile } from '../../core/normal.ts';
import { decompose } from '../decomposition/decomposition.ts';
import { autocovariances, lagRule, neweyWestError } from '../moments/neweyWest.ts';
import { mean, varies } from '../moments/statistics.ts';

/** Ratios of one configuration's variants by what stands below the mean; null where that is not above 0. Per period. */
export interface SharpeConventions {
  /** √(aleatory + epistemic): a variant drawn anew each period. */
  readonly pooled: number | null;
  /** √aleatory: exactly the portfolio of all variants. */
  readonly priced: number | null;
  /** √(aleatory − epistemic/(K−1)): what is left with ever more variants. */
  readonly pricedCorrected: number | null;
  /** The same with sample variances over periods. */
  readonly pricedUnbiased: number | null;
  /** √ of the sample variance of the variants' mean. */
  readonly pricedSample: number | null;
  readonly epistemic: number | null;
  /** Mean of the variants' own ratios; variants without variance are left out. */
  readonly meanOfVariants: number | null;
}

/** @param variants [K][T] */
export function sharpeConventions(variants: readonly ArrayLike<number>[], riskFree: number): SharpeConventions {
  const [k, t] = [variants.length, variants[0]?.length ?? 0];
  const all = Float64Array.from({ length: k * t }, (_, i) => variants[Math.floor(i / t)]![i % t]!);
  const split = decompose(all, k, t);
  const { aleatoryVariance: aleatory, epistemicVariance: epistemic } = split.timeResolved;
  const premium = split.mean - riskFree;
  const over = (variance: number): number | null => (variance > 0 ? premium / Math.sqrt(variance) : null);
  const own = variants.flatMap((returns) => (varies(returns) ? [dailySharpe(returns, riskFree)] : []));
  const sampled = (aleatory * t) / (t - 1);
  return {
    pooled: over(aleatory + epistemic),
    priced: over(aleatory),
    pricedCorrected: over(aleatory - epistemic / (k - 1)),
    pricedUnbiased: over(split.unbiasedTimeResolved.aleatoryVariance),
    pricedSample: over(sampled),
    epistemic: over(epistemic),
    meanOfVariants: own.length > 0 ? mean(own) : null,
  };
}

export interface Annualisation {
  /** Periods aggregated. */
  readonly q: number;
  /** Autocovariances allowed for. */
  readonly lags: number;
  /** What the ratio per period is multiplied with: √q without autocorrelation. */
  readonly eta: number;
  readonly sharpe: number;
  /** η taken as known. */
  readonly stdErrFixedEta: number;
  readonly stdErr: number;
}

export interface SharpeInference {
  readonly days: number;
  /** Of the excess. */
  readonly mean: number;
  readonly stdev: number;
  readonly sharpe: number;
  /** With the sample standard deviation. */
  readonly sharpeSample: number;
  /** × √q */
  readonly annual: number;
  readonly annualSample: number;
  readonly skewness: number;
  /** 3 for a normal. */
  readonly kurtosis: number;
  readonly stdErr: {
    /** Lo (2002), independent normal periods. */
    readonly loIid: number;
    /** Mertens (2002): with skewness and kurtosis. */
    readonly mertens: number;
    /** The same with T − 1: the one in the probabilistic Sharpe ratio. */
    readonly baileyLopezDePrado: number;
    /** Lo (2002) with autocorrelation: Newey & West of the influence series. */
    readonly loHac: { readonly lag: number; readonly value: number };
  };
  readonly annualisation: {
    readonly week: Annualisation | Undefined;
    readonly year: Annualisation | Undefined;
    /** An AR(1) with this first autocorrelation. */
    readonly ar1: { readonly rho: number; readonly eta: number; readonly sharpe: number };
  };
  /** Φ of the ratio's distance from the benchmark in its errors (Bailey & López de Prado 2012). */
  readonly probabilistic: number;
  /** Periods after which that reaches the confidence; null where the ratio is not above the benchmark. */
  readonly minimumTrackRecord: number | null;
}

interface Undefined {
  readonly q: number;
  readonly lags: number;
  readonly eta: null;
  readonly sharpe: null;
  readonly stdErrFixedEta: null;
  readonly stdErr: null;
  readonly reason: 'variance-not-positive';
}

export interface SharpeOptions {
  readonly riskFree: number;
  readonly periodsPerYear: number;
  /** Per period. */
  readonly benchmarkSharpe: number;
  readonly confidence: number;
}

/** Everything about one series; null where it has no variance. @param returns [T] */
export function sharpeInference(returns: ArrayLike<number>, options: SharpeOptions): SharpeInference | null {
  if (!varies(returns)) return null;
  const { riskFree, periodsPerYear, benchmarkSharpe, confidence } = options;
  const n = returns.length;
  const shape = shapeOf(returns, riskFree);
  const { sharpe, stdev, deviations, factor } = shape;
  const lag = lagRule(n);
  const influence = deviations.map((e) => e / stdev - (sharpe / 2) * ((e / stdev) ** 2 - 1));
  const loHac = neweyWestError(influence, lag);
  const baileyLopezDePrado = Math.sqrt(factor / (n - 1));
  const sampleScale = Math.sqrt((n - 1) / n);
  const annual = sharpe * Math.sqrt(periodsPerYear);
  const aggregate = (q: number, most: number) =>
    annualise(shape, q, Math.max(0, Math.min(most, Math.ceil(q) - 1, n - 1)), loHac);
  const covariance = autocovariances(deviations, 1);
  const rho = covariance[1]! / covariance[0]!;
  const q = periodsPerYear;
  const eta = Math.sqrt(q / (1 + ((2 * rho) / (1 - rho)) * (1 - (1 - rho ** q) / (q * (1 - rho)))));
  return {
    days: n,
    mean: shape.mean,
    stdev,
    sharpe,
    sharpeSample: sharpe * sampleScale,
    annual,
    annualSample: annual * sampleScale,
    skewness: shape.skewness,
    kurtosis: shape.kurtosis,
    stdErr: {
      loIid: Math.sqrt((1 + sharpe ** 2 / 2) / n),
      mertens: Math.sqrt(factor / n),
      baileyLopezDePrado,
      loHac: { lag, value: loHac },
    },
    annualisation: { week: aggregate(5, 4), year: aggregate(q, lag), ar1: { rho, eta, sharpe: eta * sharpe } },
    probabilistic: normalCdf((sharpe - benchmarkSharpe) / baileyLopezDePrado),
    minimumTrackRecord:
      sharpe > benchmarkSharpe ? 1 + factor * (normalQuantile(confidence) / (sharpe - benchmarkSharpe)) ** 2 : null,
  };
}

/** mean(r − r_f)/σ per period, σ of the population; the series must vary. */
export function dailySharpe(returns: ArrayLike<number>, riskFree: number): number {
  return shapeOf(returns, riskFree).sharpe;
}

interface Shape {
  readonly mean: number;
  readonly stdev: number;
  readonly sharpe: number;
  readonly skewness: number;
  readonly kurtosis: number;
  /** 1 − γ₃·SR + (γ₄ − 1)/4·SR²: T times the variance of the ratio (Mertens 2002). */
  readonly factor: number;
  readonly deviations: Float64Array;
}

function shapeOf(returns: ArrayLike<number>, riskFree: number): Shape {
  const n = returns.length;
  const centre = mean(returns);
  const deviations = Float64Array.from({ length: n }, (_, t) => returns[t]! - centre);
  let [squares, cubes, fourths] = [0, 0, 0];
  for (const e of deviations) {
    squares += e ** 2;
    cubes += e ** 3;
    fourths += e ** 4;
  }
  const stdev = Math.sqrt(squares / n);
  const sharpe = (centre - riskFree) / stdev;
  const skewness = cubes / n / stdev ** 3;
  const kurtosis = fourths / n / stdev ** 4;
  const factor = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return { mean: centre - riskFree, stdev, sharpe, skewness, kurtosis, factor, deviations };
}

/** Lo (2002): the ratio of q periods together, autocovariances up to a lag allowed for. */
function annualise(shape: Shape, q: number, lags: number, loHac: number): Annualisation | Undefined {
  const { deviations, sharpe, mean: premium } = shape;
  const n = deviations.length;
  const gamma = autocovariances(deviations, lags);
  let d = q * gamma[0]!;
  for (let k = 1; k <= lags; k++) d += 2 * (q - k) * gamma[k]!;
  if (!(d > 0)) {
    const none = { eta: null, sharpe: null, stdErrFixedEta: null, stdErr: null };
    return { q, lags, ...none, reason: 'variance-not-positive' };
  }
  const eta = q / Math.sqrt(d / gamma[0]!);
  const influence = Float64Array.from({ length: n }, (_, t) => {
    const e = deviations[t]!;
    let change = q * (e * e - gamma[0]!);
    for (let k = 1; k <= lags; k++) change += 2 * (q - k) * ((t >= k ? e * deviations[t - k]! : 0) - gamma[k]!);
    return (q * e) / Math.sqrt(d) - 0.5 * q * premium * d ** -1.5 * change;
  });
  return { q, lags, eta, sharpe: eta * sharpe, stdErrFixedEta: eta * loHac, stdErr: neweyWestError(influence) };
}
