/** What the columns of a table hold, told by their names: time, bid, ask, sizes, symbol, in whatever order and spelling. */

import { fail } from '../../core/errors.ts';
import type { ColumnRoles } from '../types.ts';

/**
 * Column names without case and punctuation, the best first: exchange time before receive time, plain names before special ones.
 * Names in the plural are list columns of Parquet and Arrow, whose first entries are the best prices.
 */
const NAMES: Readonly<Record<keyof ColumnRoles, readonly string[]>> = {
  time: words(
    'exchangetimestamp exchangetime exchts exchtsms timestamp time datetime ts timestampms timestampus timestampns timems timeus timens',
    'tsms tsus tsns transactiontime eventtime tsevent siptimestamp participanttimestamp tsrecv localtimestamp timem epoch epochs epochms',
    'epochus epochns unixtime unix gmttime utctime timegmt timeutc datetimeutc date',
  ),
  bid: words('bid bidprice bidpx bidpx00 bestbid bestbidprice bestbidpx pricebid b bidspx bidprices'),
  ask: words(
    'ask askprice askpx askpx00 bestask bestaskprice bestaskpx priceask offer offerprice ofr a askspx askprices',
  ),
  bidSize: words(
    'bidsize bidqty bidquantity bidamount bidvolume bidvol bidsz bidsz00 bidsiz bestbidsize bestbidqty bestbidamount bestbidsiz',
    'bidsqty bidsizes',
  ),
  askSize: words(
    'asksize askqty askquantity askamount askvolume askvol asksz asksz00 asksiz bestasksize bestaskqty bestaskamount bestasksiz',
    'offersize ofrsiz asksqty asksizes',
  ),
  symbol: words('symbol sym ticker instrument instrumentid pair ric symroot'),
  date: words('date day tradedate'),
};

function words(...lines: readonly string[]): string[] {
  return lines.join(' ').split(' ');
}

/** A name without case and punctuation. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The roles a header's names give; incomplete where names are not known. Of several columns of one name the first counts. */
export function rolesFromHeader(header: readonly string[]): Partial<ColumnRoles> {
  const names = header.map(plainName);
  const roles: { -readonly [role in keyof ColumnRoles]?: number } = {};
  for (const role of Object.keys(NAMES) as (keyof ColumnRoles)[]) {
    const best = NAMES[role].find((name) => names.includes(name));
    if (best !== undefined) roles[role] = names.indexOf(best);
  }
  if (roles.date === roles.time) delete roles.date;
  return roles;
}

export function isComplete(columns: Partial<ColumnRoles>): columns is ColumnRoles {
  return columns.time !== undefined && columns.bid !== undefined && columns.ask !== undefined;
}

/** @throws UserError `quotes/columns-twice` where a column that is read has a namesake. */
export function requireUnique(header: readonly string[], columns: Partial<ColumnRoles>): void {
  const names = header.map(plainName);
  for (const at of Object.values(columns)) {
    if (names.indexOf(names[at]!) === names.lastIndexOf(names[at]!)) continue;
    fail(
      'quotes/columns-twice',
      `There are two columns called “${header[at]}”, and nothing tells which one is meant.`,
      {
        hint: 'Say which columns are time, bid and ask, or give them different names.',
      },
    );
  }
}
