/**
 * QuantConnect LEAN keeps date, symbol and resolution of its quote files in their names only:
 * `equity/usa/second/spy/20131007_quote.zip` holds `20131007_spy_second_quote.csv`. A dropped file has lost its folders,
 * so the member's name comes first and folders only add what it lacks. This file also holds LEAN's conventions by asset class.
 */

import { fail } from '../../core/errors.ts';
import type { Calendar } from '../../core/types.ts';
import type { TextSample } from '../bytes/text.ts';
import { RowStatus, type Rows } from '../table/rows.ts';
import type { AssetClass, FileOverrides } from '../types.ts';
import { ALWAYS_OPEN, FOREX, symbolFromName, US_EQUITIES } from './format.ts';

export type Resolution = 'tick' | 'second' | 'minute' | 'hour' | 'daily';

/** What names and folders tell; what they do not tell is `undefined`. */
export interface LeanNames {
  readonly symbol: string;
  /** `YYYY-MM-DD` on the wall clock of the file's zone. */
  readonly day: string | undefined;
  readonly resolution: Resolution | undefined;
  readonly assetClass: AssetClass | undefined;
  readonly market: string | undefined;
}

const MEMBER = /^(\d{8})_(.+?)_(?:(tick|second|minute)_quote|quote_(tick|second|minute))(?:_(.+?))?\.csv$/i;
const RESOLUTIONS: readonly string[] = ['tick', 'second', 'minute', 'hour', 'daily'];
const ASSET_FOLDERS: Readonly<Record<string, AssetClass>> = {
  equity: 'equity',
  option: 'option',
  indexoption: 'option',
  future: 'future',
  futureoption: 'future',
  forex: 'forex',
  cfd: 'cfd',
  crypto: 'crypto',
  cryptofuture: 'crypto',
};

export function leanNames(sample: TextSample): LeanNames {
  const match = MEMBER.exec(sample.memberName);
  const { folders } = sample;
  // …/<asset class>/<market>/<resolution>[/<symbol>]/file
  const at = folders.findIndex((folder, i) => folder in ASSET_FOLDERS && RESOLUTIONS.includes(folders[i + 2] ?? ''));
  const digits =
    match?.[1] ?? /^(\d{8})(?!\d)/.exec(sample.memberName)?.[1] ?? /^(\d{8})(?!\d)/.exec(sample.fileName)?.[1];
  const suffix = match?.[5];
  const named = match?.[2] ?? (digits === undefined ? symbolFromName(sample.memberName) : folders[at + 3]);
  return {
    symbol: [named ?? 'UNKNOWN', ...(suffix?.split('_') ?? [])].join(' ').toUpperCase(),
    day: digits && `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`,
    resolution: (match?.[3] ?? match?.[4] ?? (at < 0 ? undefined : folders[at + 2]))?.toLowerCase() as
      | Resolution
      | undefined,
    assetClass: at < 0 ? classFromSuffix(suffix) : ASSET_FOLDERS[folders[at]!],
    market: at < 0 ? undefined : folders[at + 1],
  };
}

/** An expiry month stands behind futures, an exercise style behind options, `perp` behind perpetual crypto futures. */
function classFromSuffix(suffix: string | undefined): AssetClass | undefined {
  if (suffix === undefined) return undefined;
  if (/^\d{6}(\d\d)?$/.test(suffix)) return 'future';
  if (/^(american|european)/i.test(suffix)) return 'option';
  return /^perp$/i.test(suffix) ? 'crypto' : undefined;
}

/** How the files of an asset class are written. */
export interface LeanConvention {
  readonly timeZone: string;
  /** Prices are divided by this. */
  readonly priceDivisor: number;
  readonly calendar: Calendar;
  readonly note: string;
}

/**
 * The convention by the user's word, else by name, else by content: US equities and equity options are written in whole
 * ten-thousandths of a dollar on New York's clock, everything else in plain prices in UTC (FXCM: UTC−05 the year round).
 */
export function leanConvention(names: LeanNames, rows: Rows, overrides: FileOverrides): LeanConvention {
  const told = overrides.assetClass ?? names.assetClass;
  const scaled = told === undefined ? pricesLookScaled(rows) : told === 'equity' || told === 'option';
  const why =
    told === undefined
      ? scaled
        ? 'all prices are whole numbers above 1000, so this was taken for a US equity'
        : 'prices have decimals, so this was not taken for a US equity'
      : `this is ${overrides.assetClass ? 'set to be' : 'by its name'} ${told}`;
  const usual = scaled ? 'America/New_York' : names.market === 'fxcm' ? 'Etc/GMT+5' : 'UTC';
  const timeZone = overrides.timeZone ?? usual;
  const usualCalendar = scaled ? US_EQUITIES : told === 'forex' || told === 'cfd' ? FOREX : ALWAYS_OPEN;
  return {
    timeZone,
    priceDivisor: scaled ? 10_000 : 1,
    calendar: overrides.calendar ?? usualCalendar,
    note: `LEAN: ${why}: ${scaled ? 'prices are divided by 10000' : 'prices are taken as they are'}, times are on the clock of ${timeZone}.`,
  };
}

/** The day of the stamps. @throws UserError `quotes/date` where no name tells it. */
export function requireDay(names: LeanNames): string {
  if (names.day !== undefined) return names.day;
  return fail('quotes/date', 'Times in this file are counted from midnight, and no name tells the date.', {
    hint: 'Keep the name LEAN gave the file, for instance 20131007_quote.zip or 20131007_spy_second_quote.csv.',
  });
}

/** Zeros stand for the other side in one-sided ticks and are passed over. */
function pricesLookScaled(rows: Rows): boolean {
  let seen = 0;
  for (const column of [rows.bid, rows.ask]) {
    for (let row = 0; row < rows.count; row++) {
      const price = column[row]!;
      if (rows.status[row] !== RowStatus.ok || price === 0 || Number.isNaN(price)) continue;
      if (!Number.isInteger(price) || price <= 1000) return false;
      seen++;
    }
  }
  return seen > 0;
}
