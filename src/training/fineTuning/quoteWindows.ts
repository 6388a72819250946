/**
 * Training windows out of the loaded quotes: a context as the forecaster will read it, and what followed, in the units of the context's
 * transform. A set of windows belongs to one range and reads nothing outside of it.
 */

import type { Grid } from '../../core/types.ts';
import { contextIsWhole, midsOf, transformContext } from '../../models/contexts.ts';
import type { ModelShape } from '../../models/family.ts';
import { featureWindow } from '../../models/features.ts';
import type { Role, TimeRange } from './walkForward.ts';

/** One window's place: the last tick of its context. */
export interface WindowPlace {
  readonly asset: number;
  readonly tick: number;
}

/** What a window holds. */
export interface QuoteWindow {
  /** [L, C] */
  readonly context: Float64Array;
  /** [H] of mids: in units of the context's transform; of features: the one score. */
  readonly future: Float64Array;
}

/** The columns of one asset. */
export interface AssetColumns extends Pick<Grid, 'bid' | 'ask' | 'bidSize' | 'askSize'> {
  readonly mids: Float64Array;
}

/** Reads one window. It is given all columns; `leakGuard.ts` checks that it does not look beyond its range. */
export type WindowReader = (columns: AssetColumns, tick: number, ahead: number, shape: ModelShape) => QuoteWindow;

/** What windows are cut to. */
export interface WindowShape {
  readonly model: ModelShape;
  /** Ticks after the context that are learnt. */
  readonly ahead: number;
  /** A window every so many ticks. */
  readonly strideTicks: number;
}

/** Windows of one range. */
export interface WindowSet<R extends Role> {
  readonly range: TimeRange<R>;
  readonly shape: WindowShape;
  readonly places: readonly WindowPlace[];
  /** The latest time any window reads. */
  readonly lastReadMs: number;
}

export function columnsOf({ bid, ask, bidSize, askSize }: Grid): AssetColumns {
  return { bid, ask, ...(bidSize && { bidSize }), ...(askSize && { askSize }), mids: midsOf({ bid, ask }) };
}

/** Ticks after the context that a model is trained on, unless a loss says otherwise. */
export function ticksAhead({ horizon, reads }: ModelShape): number {
  return reads ? reads.targetTicks : horizon;
}

/** Every window that lies, context and future, within the range and one session, without a gap. */
export function windowsIn<R extends Role>(
  grids: readonly Grid[],
  range: TimeRange<R>,
  shape: WindowShape,
): WindowSet<R> {
  const { contextLength: length } = shape.model;
  const places: WindowPlace[] = [];
  let lastReadMs = Number.NEGATIVE_INFINITY;
  grids.forEach((grid, asset) => {
    const { mids } = columnsOf(grid);
    grid.sessionStarts.forEach((start, session) => {
      const end = grid.sessionStarts[session + 1] ?? mids.length;
      for (let tick = start + length - 1; tick + shape.ahead < end; tick += shape.strideTicks) {
        const last = grid.timeMs[tick + shape.ahead]!;
        if (grid.timeMs[tick - length + 1]! < range.startMs || last >= range.endExclusiveMs) continue;
        if (!contextIsWhole(mids, tick + shape.ahead, length + shape.ahead)) continue;
        places.push({ asset, tick });
        lastReadMs = Math.max(lastReadMs, last);
      }
    });
  });
  return { range, shape, places, lastReadMs };
}

/** The window as forecasters read it: transformed mids, or features and their score. */
export const readWindow: WindowReader = (columns, tick, ahead, { contextLength, channels, reads }) => {
  const { mids } = columns;
  if (reads?.features) {
    const window = featureWindow(columns, tick, contextLength, reads.features);
    const change = Math.log(mids[tick + ahead]!) - window.lastLogMid;
    const score = window.deviation > 0 ? change / (window.deviation * Math.sqrt(ahead)) : 0;
    return { context: window.values, future: Float64Array.of(score) };
  }
  const context = new Float64Array(contextLength * channels);
  const { lastLogMid, unit } = transformContext(mids, tick, 'normalised', context);
  const future = Float64Array.from({ length: ahead }, (_, h) =>
    unit > 0 ? (Math.log(mids[tick + 1 + h]!) - lastLogMid) / unit : 0,
  );
  return { context, future };
};
