/**
 * Files that are quotes only in pairs: one with the bids and one with the asks, joined on their stamps; an order book and its messages,
 * joined row by row. A half without its other half is not a quote file, and says so.
 */

import type { UserProblem } from '../../core/errors.ts';
import type { Half, RawTable } from '../formats/format.ts';
import { barNote, moveToBarEnd } from './bars.ts';
import { rowsOfColumns } from './columns.ts';
import { RowStatus } from './rows.ts';

/** A half, and how messages call its file. */
export interface HalfFile {
  readonly label: string;
  readonly table: RawTable;
}

/** What becomes of a half: the whole table on one file of a pair, a reference to it on the other. */
export type HalfResult =
  | { readonly with: string; readonly table: RawTable }
  | { readonly with: string; readonly note: string }
  | { readonly problem: UserProblem };

type Part = Half['part'];

const OTHER: Readonly<Record<Part, Part>> = { bid: 'ask', ask: 'bid', book: 'messages', messages: 'book' };
const HOLDS: Readonly<Record<Part, string>> = {
  bid: 'bids only',
  ask: 'asks only',
  book: 'the states of an order book without their times',
  messages: 'order messages, the times of a book’s states',
};

/** By position: what becomes of each half; `undefined` where there is none. */
export function joinHalves(files: readonly (HalfFile | undefined)[]): (HalfResult | undefined)[] {
  const results: (HalfResult | undefined)[] = files.map(() => undefined);
  const waiting = new Map<string, number>();
  const seen = new Set<string>();
  files.forEach((file, index) => {
    const half = file?.table.half;
    if (!file || !half) return;
    const nameOf = (part: Part) => JSON.stringify([part, half.key]);
    if (seen.has(nameOf(half.part))) {
      results[index] = { problem: twice(half) };
      return;
    }
    seen.add(nameOf(half.part));
    const other = waiting.get(nameOf(OTHER[half.part]));
    if (other === undefined) {
      waiting.set(nameOf(half.part), index);
      results[index] = { problem: lonely(half) };
      return;
    }
    waiting.delete(nameOf(OTHER[half.part]));
    const leads = half.part === 'bid' || half.part === 'book';
    const [lead, rest] = leads ? [index, other] : [other, index];
    const [result, restResult] = join(files[lead]!, files[rest]!);
    results[lead] = result;
    results[rest] = restResult;
  });
  return results;
}

function join(lead: HalfFile, rest: HalfFile): readonly [HalfResult, HalfResult] {
  if (lead.table.symbols.length > 1 || rest.table.symbols.length > 1) {
    const problem = {
      code: 'quotes/pair-symbols',
      message: 'Bids and asks in two files can be joined for one symbol only, and these hold several.',
      hint: 'Split the files by symbol, or write bid and ask into one file.',
    };
    return [{ problem }, { problem }];
  }
  if (lead.table.half?.part === 'bid') {
    return [
      { with: rest.label, table: joinOnStamps(lead.table, rest) },
      { with: lead.label, note: `Joined on the stamps with the bids of ${lead.label}; the quotes are reported there.` },
    ];
  }
  const states = lead.table.rows.count;
  const messages = rest.table.rows.count;
  if (states !== messages) {
    const problem = {
      code: 'quotes/pair-length',
      message: `The order book has ${states} rows and its message file ${messages}; row by row they belong together.`,
      hint: 'One of the two is incomplete: unpack or download both again.',
    };
    return [{ problem }, { problem }];
  }
  return [
    { with: rest.label, table: joinRows(lead.table, rest) },
    { with: lead.label, note: `Times of the order book in ${lead.label}; the quotes are reported there.` },
  ];
}

/** Every stamp of either side once or more often: the n-th bid of a stamp meets its n-th ask; without one that side is missing. */
function joinOnStamps(bids: RawTable, asks: HalfFile): RawTable {
  const b = bids.rows;
  const a = asks.table.rows;
  const most = b.count + a.count;
  const timeMs = new Float64Array(most);
  const bid = new Float64Array(most).fill(Number.NaN);
  const ask = new Float64Array(most).fill(Number.NaN);
  const bidSize = b.bidSize && new Float64Array(most).fill(Number.NaN);
  const askSize = a.askSize && new Float64Array(most).fill(Number.NaN);
  const bidOrder = orderByTime(b.timeMs);
  const askOrder = orderByTime(a.timeMs);
  let count = 0;
  let both = 0;
  for (let i = 0, k = 0; i < bidOrder.length || k < askOrder.length; count++) {
    const bidTime = b.timeMs[bidOrder[i] ?? -1] ?? Number.POSITIVE_INFINITY;
    const askTime = a.timeMs[askOrder[k] ?? -1] ?? Number.POSITIVE_INFINITY;
    timeMs[count] = Math.min(bidTime, askTime);
    if (bidTime === askTime) both++;
    if (bidTime <= askTime) {
      bid[count] = b.bid[bidOrder[i]!]!;
      if (bidSize) bidSize[count] = b.bidSize![bidOrder[i]!]!;
      i++;
    }
    if (askTime <= bidTime) {
      ask[count] = a.ask[askOrder[k]!]!;
      if (askSize) askSize[count] = a.askSize![askOrder[k]!]!;
      k++;
    }
  }
  const cut = (column: Float64Array | undefined) => column?.subarray(0, count);
  const bars = bids.half?.bars === true;
  const barMs = bars ? moveToBarEnd(timeMs.subarray(0, count)) : 0;
  const rows = rowsOfColumns({
    timeMs: timeMs.subarray(0, count),
    bid: bid.subarray(0, count),
    ask: ask.subarray(0, count),
    bidSize: cut(bidSize),
    askSize: cut(askSize),
  });
  const unread = [b, a].reduce((sum, { status }) => sum + status.filter((each) => each !== RowStatus.ok).length, 0);
  const unreadNote = unread > 0 ? [`${unread} rows of the two files could not be read.`] : [];
  const note = `Bids joined on the stamps with the asks of ${asks.label}: ${both} stamps have both sides, ${count - both} only one.`;
  const notes = [...bids.notes, note, ...unreadNote, ...(bars ? [barNote(barMs)] : [])];
  return withoutHalf({ ...bids, rows, barMs, notes });
}

/** Row numbers with a readable stamp, by stamp; rows of one stamp keep their order. */
function orderByTime(timeMs: Float64Array): Uint32Array {
  const order = Uint32Array.from(timeMs.keys()).filter((row) => Number.isFinite(timeMs[row]));
  return order.sort((x, y) => timeMs[x]! - timeMs[y]! || x - y);
}

/** The states of the book at the times of the messages. */
function joinRows(book: RawTable, messages: HalfFile): RawTable {
  const { timeMs, status } = messages.table.rows;
  const { rows } = book;
  for (let row = 0; row < rows.count; row++) rows.status[row] = Math.max(rows.status[row]!, status[row]!);
  const note = `Times are those of the messages in ${messages.label}, row by row.`;
  const { timeUnit, timeZone, notes } = messages.table;
  return withoutHalf({
    ...book,
    rows: { ...rows, timeMs, lines: undefined },
    timeUnit,
    timeZone,
    notes: [...book.notes, ...notes, note],
  });
}

function withoutHalf({ half: _, ...whole }: RawTable): RawTable {
  return whole;
}

function twice({ part }: Half): UserProblem {
  return {
    code: 'quotes/half-twice',
    message: `This file holds ${HOLDS[part]}, and so does another one named like it, which is used.`,
    hint: 'Drop each file once, and give those of different days different names.',
  };
}

function lonely({ part }: Half): UserProblem {
  return {
    code: 'quotes/one-sided',
    message: `This file holds ${HOLDS[part]} and is not a quote file by itself.`,
    hint: `Drop it together with the file of the ${OTHER[part] === 'messages' ? 'messages' : OTHER[part] === 'book' ? 'order book' : `${OTHER[part]}s`}, which is named like it.`,
  };
}
