/**
 * Any delimited text whose header has columns named like time, bid and ask (Tardis, BitMEX, TrueFX exports, Databento, Polygon and TAQ CSV, home-made
 * ones), in any order, with sizes and a symbol column where there are some; or any delimited text whose columns the user names.
 */

import { isComplete, rolesFromHeader } from './columnNames.ts';
import type { QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';

export const delimited: QuoteFormat = {
  title: 'Delimited text with a header',

  detect({ cells }) {
    return isComplete(rolesFromHeader(cells[0]!)) ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const columns = overrides.columns ?? rolesFromHeader(sample.cells[0]!);
    if (!isComplete(columns)) throw new TypeError('delimited.read needs a header or named columns');
    return readNamedColumns(sample, overrides, columns);
  },
};
