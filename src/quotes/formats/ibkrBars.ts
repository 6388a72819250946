/**
 * Interactive Brokers' historical BID_ASK bars as text: date, open, high, low, close, volume, average and count, where open is the
 * average bid over the bar's time, close the average ask, high the highest ask and low the lowest bid. Told from bars of trades by
 * their volumes, of which there are none.
 */

import type { TextSample } from '../bytes/text.ts';
import { barNote, moveToBarEnd } from '../table/bars.ts';
import type { ColumnRoles } from '../types.ts';
import { plainName, rolesFromHeader } from './columnNames.ts';
import type { QuoteFormat } from './format.ts';
import { readNamedColumns } from './namedColumns.ts';

const WITHOUT_TRADES = ['volume', 'average', 'wap', 'barcount', 'count'];

export const ibkrBars: QuoteFormat = {
  title: 'Interactive Brokers BID_ASK bars',

  detect(sample) {
    const columns = findColumns(sample);
    if (!columns) return 0;
    const names = sample.cells[0]!.map(plainName);
    const empty = names.flatMap((name, at) => (WITHOUT_TRADES.includes(name) ? [at] : []));
    const rows = sample.cells.slice(1);
    const untraded = empty.length >= 2 && rows.every((row) => empty.every((at) => !(Number(row[at]) > 0)));
    return untraded && rows.length > 0 ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const columns = findColumns(sample);
    if (!columns) throw new TypeError('ibkrBars.read needs a file it detects');
    const table = await readNamedColumns(sample, overrides, columns);
    const barMs = moveToBarEnd(table.rows.timeMs);
    return {
      ...table,
      barMs,
      notes: [
        ...table.notes,
        'In BID_ASK bars open is the bid and close the ask, both averaged over the bar.',
        barNote(barMs),
        ...(table.timeZone === 'UTC'
          ? [
              'The times name no zone and are taken as UTC; Interactive Brokers writes them on the clock chosen at login.',
            ]
          : []),
      ],
    };
  },
};

function findColumns(sample: TextSample): ColumnRoles | undefined {
  const header = sample.cells[0]!;
  const names = header.map(plainName);
  const { time, bid: namedBid, ask: namedAsk, symbol } = rolesFromHeader(header);
  const [bid, ask] = [names.indexOf('open'), names.indexOf('close')];
  if (time === undefined || bid < 0 || ask < 0 || namedBid !== undefined || namedAsk !== undefined) return undefined;
  return { time, bid, ask, ...(symbol !== undefined && { symbol }) };
}
