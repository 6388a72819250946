/**
 * Tables of which a row tells one side: a price, its size and a column that says which side it is. The other side is carried forward. Rows of
 * buys and sells may as well be trades, and are asked about.
 */

import { ask } from '../questions.ts';
import type { QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';
import { tableKind, textRoles } from './tableRoles.ts';

export const sideRows: QuoteFormat = {
  title: 'One side a row',

  detect(sample) {
    return tableKind(textRoles(sample)) === 'sides' ? 0.85 : 0;
  },

  async read(sample, overrides) {
    const roles = textRoles(sample);
    const { time, side } = roles;
    if (time === undefined || side === undefined) throw new TypeError('sideRows.read needs a file it detects');
    const sides = sample.cells.slice(1).map((row) => row[side] ?? '');
    if (!overrides.sidesAreQuotes && sides.some((cell) => /^(buy|sell|s)$/i.test(cell))) {
      ask({
        kind: 'sides',
        text: 'Each row is a buy or a sell with one price: these may be trades, which are no quotes, or the best price of each side.',
        readings: [{ label: 'the best bid (buy) and ask (sell), one side a row', overrides: { sidesAreQuotes: true } }],
      });
    }
    const table = await readNamedColumns(sample, overrides, { ...roles, time });
    const note = 'Each row carries one side only: the last bid and the last ask were carried forward.';
    return { ...table, notes: [...table.notes, note] };
  },
};
