/**
 * Thins a stream of updates to the quote that prevails at each instant of a grid (previous tick), and checks their sequence. A row is
 * written when the quote has changed; one that stays is repeated every second for as long as the stream is known to have lived, so that a
 * longer gap always means a lost connection.
 */

import type { BookTicker } from './bookTicker.ts';

/** A quote at a grid instant. */
export interface SampledQuote {
  /** Milliseconds since the Unix epoch, UTC; a multiple of the step. */
  readonly timeMs: number;
  readonly quote: BookTicker;
}

/** What the recorder knows of one pair. */
export interface PairState {
  readonly symbol: string;
  /** The latest quote since the connection was made. */
  readonly latest: BookTicker | undefined;
  /** Time of receipt of the latest quote; NaN before the first. */
  readonly latestMs: number;
  /** Updates received in sequence. */
  readonly updates: number;
  /** Updates thrown away because a later one, or the same, had been received. */
  readonly outOfSequence: number;
  readonly rows: number;
}

/** A quote that stays as it is is repeated after this long. */
export const REPEAT_MS = 1000;

export class QuoteSampler {
  private readonly pairs: ReadonlyMap<string, Pair>;

  /** `emit` is given rows in ascending time for each pair. */
  constructor(
    symbols: readonly string[],
    private readonly stepMs: number,
    private readonly emit: (row: SampledQuote) => void,
  ) {
    this.pairs = new Map(symbols.map((symbol) => [symbol, new Pair(symbol)]));
  }

  /** Takes one update, received at `receivedMs` (never falling); false if it is of no pair asked for, or out of sequence. */
  accept(quote: BookTicker, receivedMs: number): boolean {
    const pair = this.pairs.get(quote.symbol);
    if (!pair) return false;
    if (pair.latest && quote.updateId <= pair.latest.updateId) {
      pair.outOfSequence++;
      return false;
    }
    this.advancePair(pair, receivedMs, receivedMs, false);
    pair.latest = quote;
    pair.latestMs = receivedMs;
    pair.unwritten = true;
    pair.updates++;
    return true;
  }

  /**
   * Writes every row that is due at or before `nowMs`. Of whatever pair the last message was, at `heardMs`, until then the connection
   * lived: only until then is a quote without a successor known to have stayed.
   */
  advance(nowMs: number, heardMs: number): void {
    for (const pair of this.pairs.values()) this.advancePair(pair, nowMs, heardMs, true);
  }

  /** The connection is lost: what was last quoted before `nowMs` is written, and nothing is known from then on. */
  interrupt(): void {
    for (const pair of this.pairs.values()) {
      if (pair.latest && pair.unwritten) this.write(pair, this.instantAfter(pair.latestMs));
      // Numbering may start anew with the next connection, so nothing is compared across it.
      pair.latest = undefined;
      pair.unwritten = false;
    }
  }

  states(): PairState[] {
    return [...this.pairs.values()].map(({ symbol, latest, latestMs, updates, outOfSequence, rows }) => ({
      symbol,
      latest,
      latestMs,
      updates,
      outOfSequence,
      rows,
    }));
  }

  /**
   * `settled`: nothing received at `nowMs` can follow any more, so an instant at `nowMs` itself is due as well. An update received
   * exactly at an instant prevails at it.
   */
  private advancePair(pair: Pair, nowMs: number, heardMs: number, settled: boolean): void {
    if (!pair.latest) return;
    const due = (instantMs: number) => instantMs < nowMs || (settled && instantMs === nowMs);
    if (pair.unwritten) {
      const instantMs = this.instantAfter(pair.latestMs);
      if (!due(instantMs)) return;
      this.write(pair, instantMs);
    }
    const repeat = Math.max(this.stepMs, REPEAT_MS);
    for (let next = pair.lastRowMs + repeat; due(next) && next <= heardMs; next += repeat) this.write(pair, next);
  }

  /** The first instant at or after a time. */
  private instantAfter(timeMs: number): number {
    return Math.ceil(timeMs / this.stepMs) * this.stepMs;
  }

  private write(pair: Pair, timeMs: number): void {
    if (!pair.latest || timeMs <= pair.lastRowMs) return;
    pair.unwritten = false;
    pair.lastRowMs = timeMs;
    pair.rows++;
    this.emit({ timeMs, quote: pair.latest });
  }
}

class Pair {
  latest: BookTicker | undefined;
  latestMs = Number.NaN;
  /** The latest quote is in no row yet. */
  unwritten = false;
  lastRowMs = Number.NEGATIVE_INFINITY;
  updates = 0;
  outOfSequence = 0;
  rows = 0;

  constructor(readonly symbol: string) {}
}
