/**
 * QuantConnect LEAN quote bars: eleven headerless columns (time; bid open, high, low, close, size; ask the same). Second and minute
 * bars count milliseconds from midnight, hour and day bars write `YYYYMMDD HH:MM`. A bar is stamped at its START and its closes
 * are the quote at its end, so every stamp is moved on by one bar; at the stamp itself the closes lie in the future.
 */

import { isNumber, mostRows, type TextSample } from '../bytes/text.ts';
import { Role } from '../table/roles.ts';
import { type Rows, readRows } from '../table/rows.ts';
import { DAY_MS, parseDay, wallClock } from '../time/calendar.ts';
import type { FileOverrides } from '../types.ts';
import type { QuoteFormat, RawTable } from './format.ts';
import { type LeanNames, leanConvention, leanNames, type Resolution, requireDay } from './leanNames.ts';
import { dividePrices } from './prices.ts';

const { skip, time, bid, ask, bidSize, askSize } = Role;
const ROLES = [time, skip, skip, skip, bid, bidSize, skip, skip, skip, ask, askSize] as const;
const STAMP = /^\d{8} \d{2}:\d{2}$/;
const BAR_MS: Readonly<Record<Resolution, number>> = {
  tick: 0,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  daily: DAY_MS,
};

export const leanBars: QuoteFormat = {
  title: 'QuantConnect LEAN quote bars',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) =>
        row.length === ROLES.length &&
        (STAMP.test(row[0]!) || (isNumber(row[0]) && Number(row[0]) >= 0 && Number(row[0]) < DAY_MS)) &&
        row.slice(1).every((cell) => cell === '' || isNumber(cell)),
    );
    return fits ? 0.95 : 0;
  },

  async read(sample, overrides) {
    return mostRows(sample, (row) => STAMP.test(row[0]!))
      ? readDated(sample, overrides)
      : readWithinDay(sample, overrides);
  },
};

/** Second and minute bars. */
async function readWithinDay(sample: TextSample, overrides: FileOverrides): Promise<RawTable> {
  const names = leanNames(sample);
  const midnight = parseDay(requireDay(names));
  const utc = wallClock('UTC');
  const rows = await readRows(sample, sample.start, { delimiter: 44, roles: ROLES, time: 'number', clock: utc });
  const convention = leanConvention(names, rows, overrides);
  const clock = wallClock(convention.timeZone);
  const told = names.resolution === 'second' || names.resolution === 'minute' ? names.resolution : undefined;
  const resolution = told ?? (rows.timeMs.some((ms) => ms % BAR_MS.minute > 0) ? 'second' : 'minute');
  const barMs = BAR_MS[resolution];
  for (let i = 0; i < rows.count; i++) rows.timeMs[i] = clock.toEpoch(midnight + rows.timeMs[i]!) + barMs;
  dividePrices(rows, convention.priceDivisor);
  return table(names, rows, overrides, resolution, told === undefined, 'milliseconds since midnight', convention);
}

/** Hour and day bars. */
async function readDated(sample: TextSample, overrides: FileOverrides): Promise<RawTable> {
  const names = leanNames(sample);
  const utc = wallClock('UTC');
  const rows = await readRows(sample, sample.start, { delimiter: 44, roles: ROLES, time: 'iso', clock: utc });
  const convention = leanConvention(names, rows, overrides);
  const clock = wallClock(convention.timeZone);
  const told = names.resolution === 'hour' || names.resolution === 'daily' ? names.resolution : undefined;
  const resolution = told ?? (rows.timeMs.some((wallMs) => wallMs % DAY_MS > 0) ? 'hour' : 'daily');
  const barMs = BAR_MS[resolution];
  for (let i = 0; i < rows.count; i++) {
    const wallMs = rows.timeMs[i]!;
    // A day ends at the next midnight on the clock, an hour after sixty minutes.
    rows.timeMs[i] = resolution === 'daily' ? clock.toEpoch(wallMs + barMs) : clock.toEpoch(wallMs) + barMs;
  }
  dividePrices(rows, convention.priceDivisor);
  return table(names, rows, overrides, resolution, told === undefined, 'date and time', convention);
}

function table(
  names: LeanNames,
  rows: Rows,
  overrides: FileOverrides,
  resolution: Resolution,
  guessed: boolean,
  timeUnit: string,
  convention: ReturnType<typeof leanConvention>,
): RawTable {
  const notes = [
    convention.note,
    `Bars of one ${resolution === 'daily' ? 'day' : resolution}${guessed ? ' (told by the stamps)' : ''} are stamped at their start: every stamp was moved to the bar's end, when its close is known.`,
  ];
  if (dropUnknownSizes(rows)) notes.push('All sizes are 0, which stands for unknown: sizes are left out.');
  return {
    symbols: [overrides.symbol ?? names.symbol],
    rows,
    calendar: convention.calendar,
    barMs: BAR_MS[resolution],
    timeUnit,
    timeZone: convention.timeZone,
    notes,
    questions: convention.questions,
    ...(convention.decided && { decided: { assetClass: convention.decided } }),
    oneUpdatePerStamp: false,
  };
}

function dropUnknownSizes(rows: Rows): boolean {
  const unknown = [rows.bidSize, rows.askSize].every((sizes) => sizes?.every((size) => !(size > 0)));
  if (unknown) {
    rows.bidSize = undefined;
    rows.askSize = undefined;
  }
  return unknown;
}
