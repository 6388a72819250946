/**
 * Logs of orders (added, changed, cancelled, executed; by their ids) or of price levels: a row an event, with the side, the price and the
 * size. The quote is the best bid and ask of the book they build, as it is after all events of one stamp.
 */

import type { QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';
import { tableKind, textRoles } from './tableRoles.ts';

export const orderEvents: QuoteFormat = {
  title: 'Order events (add, change, delete)',

  detect(sample) {
    return tableKind(textRoles(sample)) === 'orders' ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const roles = textRoles(sample);
    const { time, order } = roles;
    if (time === undefined) throw new TypeError('orderEvents.read needs a file it detects');
    const table = await readNamedColumns(sample, overrides, { ...roles, time });
    const note = `Quotes are the best bid and ask of the book that the events of ${order === undefined ? 'its price levels' : 'its orders'} build.`;
    return { ...table, notes: [...table.notes, note] };
  },
};
