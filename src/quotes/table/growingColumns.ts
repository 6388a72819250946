/** Typed columns that take rows until they are cut to their length. Growing copies one column after the other, so that two of all never exist. */

import { fail } from '../../core/errors.ts';
import { Role, type RoleCode } from './roles.ts';

/** What columns of numbers can hold at 8 bytes a number and five columns within the memory of a tab. */
export const MOST_ROWS = 3e8;

type NumberColumn = 'timeMs' | 'bid' | 'ask' | 'bidSize' | 'askSize' | 'flag' | 'sequence';
const NUMBER_COLUMNS: readonly NumberColumn[] = ['timeMs', 'bid', 'ask', 'bidSize', 'askSize', 'flag', 'sequence'];

export class GrowingColumns {
  /** Rows so far, at most `capacity`. */
  count = 0;
  capacity: number;
  status: Uint8Array;
  timeMs: Float64Array;
  bid: Float64Array;
  ask: Float64Array;
  bidSize: Float64Array | undefined;
  askSize: Float64Array | undefined;
  flag: Float64Array | undefined;
  symbol: Uint32Array | undefined;
  /** Numbers that grow from row to row, where they are kept. */
  sequence: Float64Array | undefined;

  /** Time, bid and ask are always there, of the others those with a role. @throws UserError `quotes/too-large`. */
  constructor(roles: readonly RoleCode[], expectedRows: number) {
    const capacity = checked(Math.max(16, Math.ceil(expectedRows)));
    const optional = (role: RoleCode) => (roles.includes(role) ? new Float64Array(capacity) : undefined);
    this.capacity = capacity;
    this.status = new Uint8Array(capacity);
    this.timeMs = new Float64Array(capacity);
    this.bid = new Float64Array(capacity);
    this.ask = new Float64Array(capacity);
    this.bidSize = optional(Role.bidSize);
    this.askSize = optional(Role.askSize);
    this.flag = optional(Role.flag);
    this.sequence = optional(Role.sequence);
    this.symbol = roles.includes(Role.symbol) ? new Uint32Array(capacity) : undefined;
  }

  /** Makes room for what is still to come, told by the share of the source that gave the rows so far; 0 where that is not known. */
  grow(share: number): void {
    const expected = share > 0 ? (this.count / share) * 1.02 : this.count * 1.5;
    const capacity = checked(Math.ceil(Math.max(expected, this.count * 1.05)) + 4096);
    for (const name of NUMBER_COLUMNS) {
      const old = this[name];
      if (old) this[name] = copied(old, new Float64Array(capacity));
    }
    this.status = copied(this.status, new Uint8Array(capacity));
    if (this.symbol) this.symbol = copied(this.symbol, new Uint32Array(capacity));
    this.capacity = capacity;
  }

  /** The columns at their length. */
  cut() {
    const { count, symbol, status, timeMs, bid, ask, bidSize, askSize, flag, sequence } = this;
    return {
      count,
      status: status.subarray(0, count),
      timeMs: timeMs.subarray(0, count),
      bid: bid.subarray(0, count),
      ask: ask.subarray(0, count),
      bidSize: bidSize?.subarray(0, count),
      askSize: askSize?.subarray(0, count),
      flag: flag?.subarray(0, count),
      symbol: symbol?.subarray(0, count),
      ...(sequence && { sequence: sequence.subarray(0, count) }),
    };
  }
}

function copied<Column extends Float64Array | Uint32Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

/** @throws UserError `quotes/too-large`. */
function checked(rows: number): number {
  if (rows <= MOST_ROWS) return rows;
  return fail(
    'quotes/too-large',
    `The file has about ${Math.round(rows / 1e6)} million rows, which do not fit into memory.`,
    {
      hint: 'Split it by day.',
    },
  );
}
