/**
 * The anchored-context rule: contexts begin at fixed places and grow patch by patch, so that many ticks share a window and
 * one causal pass forecasts at all of them. It is part of what the forecaster is, not a short cut to a fixed context: a
 * forecast's context is between M and N patches long, depending on the tick.
 */

import type { AnchorSettings } from '../types.ts';

export interface AnchorRule extends Required<AnchorSettings> {
  /** p: values of a patch. */
  readonly patchLength: number;
}

/** A window whose patches' ends are ticks to be forecast. */
export interface SweepWindow {
  /** Grid tick of the window's first value, and the end of its session (exclusive). */
  readonly start: number;
  readonly sessionEnd: number;
  /** For each wanted tick: its place among the ticks asked about, and which patch ends there. */
  readonly places: readonly { readonly place: number; readonly patch: number }[];
}

/**
 * Ticks of context behind the session's tick `t` (0-based, at least M·p − 1): with H = N − M + 1 the anchor is
 * s = ⌊(t + 1 − M·p) / (H·p)⌋ · H·p, and the context is the last ⌊(t + 1 − s) / p⌋ · p values.
 */
export function anchoredLength(tick: number, { patchLength: p, leastPatches, mostPatches }: AnchorRule): number {
  const hop = (mostPatches - leastPatches + 1) * p;
  const anchor = Math.floor((tick + 1 - leastPatches * p) / hop) * hop;
  return Math.floor((tick + 1 - anchor) / p) * p;
}

/**
 * The windows that cover some ticks: each tick lies at the end of exactly one patch of one window.
 *
 * @param ticks [N] grid ticks, ascending, each at least M·p − 1 ticks behind its session's start
 * @param sessionStarts [S]
 */
export function sweepWindows(
  ticks: ArrayLike<number>,
  sessionStarts: ArrayLike<number>,
  tickCount: number,
  rule: AnchorRule,
): SweepWindow[] {
  const windows = new Map<number, { sessionEnd: number; places: { place: number; patch: number }[] }>();
  let session = 0;
  for (let place = 0; place < ticks.length; place++) {
    const tick = ticks[place]!;
    while (session + 1 < sessionStarts.length && sessionStarts[session + 1]! <= tick) session++;
    const length = anchoredLength(tick - sessionStarts[session]!, rule);
    const start = tick + 1 - length;
    const window = windows.get(start) ?? { sessionEnd: sessionStarts[session + 1] ?? tickCount, places: [] };
    windows.set(start, window);
    window.places.push({ place, patch: length / rule.patchLength - 1 });
  }
  return [...windows].map(([start, window]) => ({ start, ...window }));
}
