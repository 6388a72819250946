/** Files of one guessed symbol whose prices do not agree where they overlap: they are never merged, but kept apart and asked about. */

import { firstAbove } from '../../core/sorted.ts';
import type { Question } from '../types.ts';
import type { Segment } from './join.ts';

/** Two files of one market differ by less: by this part of the price, and by so many spreads. */
const FAR = 0.001;
const FAR_SPREADS = 5;
const COMPARED = 51;

/** Positions of segments that may be joined, group by group; one group where all agree. `joined`: those that a person joined. */
export function groupSegments(segments: readonly Segment[], joined: (position: number) => boolean): number[][] {
  const order = segments.map((_, position) => position).sort((a, b) => startOf(segments[a]!) - startOf(segments[b]!));
  const groups: number[][] = [];
  // Of thousands of days most are over when the next begins.
  let open: number[] = [];
  for (const position of order) {
    const segment = segments[position]!;
    open = open.filter((other) => endOf(segments[other]!) >= startOf(segment));
    const clashing = joined(position)
      ? []
      : open.filter((other) => !joined(other) && !agree(segments[other]!, segment));
    const allowed = groups.filter((group) => !group.some((other) => clashing.includes(other)));
    const nearest = allowed.sort(
      (a, b) => distance(segments[a.at(-1)!]!, segment) - distance(segments[b.at(-1)!]!, segment),
    )[0];
    if (nearest) nearest.push(position);
    else groups.push([position]);
    open.push(position);
  }
  return groups;
}

/** What to ask about files of a symbol that were kept apart. */
export function apartQuestion(
  symbol: string,
  names: readonly string[],
  firsts: readonly Segment[],
  files: readonly string[],
): Question {
  const shown = firsts.map((segment) => `${segment.label} at ${middle(segment, 0)}`).join(', ');
  return {
    kind: 'sameSymbol',
    text: `Files that seem to be of one symbol, ${symbol}, overlap at prices that do not agree: ${shown}.`,
    readings: [
      { label: `different symbols: ${names.join(', ')}`, overrides: {} },
      {
        label: `one symbol, ${symbol}: where files overlap, the later one counts`,
        overrides: { joinAnyway: true },
        files: Object.fromEntries(files.map((file) => [file, { joinAnyway: true }])),
      },
    ],
    assumed: 0,
  };
}

/** The median distance of the mids where both have quotes, against the spreads there. */
function agree(a: Segment, b: Segment): boolean {
  const from = Math.max(startOf(a), startOf(b));
  const to = Math.min(endOf(a), endOf(b));
  const first = firstAbove(a.quotes.timeMs, from - 1e-3);
  const count = firstAbove(a.quotes.timeMs, to) - first;
  const gaps: number[] = [];
  const spreads: number[] = [];
  for (let i = 0; i < Math.min(COMPARED, count); i++) {
    const at = first + Math.floor((i * count) / Math.min(COMPARED, count));
    const other = firstAbove(b.quotes.timeMs, a.quotes.timeMs[at]!) - 1;
    if (other < 0) continue;
    const [mine, theirs] = [middle(a, at), middle(b, other)];
    gaps.push(Math.abs(mine - theirs) / mine);
    spreads.push((a.quotes.ask[at]! - a.quotes.bid[at]! + b.quotes.ask[other]! - b.quotes.bid[other]!) / 2 / mine);
  }
  if (gaps.length === 0) return true;
  return median(gaps) <= Math.max(FAR, FAR_SPREADS * median(spreads));
}

function distance(a: Segment, b: Segment): number {
  return Math.abs(Math.log(middle(a, a.quotes.timeMs.length - 1) / middle(b, 0)));
}

function middle({ quotes: { bid, ask } }: Segment, at: number): number {
  return Number(((bid[at]! + ask[at]!) / 2).toPrecision(10));
}

function startOf({ quotes }: Segment): number {
  return quotes.timeMs[0]!;
}

function endOf({ quotes }: Segment): number {
  return quotes.timeMs.at(-1)!;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
