/**
 * QuantConnect LEAN keeps date, symbol and resolution of its quote files in their names only:
 * `equity/usa/second/spy/20131007_quote.zip` holds `20131007_spy_second_quote.csv`. A dropped file has lost its folders,
 * so the member's name comes first and folders only add what it lacks. This file also holds LEAN's conventions by asset class.
 */

import { fail } from '../../core/errors.ts';
import type { Calendar } from '../../core/types.ts';
import type { TextSample } from '../bytes/text.ts';
import { ask } from '../questions.ts';
import { RowStatus, type Rows } from '../table/rows.ts';
import type { AssetClass, FileOverrides, Question } from '../types.ts';
import { ALWAYS_OPEN, FOREX, US_EQUITIES } from './format.ts';
import { symbolFromName } from './symbolNames.ts';

export type Resolution = 'tick' | 'second' | 'minute' | 'hour' | 'daily';

const STRIKE_SCALE = 10_000;
const SCALE = 10_000;
/** A cent in ten-thousandths of a dollar. */
const CENT = 100;
const LEAST_SCALED = 1000;

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
/** Hour and day bars of contracts, all of one underlying in one archive: `nq_quote_202403.csv`, `xyz_quote_american_call_500000_20240419.csv`. */
const CONTRACT = /^([^_]+?)_quote_((?:(?:american|european)_(?:call|put)_\d+_)?\d{6}(?:\d\d)?)\.csv$/i;
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
  const contract = match ? null : CONTRACT.exec(sample.memberName);
  const { folders } = sample;
  // …/<asset class>/<market>/<resolution>[/<symbol>]/file
  const at = folders.findIndex((folder, i) => folder in ASSET_FOLDERS && RESOLUTIONS.includes(folders[i + 2] ?? ''));
  const digits = contract
    ? undefined
    : (match?.[1] ?? /^(\d{8})(?!\d)/.exec(sample.memberName)?.[1] ?? /^(\d{8})(?!\d)/.exec(sample.fileName)?.[1]);
  const suffix = match?.[5] ?? contract?.[2];
  const named =
    match?.[2] ?? contract?.[1] ?? (digits === undefined ? symbolFromName(sample.memberName) : folders[at + 3]);
  return {
    symbol: [named ?? 'UNKNOWN', ...contractWords(suffix)].join(' ').toUpperCase(),
    day: digits && `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`,
    resolution: (match?.[3] ?? match?.[4] ?? (at < 0 ? undefined : folders[at + 2]))?.toLowerCase() as
      | Resolution
      | undefined,
    assetClass: at < 0 ? classFromSuffix(suffix) : ASSET_FOLDERS[folders[at]!],
    market: at < 0 ? undefined : folders[at + 1],
  };
}

/** `american_call_500000_20240419`: the expiry, the right, and the strike in dollars; anything else as it stands. */
function contractWords(suffix: string | undefined): string[] {
  const option = /^(american|european)_(call|put)_(\d+)_(\d{6,8})$/i.exec(suffix ?? '');
  if (!option) return suffix?.split('_') ?? [];
  const [, , right, strike, expiry] = option;
  return [expiry!, right!, String(Number(strike) / STRIKE_SCALE)];
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
  /** What was taken for granted by the prices alone. */
  readonly questions: readonly Question[];
  /** The class the prices told. */
  readonly decided: AssetClass | undefined;
}

/**
 * The convention by the user's word, else by name, else by content: US equities and equity options are written in whole
 * ten-thousandths of a dollar on New York's clock, everything else in plain prices in UTC (FXCM: UTC−05 the year round).
 * @throws Asked where neither names nor prices tell
 */
export function leanConvention(names: LeanNames, rows: Rows, overrides: FileOverrides): LeanConvention {
  const told = overrides.assetClass ?? names.assetClass;
  const look = scaleOf(rows);
  const question = told === undefined && look.scaled !== false ? classQuestion(names, look) : undefined;
  if (question && look.scaled === undefined) ask(question);
  // Options on futures are called like those on shares, and written in plain prices.
  const plainOption = told === 'option' && overrides.assetClass === undefined && look.scaled === false;
  const scaled = told === undefined ? look.scaled === true : !plainOption && (told === 'equity' || told === 'option');
  const why =
    told === undefined
      ? scaled
        ? 'all prices are whole hundreds, so this was taken for a US equity'
        : 'prices have decimals, so this was not taken for a US equity'
      : `this is ${overrides.assetClass ? 'set to be' : 'by its name'} ${told}${plainOption ? ', with prices that have decimals' : ''}`;
  const usual = scaled ? 'America/New_York' : names.market === 'fxcm' ? 'Etc/GMT+5' : 'UTC';
  const timeZone = overrides.timeZone ?? usual;
  const usualCalendar = scaled ? US_EQUITIES : told === 'forex' || told === 'cfd' ? FOREX : ALWAYS_OPEN;
  return {
    timeZone,
    priceDivisor: scaled ? SCALE : 1,
    calendar: overrides.calendar ?? usualCalendar,
    note: `LEAN: ${why}: ${scaled ? 'prices are divided by 10000' : 'prices are taken as they are'}, times are on the clock of ${timeZone}.`,
    questions: question ? [question] : [],
    decided: told === undefined ? (scaled ? 'equity' : 'future') : undefined,
  };
}

/** What the prices say of their scale; `undefined` where they may be of either. */
interface ScaleLook {
  readonly scaled: boolean | undefined;
  readonly example: number;
}

function classQuestion({ symbol }: LeanNames, { example, scaled }: ScaleLook): Question {
  const plain = (assetClass: AssetClass) => ({
    label: `${assetClass}: ${example} (UTC)`,
    overrides: { assetClass },
  });
  return {
    kind: 'assetClass',
    text: `Nothing in the names tells what ${symbol} is: US shares and options are written in ten-thousandths of a dollar, everything else in plain prices.`,
    readings: [
      { label: `US equity: ${example / SCALE} (New York)`, overrides: { assetClass: 'equity' } },
      { label: `US option: ${example / SCALE} (New York)`, overrides: { assetClass: 'option' } },
      ...(['future', 'forex', 'crypto'] as const).map(plain),
    ],
    ...(scaled && { assumed: 0 }),
  };
}

/** The day of the stamps. @throws UserError `quotes/date` where no name tells it. */
export function requireDay(names: LeanNames): string {
  if (names.day !== undefined) return names.day;
  return fail('quotes/date', 'Times in this file are counted from midnight, and no name tells the date.', {
    hint: 'Keep the name LEAN gave the file, for instance 20131007_quote.zip or 20131007_spy_second_quote.csv.',
  });
}

/**
 * Decimals are those of plain prices. Cents are whole hundreds of ten-thousandths; other whole numbers may be points of an index as well.
 * Zeros stand for the other side in one-sided ticks and are passed over.
 */
function scaleOf(rows: Rows): ScaleLook {
  let example = Number.NaN;
  let most = 0;
  let hundreds = true;
  for (const column of [rows.bid, rows.ask]) {
    for (let row = 0; row < rows.count; row++) {
      const price = column[row]!;
      if (rows.status[row] !== RowStatus.ok || price === 0 || Number.isNaN(price)) continue;
      if (Number.isNaN(example)) example = price;
      if (!Number.isInteger(price)) return { scaled: false, example };
      if (price % CENT !== 0) hundreds = false;
      if (price > most) most = price;
    }
  }
  if (most === 0) return { scaled: false, example: 0 };
  return { scaled: hundreds && most > LEAST_SCALED ? true : undefined, example };
}
