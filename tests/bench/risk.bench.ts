/**
 * Speed of the bootstrap over days against the literal way (draw the days' returns anew, decompose and fit) and against NumPy's matrix
 * product, on the same draws, after checking that the slopes agree.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPython } from '../../scripts/benchPeers.ts';
import { RandomStream } from '../../src/core/random.ts';
import { decompose } from '../../src/risk/decomposition/decomposition.ts';
import { fitLeastSquares } from '../../src/risk/lines/marketLine.ts';
import { plantReturns } from '../../src/risk/lines/planted.ts';
import { bootstrapPeriods, defaultPeriodBootstrap, type PeriodBootstrap } from '../../src/risk/resampling/bootstrap.ts';
import { drawPeriods, emptyDraw } from '../../src/risk/resampling/dayResampling.ts';
import type { ReturnPanel } from '../../src/risk/resampling/dayStatistics.ts';
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
  {
    name: 'bootstrap over days against NumPy, 100 configurations x 16 variants x 250 days',
    run: ({ full }) => measureAgainstNumpy(full ? 10_000 : 1000),
  },
];

/** One model; undefined where no NumPy is installed. */
async function measureAgainstNumpy(replicates: number): Promise<Figure | undefined> {
  const panel = plant(0);
  const options = { ...defaultPeriodBootstrap, riskFreePerPeriod: RISK_FREE, seed: 1, replicates };
  const start = performance.now();
  const bootstrap = await bootstrapPeriods([panel], options);
  const seconds = (performance.now() - start) / 1000;
  const weights = new Float64Array(replicates * DAYS);
  const draw = emptyDraw(DAYS);
  for (let b = 0; b < replicates; b++) {
    drawPeriods(
      new RandomStream(options.seed, 'bootstrap/days', b),
      options.scheme,
      DAYS,
      bootstrap.blockPeriods,
      draw,
    );
    for (let j = 0; j < draw.count; j++) weights[b * DAYS + draw.days[j]!] = draw.weights[j]!;
  }
  const peer = numpySlopes(panel, weights);
  if (!peer) return undefined;
  const { replicates: slopes } = bootstrap.clouds[0]!.slopes.aleatory.leastSquares;
  const verified = peer.slopes.every((slope, b) => Math.abs(slope - slopes[b]!) < 1e-9 * Math.max(1, Math.abs(slope)));
  return {
    value: replicates / seconds,
    unit: 'replicates/s',
    verified,
    peer: 'NumPy on given draws (ours draws them too, and leaves out each day)',
    ratio: peer.seconds / seconds,
  };
}

function numpySlopes(
  { returns, rows, periods }: ReturnPanel,
  weights: Float64Array,
): { slopes: number[]; seconds: number } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'pml-bootstrap-'));
  try {
    const files = { returns: join(folder, 'returns.bin'), weights: join(folder, 'weights.bin') };
    writeFileSync(files.returns, new Uint8Array(returns.buffer));
    writeFileSync(files.weights, new Uint8Array(weights.buffer));
    const shape = [returns.length / (rows * periods), rows, periods];
    const python = existsSync(peerPython) ? peerPython : 'python3';
    const found = spawnSync(python, [join(import.meta.dirname, 'bootstrapPeer.py')], {
      input: JSON.stringify({ ...files, shape, riskFree: RISK_FREE }),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    return found.status === 0 ? JSON.parse(found.stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure({ models, replicates }: { models: number; replicates: number }): Promise<Figure> {
  const panels = Array.from({ length: models }, (_, seed) => plant(seed));
  const options = { ...defaultPeriodBootstrap, riskFreePerPeriod: RISK_FREE, seed: 1, replicates };
  const start = performance.now();
  const bootstrap = await bootstrapPeriods(panels, options);
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
  { options, blockPeriods }: PeriodBootstrap,
  b: number,
): number {
  const draw = emptyDraw(periods);
  drawPeriods(new RandomStream(options.seed, 'bootstrap/days', b), options.scheme, periods, blockPeriods, draw);
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
    riskFreePerPeriod: RISK_FREE,
    sigmaAleatory: { min: 0.005, max: 0.02 },
    sigmaEpistemic: { min: 0.003, max: 0.012 },
    commonShare: 0.5,
    autocorrelation: 0,
    seed,
  }).panel;
}
