/**
 * Intervals of every configuration's mean and risks, under both splits of the variance, by the draws of days that also give the
 * slopes their intervals.
 */

import { RandomStream } from '../../core/random.ts';
import { type PricedRisk, pricedRisks } from '../decomposition/pricedRisk.ts';
import type { PeriodBootstrapOptions } from './bootstrap.ts';
import { bootstrapInterval, type Interval } from './bootstrapInterval.ts';
import { drawPeriods, emptyDraw } from './dayResampling.ts';
import {
  addWeightedRows,
  type CloudPoints,
  dayStatistics,
  emptyPoints,
  type ReturnPanel,
  type SplitName,
  writePoints,
} from './dayStatistics.ts';

export type RiskIntervals = Readonly<Record<PricedRisk, Interval | null>>;

/** One configuration. Per day; null where the draws say nothing (no variation, a return that is not finite). */
export interface ConfigurationIntervals {
  /** Index in the panel. */
  readonly configuration: number;
  readonly mean: Interval | null;
  /** Standard deviations. */
  readonly sigma: Readonly<Record<SplitName, RiskIntervals>>;
}

const splits: readonly SplitName[] = ['timeResolved', 'meanReturn'];

/**
 * estimate ± t_{T/L−1} · deviation of the draws (`bootstrapInterval`, studentT); for standard deviations on their logarithm, so that
 * the interval stays positive and allows for the skewness of an estimated variance.
 */
export function riskIntervals(
  panel: ReturnPanel,
  blockPeriods: number,
  options: Pick<PeriodBootstrapOptions, 'seed' | 'scheme' | 'replicates' | 'confidence'>,
): ConfigurationIntervals[] {
  const { periods } = panel;
  const { replicates, seed, scheme, confidence } = options;
  const clouds = splits.map((split) => {
    const table = dayStatistics(panel, split);
    const n = table.configurations;
    return { table, n, sums: new Float64Array(table.width), draws: kept(n, replicates), estimates: kept(n, 1) };
  });
  const draw = emptyDraw(periods);
  for (let b = -1; b < replicates; b++) {
    if (b < 0) wholeSample(draw);
    else drawPeriods(new RandomStream(seed, 'bootstrap/days', b), scheme, periods, blockPeriods, draw);
    for (const { table, n, sums, draws, estimates } of clouds) {
      const points = emptyPoints(n);
      addWeightedRows(table, draw.days, draw.weights, draw.count, sums);
      writePoints(table, sums, periods, points);
      store(points, b < 0 ? estimates : draws, Math.max(0, b));
    }
  }
  const units = Math.max(2, periods / blockPeriods);
  const interval = (estimate: number, values: Float64Array): Interval | null => {
    const found = bootstrapInterval(estimate, values, new Float64Array(0), units, confidence, 'studentT');
    return found.kind === 'interval' ? { low: found.low, high: found.high } : null;
  };
  const [resolved] = clouds;
  const wanted = (
    panel.include ?? Array.from({ length: panel.returns.length / (panel.rows * periods) }, (_, c) => c)
  ).filter((c) => !resolved!.table.leftOut.includes(c));
  return wanted.map((configuration, i) => {
    const sigmaOf = (cloud: (typeof clouds)[number], priced: PricedRisk): Interval | null => {
      const column = 1 + pricedRisks.indexOf(priced);
      const { n } = cloud;
      const logs = Float64Array.from({ length: replicates }, (_, b) =>
        Math.log(cloud.draws[(b * COLUMNS + column) * n + i]!),
      );
      const found = interval(Math.log(cloud.estimates[column * n + i]!), logs);
      return found && { low: Math.exp(found.low), high: Math.exp(found.high) };
    };
    const risksOf = (cloud: (typeof clouds)[number]): RiskIntervals => ({
      aleatory: sigmaOf(cloud, 'aleatory'),
      epistemic: sigmaOf(cloud, 'epistemic'),
      total: sigmaOf(cloud, 'total'),
    });
    const { n, draws, estimates } = resolved!;
    const means = Float64Array.from({ length: replicates }, (_, b) => draws[b * COLUMNS * n + i]!);
    return {
      configuration,
      mean: interval(estimates[i]!, means),
      sigma: { timeResolved: risksOf(clouds[0]!), meanReturn: risksOf(clouds[1]!) },
    };
  });
}

/** Mean and three standard deviations. */
const COLUMNS = 1 + pricedRisks.length;

/** [B, COLUMNS, n] */
function kept(configurations: number, replicates: number): Float64Array {
  return new Float64Array(replicates * COLUMNS * configurations);
}

function store({ mean, sigma }: CloudPoints, into: Float64Array, b: number): void {
  const n = mean.length;
  into.set(mean, b * COLUMNS * n);
  pricedRisks.forEach((priced, j) => {
    into.set(sigma[priced], (b * COLUMNS + 1 + j) * n);
  });
}

function wholeSample(draw: ReturnType<typeof emptyDraw>): void {
  draw.count = draw.days.length;
  draw.days.forEach((_, t) => {
    draw.days[t] = t;
    draw.weights[t] = 1;
  });
}
