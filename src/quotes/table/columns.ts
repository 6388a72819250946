/** Rows made of whole columns, as binary files and JSON give them: no row is a line of a text. */

import { fail } from '../../core/errors.ts';
import { MOST_ROWS } from './growingColumns.ts';
import { RowStatus, type Rows } from './rows.ts';

/** Columns of equal length, taken over. NaN prices are missing ones. */
export interface Columns {
  /** Milliseconds since the Unix epoch; NaN where there is no time. */
  readonly timeMs: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize?: Float64Array | undefined;
  readonly askSize?: Float64Array | undefined;
  /** Index into `symbols`. */
  readonly symbol?: Uint32Array | undefined;
  readonly symbols?: readonly string[];
}

/** All rows are readable, as far as is known here. */
export function rowsOfColumns({ timeMs, bid, ask, bidSize, askSize, symbol, symbols = [] }: Columns): Rows {
  return {
    count: timeMs.length,
    status: new Uint8Array(timeMs.length).fill(RowStatus.ok),
    timeMs,
    bid,
    ask,
    bidSize,
    askSize,
    flag: undefined,
    symbol,
    symbols: [...symbols],
    lines: undefined,
  };
}

/** Numbers names in the order they appear. */
export class NameCodes {
  readonly names: string[] = [];
  private readonly codes = new Map<string, number>();

  code(name: string): number {
    let code = this.codes.get(name);
    if (code === undefined) {
      code = this.names.push(name) - 1;
      this.codes.set(name, code);
    }
    return code;
  }
}

/** A column of NaN. @throws UserError `quotes/too-large` for more rows than columns can hold. */
export function emptyColumn(rows: number): Float64Array {
  if (!(rows <= MOST_ROWS)) {
    fail('quotes/too-large', `The file says it has ${rows} rows, which do not fit into memory.`, {
      hint: 'Split it by day.',
    });
  }
  return new Float64Array(rows).fill(Number.NaN);
}
