/** The bootstrap over days for the lines that are no function of moments (Theil-Sen, Huber): every draw is fitted anew. */

import { RandomStream } from '../../core/random.ts';
import { type PricedRisk, pricedRisks } from '../decomposition/pricedRisk.ts';
import { whyNoLine } from '../lines/marketLine.ts';
import { fitHuber, fitTheilSen } from '../lines/robustLines.ts';
import type { PeriodBootstrapOptions, SlopeIntervalOutcome } from './bootstrap.ts';
import { bootstrapInterval } from './bootstrapInterval.ts';
import { drawPeriods, emptyDraw } from './dayResampling.ts';
import { addWeightedRows, dayStatistics, emptyPoints, type ReturnPanel, writePoints } from './dayStatistics.ts';

export const robustKinds = ['theilSen', 'huber'] as const;
export type RobustKind = (typeof robustKinds)[number];

/** All pairs of more configurations than this take too long to sort in every draw. */
const MOST_ROBUST_CONFIGURATIONS = 300;

const fitters = { theilSen: fitTheilSen, huber: fitHuber } as const;

/** Student's t intervals of the slopes, as `defaultPeriodBootstrap` has them. */
export function bootstrapRobust(
  panel: ReturnPanel,
  blockPeriods: number,
  options: Pick<PeriodBootstrapOptions, 'seed' | 'scheme' | 'replicates' | 'confidence' | 'split'>,
): Readonly<Record<PricedRisk, Readonly<Record<RobustKind, SlopeIntervalOutcome>>>> {
  const { seed, scheme, replicates, confidence } = options;
  const { periods } = panel;
  const table = dayStatistics(panel, options.split);
  const points = emptyPoints(table.configurations);
  const sums = new Float64Array(table.width);
  const draw = emptyDraw(periods);
  const every = Int32Array.from({ length: periods }, (_, t) => t);
  addWeightedRows(table, every, new Float64Array(periods).fill(1), periods, sums);
  writePoints(table, sums, periods, points);
  const problems = pricedRisks.map((priced) => whyUnfit(points.sigma[priced], points.mean));
  const slopes = pricedRisks.map(() => robustKinds.map(() => new Float64Array(replicates + 1).fill(Number.NaN)));
  const fitAll = (at: number): void =>
    pricedRisks.forEach((priced, p) => {
      if (problems[p] || whyNoLine(points.sigma[priced], points.mean)) return;
      robustKinds.forEach((kind, k) => {
        slopes[p]![k]![at] = fitters[kind](points.sigma[priced], points.mean).slope;
      });
    });
  fitAll(replicates);
  for (let b = 0; b < replicates; b++) {
    drawPeriods(new RandomStream(seed, 'bootstrap/days', b), scheme, periods, blockPeriods, draw);
    addWeightedRows(table, draw.days, draw.weights, draw.count, sums);
    writePoints(table, sums, periods, points);
    fitAll(b);
  }
  const intervalOf = (p: number, k: number): SlopeIntervalOutcome => {
    const problem = problems[p];
    if (problem) return { kind: 'none', problem };
    const values = slopes[p]![k]!;
    const units = Math.max(2, periods / blockPeriods);
    const estimate = values[replicates]!;
    const drawn = values.subarray(0, replicates);
    const found = bootstrapInterval(estimate, drawn, new Float64Array(0), units, confidence, 'studentT');
    if (found.kind === 'none') return found;
    return { ...found, confidence, method: 'studentT', resampled: scheme, blockPeriods, replicates };
  };
  const of = (p: number) => ({ theilSen: intervalOf(p, 0), huber: intervalOf(p, 1) });
  return { aleatory: of(0), epistemic: of(1), total: of(2) };
}

function whyUnfit(sigma: Float64Array, means: Float64Array) {
  if (sigma.length > MOST_ROBUST_CONFIGURATIONS) {
    return {
      code: 'risk/too-many-points',
      message: `With more than ${MOST_ROBUST_CONFIGURATIONS} configurations this line is not fitted again for every draw: it would take minutes.`,
    };
  }
  return whyNoLine(sigma, means);
}
