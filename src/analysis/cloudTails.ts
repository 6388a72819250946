/** Tail measures of every configuration of a run, and how they are distributed over the cloud. */

import type { MarketLineResult } from '../marketLine/marketLineResult.ts';
import { sampleQuantile } from '../risk/moments/moments.ts';
import { type TailMeasures, tailMeasures } from '../risk/tails/tails.ts';
import { deterministicReturns } from './honesty.ts';

/** One measure: of a configuration, and what its figure is in. */
export interface TailColumn {
  readonly title: string;
  /** bps are of a return period */
  readonly unit: 'bps' | 'share' | 'ratio';
  readonly value: (measures: TailMeasures) => number;
}

/** Losses are positive, drawdowns negative, as in `risk/tails.ts`. */
const tailColumns: readonly TailColumn[] = [
  { title: 'VaR 95 %, historical', unit: 'bps', value: ({ var95 }) => var95.historical * 1e4 },
  { title: 'VaR 95 %, Gaussian', unit: 'bps', value: ({ var95 }) => var95.gaussian * 1e4 },
  { title: 'VaR 95 %, modified (Cornish-Fisher)', unit: 'bps', value: ({ var95 }) => var95.modified * 1e4 },
  { title: 'Expected shortfall 95 %', unit: 'bps', value: ({ var95 }) => var95.expectedShortfall * 1e4 },
  { title: 'VaR 99 %, historical', unit: 'bps', value: ({ var99 }) => var99.historical * 1e4 },
  { title: 'VaR 99 %, modified (Cornish-Fisher)', unit: 'bps', value: ({ var99 }) => var99.modified * 1e4 },
  { title: 'Expected shortfall 99 %', unit: 'bps', value: ({ var99 }) => var99.expectedShortfall * 1e4 },
  { title: 'Largest drawdown', unit: 'share', value: (measures) => measures.maxDrawdownCompounded },
  { title: 'Sharpe ratio, annual', unit: 'ratio', value: (measures) => measures.sharpe },
  { title: 'Sortino ratio, annual', unit: 'ratio', value: (measures) => measures.sortino },
  { title: 'Calmar ratio', unit: 'ratio', value: (measures) => measures.calmar },
  { title: 'Skewness', unit: 'ratio', value: (measures) => measures.skewness },
  { title: 'Excess kurtosis', unit: 'ratio', value: (measures) => measures.excessKurtosis },
];

/** Probabilities of the quantiles over configurations. */
export const cloudQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface CloudTail {
  readonly column: TailColumn;
  /** Configurations that determine the measure. */
  readonly determined: number;
  /** As `cloudQuantiles`; NaN where none determines it. */
  readonly quantiles: readonly number[];
}

export interface CloudTails {
  /** [n] configurations that traded, of the deterministic model's returns. */
  readonly configurations: readonly { readonly index: number; readonly measures: TailMeasures }[];
  readonly cloud: readonly CloudTail[];
}

export function cloudTailsOf(result: MarketLineResult): CloudTails {
  const { riskFreePerPeriod, periodsPerYear } = result;
  const configurations = result.configurations
    .filter((point) => point.traded)
    .map(({ index }) => ({
      index,
      measures: tailMeasures(deterministicReturns(result, index), riskFreePerPeriod, periodsPerYear),
    }));
  const cloud = tailColumns.map((column): CloudTail => {
    const values = configurations.map(({ measures }) => column.value(measures)).filter(Number.isFinite);
    return {
      column,
      determined: values.length,
      quantiles: cloudQuantiles.map((probability) => sampleQuantile(values, probability)),
    };
  });
  return { configurations, cloud };
}
