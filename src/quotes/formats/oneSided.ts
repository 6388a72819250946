/**
 * One file for the bids and one for the asks: text with a header that has a time and either a `bid` or an `ask`, or bars (open, high,
 * low, close) whose name says of which side they are. A half each, to be joined with the other file (pairs.ts).
 */

import type { TextSample } from '../bytes/text.ts';
import type { ColumnRoles } from '../types.ts';
import { plainName, rolesFromHeader } from './columnNames.ts';
import type { Half, QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';

type Side = 'bid' | 'ask';

/** What the file has of a side. */
interface OneSide {
  readonly side: Side;
  readonly columns: Partial<ColumnRoles> & { readonly time: number };
  /** The price is the close of a bar. */
  readonly bars: boolean;
}

export const oneSided: QuoteFormat = {
  title: 'One file for the bids and one for the asks',

  detect(sample) {
    return findSide(sample) ? 0.8 : 0;
  },

  async read(sample, overrides) {
    const found = findSide(sample);
    if (!found) throw new TypeError('oneSided.read needs a file it detects');
    const { side, columns, bars } = found;
    const table = await readNamedColumns(sample, overrides, columns);
    return {
      ...table,
      notes: [...table.notes, ...(bars ? ['Quotes are the closes of the bars.'] : [])],
      half: halfOf(sample, side, bars),
    };
  },
};

/** A file of one side, to be joined with the one that is called the same but for the side. */
export function halfOf(sample: TextSample, part: Side, bars: boolean): Half {
  return { part, key: nameOf(sample).replace(SIDE, ' '), bars };
}

/** A word of its own, so that no symbol is taken for one. */
const SIDE = /(?<![a-z])(bid|ask|offer)s?(?![a-z])/;

function findSide(sample: TextSample): OneSide | undefined {
  const header = sample.cells[0]!;
  const { time, bid, ask, bidSize, askSize, symbol } = rolesFromHeader(header);
  if (time === undefined || (bid !== undefined && ask !== undefined)) return undefined;
  const rest = { time, ...(symbol !== undefined && { symbol }) };
  if (bid !== undefined) {
    return { side: 'bid', bars: false, columns: { ...rest, bid, ...(bidSize !== undefined && { bidSize }) } };
  }
  if (ask !== undefined) {
    return { side: 'ask', bars: false, columns: { ...rest, ask, ...(askSize !== undefined && { askSize }) } };
  }
  const names = header.map(plainName);
  const named = SIDE.exec(nameOf(sample))?.[1];
  if (named === undefined || !['open', 'high', 'low', 'close'].every((name) => names.includes(name))) return undefined;
  const side = named === 'bid' ? 'bid' : 'ask';
  return { side, bars: true, columns: { ...rest, [side]: names.indexOf('close') } };
}

function nameOf({ fileName, memberName }: TextSample): string {
  const member = memberName.toLowerCase();
  return SIDE.test(member) ? member : fileName.toLowerCase();
}
