/** Joins the quotes of all files of one symbol into one series in order of time, whatever order the files came in. */

import type { Calendar, QuoteSeries } from '../../core/types.ts';
import type { CleanQuotes } from './validate.ts';

/** Quotes of one file, and where they come from. */
export interface Segment {
  readonly label: string;
  readonly quotes: CleanQuotes;
  readonly calendar: Calendar;
}

export interface Joined {
  readonly series: QuoteSeries;
  /** By position in the segments given: the label of the segment with the very same quotes that was used instead. */
  readonly duplicateOf: readonly (string | undefined)[];
  /** By position: quotes whose stamp another used segment has too. */
  readonly overlapping: readonly number[];
}

/**
 * Segments are laid out by first stamp, then by last, then by label, so that the order of dropping does not matter. A segment equal
 * to one before is left out; where two have the same stamp, the later in that order wins. Needs at least one segment.
 */
export function joinSegments(segments: readonly Segment[]): Joined {
  const order = segments.map((_, index) => index).sort((a, b) => compareSegments(segments[a]!, segments[b]!));
  const duplicateOf: (string | undefined)[] = segments.map(() => undefined);
  const used: number[] = [];
  for (const index of order) {
    const twin = used.find((other) => sameQuotes(segments[other]!.quotes, segments[index]!.quotes));
    if (twin === undefined) used.push(index);
    else duplicateOf[index] = segments[twin]!.label;
  }
  const overlapping = segments.map(() => 0);
  const columns = merge(
    used.map((index) => segments[index]!.quotes),
    (position) => {
      overlapping[used[position]!]!++;
    },
  );
  const first = segments[used[0]!]!;
  const series: QuoteSeries = {
    symbol: first.quotes.symbol,
    source: nameSources(used.map((index) => segments[index]!.label)),
    calendar: first.calendar,
    ...columns,
  };
  return { series, duplicateOf, overlapping };
}

function compareSegments(a: Segment, b: Segment): number {
  return (
    a.quotes.timeMs[0]! - b.quotes.timeMs[0]! ||
    a.quotes.timeMs.at(-1)! - b.quotes.timeMs.at(-1)! ||
    (a.label < b.label ? -1 : a.label > b.label ? 1 : 0)
  );
}

function sameQuotes(a: CleanQuotes, b: CleanQuotes): boolean {
  return sameColumn(a.timeMs, b.timeMs) && sameColumn(a.bid, b.bid) && sameColumn(a.ask, b.ask);
}

function sameColumn(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

type Columns = Pick<QuoteSeries, 'timeMs' | 'bid' | 'ask' | 'bidSize' | 'askSize'>;

/** Merges sorted parts (one alone is handed on without a copy); calls `onOverlap` with the position of every part that shares a stamp, once per stamp and part. */
function merge(parts: readonly CleanQuotes[], onOverlap: (position: number) => void): Columns {
  if (parts.length === 1) {
    const { timeMs, bid, ask, bidSize, askSize } = parts[0]!;
    return { timeMs, bid, ask, ...(bidSize && { bidSize }), ...(askSize && { askSize }) };
  }
  const total = parts.reduce((sum, part) => sum + part.timeMs.length, 0);
  const withBidSize = parts.some((part) => part.bidSize);
  const withAskSize = parts.some((part) => part.askSize);
  const timeMs = new Float64Array(total);
  const bid = new Float64Array(total);
  const ask = new Float64Array(total);
  const bidSize = withBidSize ? new Float64Array(total).fill(Number.NaN) : undefined;
  const askSize = withAskSize ? new Float64Array(total).fill(Number.NaN) : undefined;
  const next = new Uint32Array(parts.length);
  let count = 0;
  let live = parts.map((_, position) => position);
  while (live.length > 0) {
    let earliest = Number.POSITIVE_INFINITY;
    for (const position of live) earliest = Math.min(earliest, parts[position]!.timeMs[next[position]!]!);
    const sharing = live.filter((position) => parts[position]!.timeMs[next[position]!] === earliest);
    const winner = sharing.at(-1)!;
    if (sharing.length > 1) for (const position of sharing) onOverlap(position);
    const part = parts[winner]!;
    // Up to the next stamp of any other part, the winner's quotes follow without comparison.
    let limit = Number.POSITIVE_INFINITY;
    for (const position of live) {
      if (position === winner) continue;
      if (parts[position]!.timeMs[next[position]!] === earliest) next[position]!++;
      limit = Math.min(limit, parts[position]!.timeMs[next[position]!] ?? Number.POSITIVE_INFINITY);
    }
    let at = next[winner]!;
    const length = part.timeMs.length;
    do {
      timeMs[count] = part.timeMs[at]!;
      bid[count] = part.bid[at]!;
      ask[count] = part.ask[at]!;
      if (bidSize && part.bidSize) bidSize[count] = part.bidSize[at]!;
      if (askSize && part.askSize) askSize[count] = part.askSize[at]!;
      count++;
      at++;
    } while (at < length && part.timeMs[at]! < limit);
    next[winner] = at;
    live = live.filter((position) => next[position]! < parts[position]!.timeMs.length);
  }
  return {
    timeMs: timeMs.subarray(0, count),
    bid: bid.subarray(0, count),
    ask: ask.subarray(0, count),
    ...(bidSize && { bidSize: bidSize.subarray(0, count) }),
    ...(askSize && { askSize: askSize.subarray(0, count) }),
  };
}

function nameSources(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).join(', ');
  return labels.length > 3 ? `${shown} and ${labels.length - 3} more` : shown;
}
