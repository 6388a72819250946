/**
 * Speed of the bootstrap over days against the literal way (draw the days' returns anew, decompose and fit), on the same draws, after
 * checking that the slopes agree.
 */

import { RandomStream } from '../../src/core/random.ts';
import { bootstrapDays, type DayBootstrap, defaultDayBootstrap } from '../../src/risk/bootstrap.ts';
import { drawDays, emptyDraw } from '../../src/risk/dayResampling.ts';
import type { ReturnPanel } from '../../src/risk/dayStatistics.ts';
import { decompose } from '../../src/risk/decomposition.ts';
import { fitLeastSquares } from '../../src/risk/marketLine.ts';
import { plantReturns } from '../../src/risk/planted.ts';
import type { Benchmark, Figure } from './run.ts';

const CONFIGURATIONS = 100;
const VARIANTS = 16;
const DAYS = 250;
const RISK_FREE = 2e-4;

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'bootstrap over days, 100 configurations x 16 variants x 250 days a model',
    run: ({ full }) => measure(full ? { models: 10, replicates: 10_000 } : { models: 2, replicates: 1000 }),
  },
];

async function measure({ models, replicates }: { models: number; replicates: number }): Promise<Figure> {
  const panels = Array.from({ length: models }, (_, seed) => plant(seed));
  const options = { ...defaultDayBootstrap, riskFreePerDay: RISK_FREE, seed: 1, replicates };
  const start = performance.now();
  const bootstrap = await bootstrapDays(panels, options);
  const seconds = (performance.now() - start) / 1000;

  const literalReplicates = 5;
  const literalStart = performance.now();
  const literal = Array.from({ length: literalReplicates }, (_, b) => literalSlope(panels[0]!, bootstrap, b));
  const literalSeconds = (performance.now() - literalStart) / 1000;
  const { replicates: slopes } = bootstrap.clouds[0]!.slopes.aleatory.leastSquares;
  const verified = literal.every((slope, b) => Math.abs(slope - slopes[b]!) < 1e-9 * Math.max(1, Math.abs(slope)));

  const perSecond = (models * replicates) / seconds;
  return {
    value: perSecond,
    unit: 'replicates/s',
    verified,
    peer: 'resampling the returns themselves, with decompose and least squares on one priced risk',
    ratio: perSecond / (literalReplicates / literalSeconds),
  };
}

/** One replicate as its definition reads. */
function literalSlope(
  { returns, rows, periods }: ReturnPanel,
  { options, blockDays }: DayBootstrap,
  b: number,
): number {
  const draw = emptyDraw(periods);
  drawDays(new RandomStream(options.seed, 'bootstrap/days', b), options.scheme, periods, blockDays, draw);
  const days = Array.from(draw.days.subarray(0, draw.count)).flatMap((day, j) =>
    new Array<number>(draw.weights[j]!).fill(day),
  );
  const sigma: number[] = [];
  const mean: number[] = [];
  for (let c = 0; c < returns.length / (rows * periods); c++) {
    const drawn = new Float64Array(rows * periods);
    for (let k = 0; k < rows; k++) {
      for (let t = 0; t < periods; t++) drawn[k * periods + t] = returns[(c * rows + k) * periods + days[t]!]!;
    }
    const point = decompose(drawn, rows, periods);
    sigma.push(Math.sqrt(point.timeResolved.aleatoryVariance));
    mean.push(point.mean);
  }
  return fitLeastSquares(sigma, mean).slope;
}

function plant(seed: number): ReturnPanel {
  return plantReturns({
    configurations: CONFIGURATIONS,
    variants: VARIANTS,
    days: DAYS,
    sharpePerDay: 0.1,
    riskFreePerDay: RISK_FREE,
    sigmaAleatory: { min: 0.005, max: 0.02 },
    sigmaEpistemic: { min: 0.003, max: 0.012 },
    commonShare: 0.5,
    autocorrelation: 0,
    seed,
  }).panel;
}
