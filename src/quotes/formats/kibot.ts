/**
 * Kibot's bid/ask text, headerless, dates written month first, on New York's clock. Ticks: date, time, price, bid, ask, size, the quote
 * at each trade. Bars: date, time, open, high, low and close of the bid, then of the ask, stamped at their start.
 */

import { isNumber, mostRows, type TextSample } from '../bytes/text.ts';
import { barNote, moveToBarEnd } from '../table/bars.ts';
import { Role, type RoleCode } from '../table/roles.ts';
import { readRows } from '../table/rows.ts';
import { wallClock } from '../time/calendar.ts';
import { type QuoteFormat, US_EQUITIES } from './format.ts';
import { symbolFromName } from './symbolNames.ts';

const { skip, time, bid, ask, date } = Role;
const TICKS: readonly RoleCode[] = [date, time, skip, bid, ask];
const BARS: readonly RoleCode[] = [date, time, skip, skip, skip, bid, skip, skip, skip, ask];

export const kibot: QuoteFormat = {
  title: 'Kibot bid/ask text',

  detect(sample) {
    return hasColumns(sample, 6) || hasColumns(sample, 10) ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const bars = hasColumns(sample, 10);
    const timeZone = overrides.timeZone ?? 'America/New_York';
    const rows = await readRows(sample, sample.start, {
      delimiter: sample.delimiter.charCodeAt(0),
      roles: bars ? BARS : TICKS,
      time: 'timeOfDay',
      clock: wallClock(timeZone),
    });
    const barMs = bars ? moveToBarEnd(rows.timeMs) : 0;
    return {
      symbols: [overrides.symbol ?? symbolFromName(sample.memberName)],
      rows,
      calendar: overrides.calendar ?? US_EQUITIES,
      barMs,
      timeUnit: 'date and time of day',
      timeZone,
      notes: [
        bars ? barNote(barMs) : 'Bid and ask are those at each trade; the sizes are of the trades and are left out.',
      ],
      oneUpdatePerStamp: false,
    };
  },
};

function hasColumns(sample: TextSample, columns: number): boolean {
  return mostRows(
    sample,
    (row) =>
      row.length === columns &&
      /^\d{2}\/\d{2}\/\d{4}$/.test(row[0]!) &&
      /^\d{2}:\d{2}(:\d{2})?(\.\d+)?$/.test(row[1]!) &&
      row.slice(2).every(isNumber),
  );
}
