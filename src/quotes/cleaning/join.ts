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
  // An archive may hold ten thousands of members: only those alike in length and ends are compared.
  const alike = new Map<string, number[]>();
  for (const index of order) {
    const { quotes } = segments[index]!;
    const key = `${quotes.timeMs.length} ${quotes.timeMs[0]} ${quotes.timeMs.at(-1)} ${quotes.bid[0]} ${quotes.ask.at(-1)}`;
    const others = alike.get(key) ?? [];
    alike.set(key, others);
    const twin = others.find((other) => sameQuotes(segments[other]!.quotes, quotes));
    if (twin === undefined) {
      used.push(index);
      others.push(index);
    } else duplicateOf[index] = segments[twin]!.label;
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
  const queue = new StampQueue(parts, next);
  for (let earliest = queue.earliest(); Number.isFinite(earliest); earliest = queue.earliest()) {
    const sharing = queue.takeAll(earliest);
    const winner = sharing.at(-1)!;
    if (sharing.length > 1) {
      for (const position of sharing) {
        onOverlap(position);
        if (position === winner) continue;
        next[position]!++;
        queue.add(position);
      }
    }
    const part = parts[winner]!;
    // Up to the next stamp of any other part, the winner's quotes follow without comparison.
    const limit = queue.earliest();
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
    queue.add(winner);
  }
  return {
    timeMs: timeMs.subarray(0, count),
    bid: bid.subarray(0, count),
    ask: ask.subarray(0, count),
    ...(bidSize && { bidSize: bidSize.subarray(0, count) }),
    ...(askSize && { askSize: askSize.subarray(0, count) }),
  };
}

/** Positions of parts that have quotes left, in a heap by their next stamp and then by position. */
class StampQueue {
  private readonly heap: number[] = [];

  constructor(
    private readonly parts: readonly CleanQuotes[],
    private readonly next: Uint32Array,
  ) {
    for (let position = 0; position < parts.length; position++) this.add(position);
  }

  /** Infinity where nothing is left. */
  earliest(): number {
    return this.heap.length > 0 ? this.stamp(this.heap[0]!) : Number.POSITIVE_INFINITY;
  }

  /** Takes out all parts whose next stamp this is, in order. */
  takeAll(stamp: number): number[] {
    const taken: number[] = [];
    while (this.heap.length > 0 && this.stamp(this.heap[0]!) === stamp) taken.push(this.take());
    return taken;
  }

  /** Unless the part is at its end. */
  add(position: number): void {
    const { heap } = this;
    if (this.next[position]! >= this.parts[position]!.timeMs.length) return;
    let at = heap.push(position) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(heap[at]!, heap[parent]!)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private take(): number {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && this.isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && this.isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      this.swap(at, least);
      at = least;
    }
  }

  private stamp(position: number): number {
    return this.parts[position]!.timeMs[this.next[position]!]!;
  }

  private isBefore(a: number, b: number): boolean {
    const [stampA, stampB] = [this.stamp(a), this.stamp(b)];
    return stampA < stampB || (stampA === stampB && a < b);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }
}

function nameSources(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).join(', ');
  return labels.length > 3 ? `${shown} and ${labels.length - 3} more` : shown;
}
