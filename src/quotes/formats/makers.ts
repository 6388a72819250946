/** Makers whose tables follow rules that the cells do not tell: told by columns that only they have. */

import type { Calendar } from '../../core/types.ts';
import type { DayOrder } from '../types.ts';
import { US_EQUITIES } from './format.ts';

export interface Maker {
  readonly name: string;
  /** Of times that name none. */
  readonly timeZone?: string;
  readonly calendar?: Calendar;
  readonly dayOrder?: DayOrder;
  /** A blank side means that it is unchanged. */
  readonly carries?: boolean;
  /** Whole numbers that prices are written as, in parts of the currency. */
  readonly priceParts?: number;
  /** Why its zone has to be asked for. */
  readonly zoneUnknown?: string;
}

interface KnownMaker extends Maker {
  /** @param names plain names (`plainName`), @param header as written */
  is(names: readonly string[], header: readonly string[]): boolean;
}

const MAKERS: readonly KnownMaker[] = [
  {
    name: 'NYSE TAQ',
    timeZone: 'America/New_York',
    calendar: US_EQUITIES,
    dayOrder: 'monthFirst',
    is: (names) => names.includes('timem'),
  },
  {
    name: 'Polygon',
    timeZone: 'America/New_York',
    calendar: US_EQUITIES,
    is: (names) => names.includes('siptimestamp'),
  },
  {
    name: 'MetaTrader 5',
    carries: true,
    zoneUnknown: 'MetaTrader writes times of the broker’s server, often those of Athens, without naming the zone.',
    is: (names, header) => header.every((name) => /^<.+>$/.test(name.trim())) && names.includes('flags'),
  },
  {
    name: 'LSEG (Refinitiv) Tick History',
    timeZone: 'UTC',
    carries: true,
    is: (names, header) =>
      (header[0]?.trim() === '#RIC' || names.includes('ric')) &&
      ['datetime', 'timeg', 'timel'].some((name) => names.includes(name)),
  },
  {
    name: 'Databento',
    timeZone: 'UTC',
    priceParts: 1e9,
    is: (names) => ['rtype', 'publisherid', 'instrumentid'].every((name) => names.includes(name)),
  },
  {
    name: 'CTP',
    timeZone: 'Asia/Shanghai',
    is: (names) => names.includes('updatemillisec') || (names.includes('updatetime') && names.includes('tradingday')),
  },
  {
    name: 'a table with Chinese headers',
    timeZone: 'Asia/Shanghai',
    priceParts: 1e4,
    is: (names) => names.some((name) => /买|卖|时间|证券|合约/.test(name)),
  },
  {
    name: 'a table with traditional Chinese headers',
    timeZone: 'Asia/Taipei',
    is: (names) => names.some((name) => /買|賣|時間|證券/.test(name)),
  },
  { name: 'Dukascopy', timeZone: 'UTC', dayOrder: 'dayFirst', is: (names) => names.includes('gmttime') },
];

export function makerOf(names: readonly string[], header: readonly string[]): Maker | undefined {
  return MAKERS.find((maker) => maker.is(names, header));
}
