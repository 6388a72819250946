/** A row shown to a person: its line where the rows are lines of a text, else its values. */

import type { Rows } from './rows.ts';
import { asciiText, LF } from './scan.ts';
import { shorten } from './text.ts';
import type { RowExample } from './types.ts';

/** The row at `index` as an example; `bytes` is the text it was read from, which is not looked at where rows are no lines. */
export function rowExample(rows: Rows, bytes: Uint8Array, index: number): RowExample {
  return rows.lineStart ? lineExample(bytes, rows.lineStart[index]!) : { row: index + 1, text: values(rows, index) };
}

function lineExample(bytes: Uint8Array, lineStart: number): RowExample {
  let row = 1;
  for (let at = bytes.indexOf(LF); at >= 0 && at < lineStart; at = bytes.indexOf(LF, at + 1)) row++;
  const end = bytes.indexOf(LF, lineStart);
  return { row, text: shorten(asciiText(bytes, lineStart, Math.min(end < 0 ? bytes.length : end, lineStart + 400))) };
}

function values({ timeMs, bid, ask }: Rows, index: number): string {
  const stamp = new Date(timeMs[index]!);
  const time = Number.isNaN(stamp.getTime()) ? 'no time' : stamp.toISOString();
  const price = (value: number) => (Number.isNaN(value) ? 'none' : `${value}`);
  return `${time}, bid ${price(bid[index]!)}, ask ${price(ask[index]!)}`;
}
