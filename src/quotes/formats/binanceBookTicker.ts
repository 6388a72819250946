/**
 * Binance's public `bookTicker` files: update id, bid price, bid quantity, ask price, ask quantity, transaction time, event time,
 * with or without the header. Times are milliseconds, in later files microseconds, since 1970; the transaction time is used.
 */

import { isNumber, mostRows } from '../bytes/text.ts';
import { Role } from '../table/roles.ts';
import { readRows } from '../table/rows.ts';
import { wallClock } from '../time/calendar.ts';
import { scaleStamps, timeUnitNames } from '../time/stamps.ts';
import { ALWAYS_OPEN, type QuoteFormat } from './format.ts';
import { symbolFromName } from './symbolNames.ts';

const { watched, time, bid, ask, bidSize, askSize } = Role;
const ROLES = [watched, bid, bidSize, ask, askSize, time] as const;
const HEADER = 'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time';

export const binanceBookTicker: QuoteFormat = {
  title: 'Binance bookTicker',

  detect(sample) {
    if (sample.cells[0]!.join(',').toLowerCase() === HEADER) return 1;
    const headerless = mostRows(
      sample,
      (row) => row.length === 7 && row.every(isNumber) && /^\d+$/.test(row[0]!) && isStamp(row[5]!) && isStamp(row[6]!),
    );
    return headerless ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const withHeader = !isNumber(sample.cells[0]![0]);
    const firstLine = withHeader ? sample.bytes.indexOf(10, sample.start) + 1 || sample.bytes.length : sample.start;
    const rows = await readRows(sample, firstLine, {
      delimiter: 44,
      roles: ROLES,
      time: 'number',
      clock: wallClock('UTC'),
    });
    const units = scaleStamps(rows.timeMs, overrides.timeUnit);
    return {
      symbols: [overrides.symbol ?? symbolFromName(sample.memberName)],
      rows,
      calendar: overrides.calendar ?? ALWAYS_OPEN,
      barMs: 0,
      timeUnit: timeUnitNames(units),
      timeZone: 'UTC',
      notes: ['Stamps are the exchange’s transaction times.'],
      oneUpdatePerStamp: false,
    };
  },
};

function isStamp(cell: string): boolean {
  return /^1\d{12}(\d{3})?$/.test(cell);
}
