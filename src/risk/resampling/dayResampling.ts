/** Draws of days for a bootstrap, as the number of times each day occurs. */

import { RandomStream } from '../../core/random.ts';

/**
 * `stationary`: blocks of geometric length with mean L that wrap around (Politis & Romano, "The stationary bootstrap", JASA 1994).
 * `circular`: blocks of exactly L days that wrap around (Politis & Romano 1992); a fractional L is rounded, the last block is cut.
 */
export type PeriodScheme = 'stationary' | 'circular';

/**
 * One replicate, in two forms of the same sum over its days: Σ_j weights[j]·x[days[j]], and, fewer terms where days come in blocks,
 * Σ_j steps[j]·X[ends[j]] with the running sums X[t] = x[0] + … + x[t].
 */
export interface PeriodDraw {
  /** [count], room for T: the days that occur, ascending. */
  readonly days: Int32Array;
  /** [count], room for T: how often. */
  readonly weights: Float64Array;
  count: number;
  /** [endCount], room for T: days after which the frequency changes. */
  readonly ends: Int32Array;
  /** [endCount], room for T: by how much it falls. */
  readonly steps: Float64Array;
  endCount: number;
}

export function emptyDraw(periods: number): PeriodDraw {
  return {
    days: new Int32Array(periods),
    weights: new Float64Array(periods),
    count: 0,
    ends: new Int32Array(periods),
    steps: new Float64Array(periods),
    endCount: 0,
  };
}

/** [T] Which day stands at each place of replicate b. The array may be the same one for every b. */
export type OrderOf = (b: number) => Int32Array;

/** Draws of T of T days from streams of this name, one a replicate. */
export function orderedDraws(
  { seed, name, scheme, blockLength }: { seed: number; name: string; scheme: PeriodScheme; blockLength: number },
  periods: number,
): OrderOf {
  const order = new Int32Array(periods);
  return (b) => {
    drawOrder(new RandomStream(seed, name, b), scheme, blockLength, order);
    return order;
  };
}

/**
 * Draws T of T days, T the length of `order`.
 *
 * @param blockLength mean (stationary) or length (circular) of a block, in days; 1 draws single days
 */
function drawOrder(stream: RandomStream, scheme: PeriodScheme, blockLength: number, order: Int32Array): void {
  const periods = order.length;
  for (let drawn = 0; drawn < periods; ) {
    const length = Math.min(blockOf(stream, scheme, blockLength), periods - drawn);
    let day = stream.integer(periods);
    for (let i = 0; i < length; i++) {
      order[drawn++] = day;
      day = day + 1 === periods ? 0 : day + 1;
    }
  }
}

/** The same without the order. */
export function drawPeriods(
  stream: RandomStream,
  scheme: PeriodScheme,
  periods: number,
  blockLength: number,
  draw: PeriodDraw,
): void {
  const order = new Int32Array(periods);
  drawOrder(stream, scheme, blockLength, order);
  countPeriods(order, draw);
}

/** How often each day stands in an order. */
export function countPeriods(order: Int32Array, draw: PeriodDraw): void {
  const periods = draw.days.length;
  const counts = new Uint32Array(periods);
  for (const day of order) counts[day] = counts[day]! + 1;
  draw.count = 0;
  draw.endCount = 0;
  for (let day = 0; day < periods; day++) {
    const weight = counts[day]!;
    const step = weight - (day + 1 < periods ? counts[day + 1]! : 0);
    if (weight !== 0) {
      draw.days[draw.count] = day;
      draw.weights[draw.count++] = weight;
    }
    if (step !== 0) {
      draw.ends[draw.endCount] = day;
      draw.steps[draw.endCount++] = step;
    }
  }
}

function blockOf(stream: RandomStream, scheme: PeriodScheme, blockLength: number): number {
  if (scheme === 'circular') return Math.max(1, Math.round(blockLength));
  if (blockLength <= 1) return 1;
  // Geometric on 1, 2, … with success probability 1/L, by inversion.
  return 1 + Math.floor(Math.log(stream.uniform()) / Math.log1p(-1 / blockLength));
}
