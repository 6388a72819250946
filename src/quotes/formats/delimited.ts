/**
 * Any delimited text whose header has columns named like time, bid and ask (Tardis, BitMEX, TrueFX exports, Databento, Polygon and TAQ CSV, home-made
 * ones), in any order, with sizes and a symbol column where there are some; or any delimited text whose columns the user names.
 */

import { fail } from '../../core/errors.ts';
import type { QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';
import { halfOf } from './oneSided.ts';
import { tableKind, textRoles } from './tableRoles.ts';

export const delimited: QuoteFormat = {
  title: 'Delimited text with a header',

  detect(sample) {
    const kind = tableKind(textRoles(sample));
    return kind === 'quotes' ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const { mapping } = overrides;
    const columns = mapping?.columns ?? textRoles(sample);
    const { time, bid, ask, side, price } = columns;
    const sided = side !== undefined && price !== undefined;
    if (time === undefined || (bid === undefined && ask === undefined && !sided)) {
      fail('quotes/mapping', 'Without a time and a bid or an ask there are no quotes in a table.', {
        hint: 'Say which columns hold them.',
      });
    }
    const table = await readNamedColumns(sample, overrides, { ...columns, time });
    if ((bid !== undefined && ask !== undefined) || sided) return table;
    return { ...table, half: halfOf(sample, bid === undefined ? 'ask' : 'bid', false) };
  },
};
