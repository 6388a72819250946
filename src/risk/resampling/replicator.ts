/** One cloud under resampling of days: from a draw of days to the slopes of all its lines. */

import { type PricedRisk, pricedRisks } from '../decomposition/pricedRisk.ts';
import { type SlopeKind, slopeKinds, writeSlopes } from '../lines/slopes.ts';
import type { PeriodDraw } from './dayResampling.ts';
import { addWeightedRows, type CloudPoints, emptyPoints, type PeriodTable, writePoints } from './dayStatistics.ts';

/** Slopes of one replicate: every kind for every priced risk. */
const SLOPES = pricedRisks.length * slopeKinds.length;

export class CloudReplicator {
  /** [1, SLOPES] of the data themselves */
  readonly estimates: Float64Array;
  /** [T, SLOPES] without each day */
  readonly leaveOneOut: Float64Array;
  /** [B, SLOPES] filled by `replicate` */
  readonly replicates: Float64Array;
  /** Of the data themselves. */
  readonly points: CloudPoints;
  /** Row t: sum of the table's rows 0 … t. */
  private readonly running: { readonly data: Float64Array; readonly width: number };
  private readonly sums: Float64Array;
  private readonly scratch: CloudPoints;
  private readonly riskFreePerPeriod: number;

  constructor(
    readonly table: PeriodTable,
    settings: { readonly riskFreePerPeriod: number; readonly replicates: number },
  ) {
    this.riskFreePerPeriod = settings.riskFreePerPeriod;
    this.running = { data: runningSums(table), width: table.width };
    this.sums = new Float64Array(table.width);
    this.scratch = emptyPoints(table.configurations);
    this.points = emptyPoints(table.configurations);
    this.estimates = new Float64Array(SLOPES);
    this.leaveOneOut = new Float64Array(table.periods * SLOPES);
    this.replicates = new Float64Array(settings.replicates * SLOPES);
    this.computeWhole();
  }

  /** Computes the slopes of draw number b. */
  replicate(draw: PeriodDraw, b: number): void {
    if (draw.endCount < draw.count) {
      addWeightedRows(this.running, draw.ends, draw.steps, draw.endCount, this.sums);
    } else {
      addWeightedRows(this.table, draw.days, draw.weights, draw.count, this.sums);
    }
    writePoints(this.table, this.sums, this.table.periods, this.scratch);
    this.writeLines(this.scratch, this.replicates, b);
  }

  private computeWhole(): void {
    const { table, points, scratch } = this;
    const { periods, width, data } = table;
    const everyDay = Int32Array.from({ length: periods }, (_, t) => t);
    const whole = new Float64Array(width);
    addWeightedRows(table, everyDay, new Float64Array(periods).fill(1), periods, whole);
    writePoints(table, whole, periods, points);
    this.writeLines(points, this.estimates, 0);
    for (let t = 0; t < periods; t++) {
      for (let i = 0; i < width; i++) this.sums[i] = whole[i]! - data[t * width + i]!;
      writePoints(table, this.sums, periods - 1, scratch);
      this.writeLines(scratch, this.leaveOneOut, t);
    }
  }

  private writeLines(points: CloudPoints, out: Float64Array, row: number): void {
    pricedRisks.forEach((priced, p) => {
      const offset = row * SLOPES + p * slopeKinds.length;
      writeSlopes(points.sigma[priced], points.mean, this.riskFreePerPeriod, out, offset);
    });
  }
}

function runningSums({ data, width }: PeriodTable): Float64Array {
  const sums = data.slice();
  for (let i = width; i < sums.length; i++) sums[i] = sums[i]! + sums[i - width]!;
  return sums;
}

/** One slope out of [rows, SLOPES]. */
export function slopeColumn(slopes: Float64Array, priced: PricedRisk, kind: SlopeKind): Float64Array {
  const at = pricedRisks.indexOf(priced) * slopeKinds.length + slopeKinds.indexOf(kind);
  return Float64Array.from({ length: slopes.length / SLOPES }, (_, row) => slopes[row * SLOPES + at]!);
}
