/**
 * Forecasts that are no finite numbers: an overflowing checkpoint, or a graphics processor with a bad moment. They are counted by variant, and
 * above a share of them a run stops; nothing is ever traded on one, and none is kept.
 */

import { UserError, type UserProblem } from '../core/errors.ts';
import type { Forecasts, Grid } from '../core/types.ts';
import { midsOf } from './contexts.ts';
import { forecastTicks } from './schedule.ts';
import { anchoredLength } from './sweep/anchor.ts';
import type { ForecastSettings, ModelCard } from './types.ts';

/** Of a variant's forecasts; above it a run stops. */
const MOST_NOT_FINITE = 0.01;

/** Where the first of them was made. */
export interface ForecastPlace {
  readonly symbol: string;
  /** Milliseconds since the Unix epoch, UTC. */
  readonly timeMs: number;
  /** 0 is the model without dropout. */
  readonly variant: number;
}

export interface NotFinite {
  /** [K+1] by variant */
  readonly byVariant: readonly number[];
  /** Forecasts that were due, of each variant. */
  readonly due: number;
  readonly first: ForecastPlace | undefined;
}

type ForecastRule = Pick<ForecastSettings, 'strideTicks' | 'anchored'>;

/** A forecast as it is passed on: an infinite one is none, as one that is no number is. */
export function finiteOrNone(predictedMid: number): number {
  return Number.isFinite(predictedMid) ? predictedMid : Number.NaN;
}

/** What is there to be counted: no forecasts yet. */
export function noneYet(variants: number): NotFinite {
  return { byVariant: Array.from({ length: variants + 1 }, () => 0), due: 0, first: undefined };
}

export function bothCounts(a: NotFinite, b: NotFinite): NotFinite {
  return {
    byVariant: a.byVariant.map((count, k) => count + (b.byVariant[k] ?? 0)),
    due: a.due + b.due,
    first: a.first ?? b.first,
  };
}

export function anyNotFinite({ byVariant }: NotFinite): boolean {
  return byVariant.some((count) => count > 0);
}

/** Counts the ticks at which a forecast was due, since the context before it has no gap, and is no finite number. */
export function countNotFinite(
  { predictedMid, variants }: Forecasts,
  grid: Grid,
  card: Pick<ModelCard, 'contextLength' | 'causal'>,
  rule: ForecastRule,
): NotFinite {
  const tickCount = grid.timeMs.length;
  const ticks = dueTicks(grid, card, rule);
  const byVariant: number[] = [];
  let first: ForecastPlace | undefined;
  for (let variant = 0; variant <= variants; variant++) {
    let count = 0;
    for (const tick of ticks) {
      if (Number.isFinite(predictedMid[variant * tickCount + tick])) continue;
      count++;
      first ??= { symbol: grid.symbol, timeMs: grid.timeMs[tick]!, variant };
    }
    byVariant.push(count);
  }
  return { byVariant, due: ticks.length, first };
}

/** @throws UserError `model/not-finite` where more than the share of a variant's `planned` forecasts are no finite numbers */
export function refuseNotFinite(counts: NotFinite, planned: number, model: string): void {
  if (Math.max(...counts.byVariant) > MOST_NOT_FINITE * planned) {
    throw new UserError(notFiniteProblem(counts, planned, model));
  }
}

/** How many, of which variant, and where the first was made. */
export function notFiniteProblem({ byVariant, first }: NotFinite, planned: number, model: string): UserProblem {
  const count = Math.max(...byVariant);
  const place = first ? ` The first is ${placeName(first)}.` : '';
  return {
    code: 'model/not-finite',
    message:
      `${count.toLocaleString('en')} of ${planned.toLocaleString('en')} forecasts of ${variantName(byVariant.indexOf(count))} ` +
      `are no finite numbers, so the run was stopped.${place}`,
    where: model,
    hint: 'What was finished before is kept. Run again, on the WASM back end or with float32 weights; if it is the same there, the checkpoint overflows on these quotes.',
  };
}

/** For the readers of a result; undefined where every forecast is finite. */
export function notFiniteWarning({ byVariant, due, first }: NotFinite): string | undefined {
  if (!first) return undefined;
  const counts = byVariant.flatMap((count, k) =>
    count > 0 ? [`${count.toLocaleString('en')} of ${variantName(k)}`] : [],
  );
  return (
    `Forecasts that are no finite numbers: ${counts.join(', ')}, each of ${due.toLocaleString('en')}; the first ${placeName(first)}. ` +
    `Nothing is traded on them, and none is kept: a run again makes them anew.`
  );
}

function placeName({ symbol, timeMs, variant }: ForecastPlace): string {
  return `on ${symbol} at ${new Date(timeMs).toISOString()}, of ${variantName(variant)}`;
}

function variantName(variant: number): string {
  return variant === 0 ? 'the model without dropout' : `variant ${variant}`;
}

/** Ticks whose context is whole: at the others there is no forecast. */
function dueTicks(
  grid: Grid,
  { contextLength, causal }: Pick<ModelCard, 'contextLength' | 'causal'>,
  rule: ForecastRule,
) {
  const mids = midsOf(grid);
  /** [T+1] ticks without a mid before each. */
  const gaps = new Int32Array(mids.length + 1);
  for (let tick = 0; tick < mids.length; tick++) gaps[tick + 1] = gaps[tick]! + (Number.isNaN(mids[tick]) ? 1 : 0);
  const { anchored, strideTicks } = rule;
  const anchor =
    anchored && causal ? { patchLength: causal.patchLength, mostPatches: causal.mostPatches, ...anchored } : undefined;
  const least = anchor ? anchor.leastPatches * anchor.patchLength : contextLength;
  const ticks = forecastTicks(grid.sessionStarts, mids.length, least, strideTicks);
  let session = 0;
  return ticks.filter((tick) => {
    while ((grid.sessionStarts[session + 1] ?? Number.POSITIVE_INFINITY) <= tick) session++;
    const length = anchor ? anchoredLength(tick - grid.sessionStarts[session]!, anchor) : contextLength;
    return gaps[tick + 1] === gaps[tick + 1 - length];
  });
}
