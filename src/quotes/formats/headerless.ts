/**
 * Texts without a header that are told by the shape of their rows: HistData ticks (`20200101 170000065,1.12,1.13,0`, on New York's clock
 * without daylight saving) and TrueFX ticks (`EUR/USD,20120102 00:00:00.192,1.29447,1.29473`, in UTC).
 */

import { isNumber, mostRows, type TextSample } from '../bytes/text.ts';
import { Role, type RoleCode } from '../table/roles.ts';
import { readRows } from '../table/rows.ts';
import { wallClock } from '../time/calendar.ts';
import type { FileOverrides } from '../types.ts';
import { FOREX, type QuoteFormat, type RawTable } from './format.ts';
import { symbolFromName } from './symbolNames.ts';

const { time, bid, ask, symbol } = Role;

export const histData: QuoteFormat = {
  title: 'HistData ticks',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) =>
        (row.length === 3 || row.length === 4) && /^\d{8} \d{9}$/.test(row[0]!) && isNumber(row[1]) && isNumber(row[2]),
    );
    return fits ? 0.95 : 0;
  },

  async read(sample, overrides) {
    const timeZone = overrides.timeZone ?? 'Etc/GMT+5';
    return readTicks(
      sample,
      overrides,
      [time, bid, ask],
      timeZone,
      'HistData writes times in EST all year round (UTC−05).',
    );
  },
};

export const trueFx: QuoteFormat = {
  title: 'TrueFX ticks',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) =>
        row.length === 4 &&
        /^[A-Z]{3}\/[A-Z]{3}$/.test(row[0]!) &&
        /^\d{8} \d{2}:\d{2}:\d{2}/.test(row[1]!) &&
        isNumber(row[2]) &&
        isNumber(row[3]),
    );
    return fits ? 0.95 : 0;
  },

  async read(sample, overrides) {
    return readTicks(
      sample,
      overrides,
      [symbol, time, bid, ask],
      overrides.timeZone ?? 'UTC',
      'TrueFX writes times in UTC.',
    );
  },
};

async function readTicks(
  sample: TextSample,
  overrides: FileOverrides,
  roles: readonly RoleCode[],
  timeZone: string,
  note: string,
): Promise<RawTable> {
  const clock = wallClock(timeZone);
  const rows = await readRows(sample, sample.start, {
    delimiter: sample.delimiter.charCodeAt(0),
    roles,
    time: 'iso',
    clock,
  });
  if (overrides.symbol !== undefined) rows.symbol = undefined;
  return {
    symbols: rows.symbol ? rows.symbols : [overrides.symbol ?? symbolFromName(sample.memberName)],
    rows,
    calendar: overrides.calendar ?? FOREX,
    barMs: 0,
    timeUnit: 'date and time',
    timeZone,
    notes: [note],
    oneUpdatePerStamp: false,
  };
}
