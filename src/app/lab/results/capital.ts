/** The lines from the risk-free rate of a run, as the plane and its table show them. */

import {
  assetReturns,
  capitalPoint,
  leakStrategy,
  marketReturns,
  tangentialStrategy,
} from '../../../analysis/capitalLines.ts';
import type { PricedRisk } from '../../../risk/decomposition/pricedRisk.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { RayLayer } from '../../charts/plane/model.ts';
import type { RunOutcome } from '../run/run.ts';

/** A row: the Sharpe ratio a year on the risk that is shown. */
export interface CapitalRow {
  readonly kind: RayLayer['look'];
  readonly name: string;
  readonly explanation: string;
  readonly sigmaBps: number;
  readonly meanBps: number;
  readonly annualSharpe: number;
}

/** θ_T, θ_leak and the market; a portfolio without risk has no line and is left out. */
export function capitalRows({ result, grids }: Pick<RunOutcome, 'result' | 'grids'>, priced: PricedRisk): CapitalRow[] {
  const { riskFreePerPeriod, periodsPerYear } = result;
  const rows: Omit<CapitalRow, 'annualSharpe'>[] = [];
  const best = tangentialStrategy(result);
  if (best) {
    rows.push({
      kind: 'tangential',
      name: `Tangential strategy, configuration ${best.index}`,
      explanation:
        'The paper’s θT: the configuration of highest Sharpe ratio on total risk, of those that traded. A Sharpe ratio does not change with the size of the bets.',
      sigmaBps: best.sigmaBps[priced],
      meanBps: best.meanBps,
    });
  }
  const leak = leakStrategy(result);
  if (leak) {
    rows.push({
      kind: 'leak',
      name: `Oracle, configuration ${leak.index}`,
      explanation:
        'The paper’s θleak: the same rules on forecasts that know the future, made as often and held as long, at their highest Sharpe ratio. They have no variants: all their risk is aleatory.',
      // Without variants nothing is epistemic, so that line does not exist.
      sigmaBps: priced === 'epistemic' ? 0 : leak.sigmaBps,
      meanBps: leak.meanBps,
    });
  }
  const market = capitalPoint(marketReturns(assetReturns(grids, result.period)), riskFreePerPeriod);
  rows.push({
    kind: 'market',
    name: 'Capital market line',
    explanation: 'Holding all assets in equal shares, from close to close, without costs; on its total σ.',
    sigmaBps: market.sigma * 1e4,
    meanBps: market.meanReturn * 1e4,
  });
  return rows
    .filter(({ sigmaBps }) => sigmaBps > 0)
    .map((row) => ({
      ...row,
      annualSharpe: annualiseSlope((row.meanBps / 1e4 - riskFreePerPeriod) / (row.sigmaBps / 1e4), periodsPerYear),
    }));
}
