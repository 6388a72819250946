/** Returns with a known market line: what estimators and their intervals are calibrated on. No market, no model, no strategy. */

import { RandomStream } from '../../core/random.ts';
import type { ReturnPanel } from '../resampling/dayStatistics.ts';

export interface PlantedSettings {
  /** C */
  readonly configurations: number;
  /** K */
  readonly variants: number;
  /** T */
  readonly days: number;
  /** SR_θ per day: slope of the mean return on the aleatory standard deviation. */
  readonly sharpePerDay: number;
  readonly riskFreePerPeriod: number;
  /** Standard deviations per day are drawn uniformly from these ranges, one for each configuration. */
  readonly sigmaAleatory: Range;
  readonly sigmaEpistemic: Range;
  /** ρ in [0, 1]: share of each variance that all configurations have in common. */
  readonly commonShare: number;
  /** φ in (−1, 1): autocorrelation of the common shock from day to day. */
  readonly autocorrelation: number;
  /** Share of each epistemic variance that is a difference between variants lasting over all days; 0 if absent. */
  readonly lastingShare?: number;
  readonly seed: number;
  /** Seed of the common shock f alone, for several models on the same market; `seed` if absent. */
  readonly marketSeed?: number;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface PlantedReturns {
  /** [C, K, T] */
  readonly panel: ReturnPanel;
  /** [C] */
  readonly sigmaAleatory: Float64Array;
  /** [C] */
  readonly sigmaEpistemic: Float64Array;
}

/**
 * r[c,k,t] = r_f + SR_θ·σ_ale[c] + σ_ale[c]·(√ρ·f[t] + √(1−ρ)·g[c,t]) + σ_epi[c]·(√ρ·h[k,t] + √(1−ρ)·e[c,k,t]), all shocks standard
 * normal; f is an AR(1) series with coefficient φ and unit variance. Eq. 7 holds exactly for the expected returns.
 */
export function plantReturns(settings: PlantedSettings): PlantedReturns {
  const { configurations, variants, days, sharpePerDay, riskFreePerPeriod, commonShare, seed } = settings;
  const drawn = new RandomStream(seed, 'planted/sigma');
  const sigmas = ({ min, max }: Range) =>
    Float64Array.from({ length: configurations }, () => min + (max - min) * drawn.uniform());
  const sigmaAleatory = sigmas(settings.sigmaAleatory);
  const sigmaEpistemic = sigmas(settings.sigmaEpistemic);
  const stream = new RandomStream(seed, 'planted/shocks');
  const market = new RandomStream(settings.marketSeed ?? seed, 'planted/market');
  const common = autoregressive(market, days, settings.autocorrelation);
  const commonByVariant = normals(stream, variants * days);
  const lasting = Math.sqrt(settings.lastingShare ?? 0);
  const passing = Math.sqrt(1 - (settings.lastingShare ?? 0));
  const differences = new RandomStream(seed, 'planted/lasting');
  const commonLasting = normals(differences, variants);
  const shared = Math.sqrt(commonShare);
  const own = Math.sqrt(1 - commonShare);
  const returns = new Float64Array(configurations * variants * days);
  for (let c = 0; c < configurations; c++) {
    const expected = riskFreePerPeriod + sharpePerDay * sigmaAleatory[c]!;
    const moved = normals(stream, days).map(
      (shock, t) => expected + sigmaAleatory[c]! * (shared * common[t]! + own * shock),
    );
    const ownLasting = normals(differences, variants).map((value, k) => shared * commonLasting[k]! + own * value);
    for (let i = 0; i < variants * days; i++) {
      const moment = shared * commonByVariant[i]! + own * stream.normal();
      const doubt = lasting * ownLasting[Math.floor(i / days)]! + passing * moment;
      returns[c * variants * days + i] = moved[i % days]! + sigmaEpistemic[c]! * doubt;
    }
  }
  return { panel: { returns, rows: variants, periods: days, firstVariant: 0 }, sigmaAleatory, sigmaEpistemic };
}

function normals(stream: RandomStream, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => stream.normal());
}

function autoregressive(stream: RandomStream, days: number, coefficient: number): Float64Array {
  const series = normals(stream, days);
  for (let t = 1; t < days; t++) {
    series[t] = coefficient * series[t - 1]! + Math.sqrt(1 - coefficient ** 2) * series[t]!;
  }
  return series;
}
