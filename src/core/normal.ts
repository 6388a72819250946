/** The standard normal distribution: density, distribution function, quantile. */

const LOG_ROOT_TWO_PI = 0.9189385332046728;

function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x - LOG_ROOT_TWO_PI);
}

/**
 * P(Z ≤ x). Near the centre by the series ½ + φ(x)(x + x³/3 + x⁵/15 + …) (Marsaglia, "Evaluating the normal distribution", 2004),
 * in the tails by Laplace's continued fraction of the Mills ratio; relative error below 1e-12, in the lower tail too.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 3) return 1 - normalCdf(-x);
  if (x >= -3) {
    let term = x;
    let sum = x;
    for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
      term *= (x * x) / odd;
      sum += term;
    }
    return 0.5 + normalDensity(x) * sum;
  }
  let fraction = -x;
  for (let depth = 100; depth >= 1; depth--) fraction = -x + depth / fraction;
  return normalDensity(x) / fraction;
}

/**
 * The x with P(Z ≤ x) = probability: Acklam's rational starting value (relative error 1e-9), improved by one step of Halley's method.
 * −∞ and +∞ at 0 and 1.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`no probability: ${probability}`);
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const start = probability < 0.02425 ? tailStart(probability) : centralStart(probability);
  const error = (normalCdf(start) - probability) / normalDensity(start);
  return start - error / (1 + (start * error) / 2);
}

function tailStart(probability: number): number {
  const q = Math.sqrt(-2 * Math.log(probability));
  const numerator = [
    -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const denominator = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(numerator, q) / polynomial(denominator, q);
}

function centralStart(probability: number): number {
  const q = probability - 0.5;
  const numerator = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const denominator = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  return (q * polynomial(numerator, q * q)) / polynomial(denominator, q * q);
}

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
