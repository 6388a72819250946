/** From a study's result to what the risk-return plane shows, under each convention of what is priced. */

import { confidenceBand } from '../../risk/marketLine.ts';
import type { PricedRisk } from '../../studies/marketLineFits.ts';
import type { MarketLineResult } from '../../studies/marketLineResult.ts';
import type { BandPoint, PlaneModel } from '../charts/planeModel.ts';

export const pricedNames: Readonly<Record<PricedRisk, string>> = {
  aleatory: 'Paper’s equation',
  epistemic: 'Epistemic',
  total: 'Total',
};

const sigmaLabels: Readonly<Record<PricedRisk, string>> = {
  aleatory: 'priced σ = √(σ² − σ²MC)',
  epistemic: 'epistemic σ = σMC',
  total: 'total σ',
};

/** Confidence of the band around the line. */
export const bandConfidence = 0.95;
/** Enough for a smooth hyperbola. */
const bandPoints = 48;

export function planeOf(result: MarketLineResult, priced: PricedRisk): PlaneModel {
  const points = result.configurations
    .filter((point) => point.traded)
    .map(({ index, meanBps, sigmaBps }) => ({ config: index, sigmaBps: sigmaBps[priced], meanBps }));
  return {
    points,
    line: lineOf(result, priced, Math.max(0, ...points.map((point) => point.sigmaBps))),
    riskFreeBps: result.riskFreePerDay * 1e4,
    sigmaLabel: sigmaLabels[priced],
  };
}

/** The line from σ = 0, where its intercept shows, to a little beyond the riskiest configuration. */
function lineOf(result: MarketLineResult, priced: PricedRisk, maxSigmaBps: number): BandPoint[] {
  const fit = result.fits[priced];
  if (fit.kind === 'none') return [];
  const { leastSquares } = fit;
  const band = confidenceBand(leastSquares, bandConfidence);
  return Array.from({ length: bandPoints }, (_, i) => {
    const sigma = ((i / (bandPoints - 1)) * 1.1 * maxSigmaBps) / 1e4;
    const { low, high } = band(sigma);
    return {
      sigmaBps: sigma * 1e4,
      meanBps: (leastSquares.intercept + leastSquares.slope * sigma) * 1e4,
      lowBps: low * 1e4,
      highBps: high * 1e4,
    };
  });
}
