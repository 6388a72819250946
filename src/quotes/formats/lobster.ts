/**
 * LOBSTER's pairs of headerless files: the order book after each event (ask price, ask size, bid price, bid size, level after level)
 * and the messages with the events' times, in seconds after midnight in New York. Prices are dollars × 10 000; an empty level is
 * written as ±9999999999. Row n of the one belongs to row n of the other; the date is only in the name.
 */

import { fail } from '../../core/errors.ts';
import { isNumber, mostRows, type TextSample } from '../bytes/text.ts';
import { Role } from '../table/roles.ts';
import { readRows } from '../table/rows.ts';
import { parseDay, wallClock } from '../time/calendar.ts';
import { type QuoteFormat, US_EQUITIES } from './format.ts';
import { symbolFromName } from './symbolNames.ts';

const { time, bid, ask, bidSize, askSize } = Role;
const NO_PRICE = 9_999_999_999;
const PRICE_SCALE = 10_000;

export const lobsterBook: QuoteFormat = {
  title: 'LOBSTER order book',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) => row.length % 4 === 0 && row.every((cell) => /^-?\d+$/.test(cell)) && Number(row[0]) > Number(row[2]),
    );
    if (!fits) return 0;
    return /orderbook/i.test(sample.memberName) ? 0.95 : 0.6;
  },

  async read(sample, overrides) {
    const rows = await readRows(sample, sample.start, {
      delimiter: 44,
      roles: [ask, askSize, bid, bidSize],
      time: 'number',
      clock: wallClock('UTC'),
    });
    for (const column of [rows.bid, rows.ask]) {
      for (let i = 0; i < column.length; i++) {
        column[i] = Math.abs(column[i]!) === NO_PRICE ? Number.NaN : column[i]! / PRICE_SCALE;
      }
    }
    return {
      symbols: [overrides.symbol ?? symbolFromName(sample.memberName)],
      rows,
      calendar: overrides.calendar ?? US_EQUITIES,
      barMs: 0,
      timeUnit: '',
      timeZone: '',
      notes: ['Prices are divided by 10000; the first level of the book is the quote.'],
      oneUpdatePerStamp: false,
      half: { part: 'book', key: keyOf(sample), bars: false },
    };
  },
};

export const lobsterMessages: QuoteFormat = {
  title: 'LOBSTER messages',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) =>
        (row.length === 6 || row.length === 7) &&
        row.slice(0, 6).every(isNumber) &&
        Number(row[0]) < 86_400 &&
        /^[1-7]$/.test(row[1]!) &&
        /^-?1$/.test(row[5]!),
    );
    return fits ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const timeZone = overrides.timeZone ?? 'America/New_York';
    const clock = wallClock(timeZone);
    const midnight = parseDay(dayOf(sample));
    const rows = await readRows(sample, sample.start, { delimiter: 44, roles: [time], time: 'number', clock });
    for (let i = 0; i < rows.count; i++) rows.timeMs[i] = clock.toEpoch(midnight + rows.timeMs[i]! * 1000);
    return {
      symbols: [overrides.symbol ?? symbolFromName(sample.memberName)],
      rows,
      calendar: overrides.calendar ?? US_EQUITIES,
      barMs: 0,
      timeUnit: 'seconds after midnight',
      timeZone,
      notes: [],
      oneUpdatePerStamp: false,
      half: { part: 'messages', key: keyOf(sample), bars: false },
    };
  },
};

/** `AAPL_2012-06-21_34200000_57600000_message_10.csv` without the word that tells the two files apart. */
function keyOf({ memberName }: TextSample): string {
  return memberName.toLowerCase().replace(/_?(message|orderbook)s?/, '');
}

function dayOf({ memberName, fileName }: TextSample): string {
  const day = /(\d{4}-\d{2}-\d{2})/.exec(`${memberName} ${fileName}`)?.[1];
  if (day !== undefined) return day;
  return fail('quotes/date', 'Times in this file are counted from midnight, and no name tells the date.', {
    hint: 'Keep the name LOBSTER gave the file, for instance AAPL_2012-06-21_34200000_57600000_message_1.csv.',
  });
}
