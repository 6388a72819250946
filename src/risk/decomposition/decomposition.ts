/**
 * Splits the variance of a strategy's returns r[k,t] over dropout variants k and periods t into an epistemic part (the model does
 * not know) and an aleatory part (the market moved): docs/method.md, the paper's eq. 8. All variances are population variances (divide by
 * n), so that both splits are exact identities: total = epistemic + aleatory. The bias-corrected form is named so.
 */

import { mean, populationVariance } from '../moments/statistics.ts';

/** A variance in two parts, in squared returns per period. */
export interface VarianceSplit {
  readonly epistemicVariance: number;
  readonly aleatoryVariance: number;
}

/** One configuration's returns, decomposed. */
export interface Decomposition {
  /** Mean return per period over all variants and periods. */
  readonly mean: number;
  /** Pooled over variants and periods. */
  readonly totalVariance: number;
  /** E_t[Var_k r] + Var_t[E_k r]: the variants disagree about a period; the market moved between periods. */
  readonly timeResolved: VarianceSplit;
  /** Var_k[E_t r] + E_k[Var_t r]: eq. 8 read on whole-backtest mean returns. */
  readonly meanReturn: VarianceSplit;
  /**
   * The time-resolved split without the plug-in bias of few variants: E_t of the (K−1)-variance, and the (T−1)-variance of E_k less
   * epistemic/K. An estimate, not an identity: the aleatory part can come out negative and is then left so. NaN for one variant or period.
   */
  readonly unbiasedTimeResolved: VarianceSplit;
}

/**
 * Decomposes one configuration.
 *
 * @param returns [K, T] row-major: period returns of each dropout variant (without the deterministic model)
 */
export function decompose(returns: Float64Array, variants: number, periods: number): Decomposition {
  if (variants < 1 || periods < 1 || returns.length !== variants * periods) {
    throw new RangeError(`${returns.length} returns are not ${variants} variants × ${periods} periods`);
  }
  const periodMeans = new Float64Array(periods);
  const periodVariances = new Float64Array(periods);
  const across = new Float64Array(variants);
  for (let t = 0; t < periods; t++) {
    for (let k = 0; k < variants; k++) across[k] = returns[k * periods + t]!;
    periodMeans[t] = mean(across);
    periodVariances[t] = populationVariance(across);
  }
  const variantMeans = new Float64Array(variants);
  const variantVariances = new Float64Array(variants);
  for (let k = 0; k < variants; k++) {
    const row = returns.subarray(k * periods, (k + 1) * periods);
    variantMeans[k] = mean(row);
    variantVariances[k] = populationVariance(row);
  }
  const timeResolved = {
    epistemicVariance: mean(periodVariances),
    aleatoryVariance: populationVariance(periodMeans),
  };
  const unbiasedEpistemic = timeResolved.epistemicVariance * correction(variants);
  return {
    mean: mean(returns),
    totalVariance: populationVariance(returns),
    timeResolved,
    meanReturn: { epistemicVariance: populationVariance(variantMeans), aleatoryVariance: mean(variantVariances) },
    unbiasedTimeResolved: {
      epistemicVariance: unbiasedEpistemic,
      aleatoryVariance: timeResolved.aleatoryVariance * correction(periods) - unbiasedEpistemic / variants,
    },
  };
}

/**
 * True where the MC-dropout variance exceeds the variance of the deterministic model's own returns, so that the paper's
 * √(σ_s² − σ²_MC) with that σ_s would be imaginary. Such configurations are shown and counted, never clipped.
 *
 * @param deterministic [T] period returns of the model without dropout
 */
export function exceedsDeterministic(decomposition: Decomposition, deterministic: Float64Array): boolean {
  return decomposition.timeResolved.epistemicVariance > populationVariance(deterministic);
}

/** n/(n−1); NaN for n = 1, where nothing can be said. */
function correction(n: number): number {
  return n > 1 ? n / (n - 1) : Number.NaN;
}
