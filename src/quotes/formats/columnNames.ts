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
    'tsms tsus tsns transactiontime eventtime eventtimems eventtimestamp tsevent siptimestamp participanttimestamp quotetime quotetimestamp',
    'updatetime tsrecv timem timeg timel localtimestamp timestamputc epoch epochs epochms epochus epochns unixtime unixtimestamp unix',
    'gmttime utctime timegmt timeutc datetimeutc datetimegmt localtime recvts recvtime receivedat receivedtime receivetime recvtimestamp',
    'receivedts receivets receivetimestamp capturedat recordedat createdat insertedat dates t 时间 更新时间 時間 成交時間 交易时间 数据时间 date',
  ),
  bid: words(
    'bid bidprice bidpx bidpr bidpx00 bestbid bestbidprice bestbidpx pricebid bidclose b bidspx bidprices 买一价 买价 買價 買一價',
  ),
  ask: words(
    'ask askprice askpx askpr askpx00 bestask bestaskprice bestaskpx priceask offer offerprice bestoffer ofr askclose a askspx askprices',
    '卖一价 卖价 賣價 賣一價',
  ),
  bidSize: words(
    'bidsize bidqty bidquantity bidamount bidvolume bidvol bidsz bidsz00 bidsiz bestbidsize bestbidqty bestbidquantity bestbidamount bestbidsiz',
    'bidsqty bidsizes bestbidvolume sizebid volumebid 买一量 买量 買量 買一量',
  ),
  askSize: words(
    'asksize askqty askquantity askamount askvolume askvol asksz asksz00 asksiz bestasksize bestaskqty bestaskquantity bestaskamount bestasksiz',
    'offersize ofrsiz asksqty asksizes bestofrsiz bestaskvolume sizeask volumeask 卖一量 卖量 賣量 賣一量',
  ),
  symbol: words(
    'symbol sym ticker instrument instrumentid instrumentname instid pair ric symroot root code securitycode securityid secucode stockcode',
    'productid coin productcode contract marketsymbol underlying 证券代码 合约代码 股票代码 代码 證券代號 股票代號 证券编码',
  ),
  date: words(
    'date day tradedate tradingdate actionday dateg datel tradingday bizdate 日期 自然日 交易日 交易日期 成交日期',
  ),
  subsecond: words(
    'updatemillisec millisec millisecs milliseconds millisecond millis msec ms microsecond microseconds usec nanosecond nanoseconds nanos',
    'nsec timemnano timenano 毫秒',
  ),
  offset: words('gmtoffset utcoffset'),
  side: words('side bidask bookside quoteside ticktype type eventtype'),
  price: words('price px value p'),
  size: words('size qty quantity amount volume sz q'),
  action: words('action updateaction orderaction eventtype event msgtype messagetype type op 委托类型'),
  order: words('orderid order oid orderno orderref orderreferencenumber 委托编号'),
  sequence: words('updateid lastupdateid sequence sequencenumber seq seqnum seqid seqno u'),
};

/** Columns that tell one instrument from another of the same symbol, and how they are called in a name. */
const SPLITS: readonly (readonly [kind: 'suffix' | 'contract' | 'id', names: readonly string[]])[] = [
  ['suffix', words('symsuffix suffix shareclass class series')],
  ['contract', words('expiry expiration expirationdate expirydate expiredate expdate exdate maturity maturitydate')],
  ['contract', words('right putcall callput cpflag optiontype cp optionright')],
  ['contract', words('strike strikeprice')],
  [
    'id',
    words(
      'instrumentid marketid tokenid assetid conditionid securityid contractid conid productid marketindex marketslug exchange venue',
    ),
  ],
];

function words(...lines: readonly string[]): string[] {
  return lines.join(' ').split(' ');
}

/** A name without case and punctuation. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The roles a header's names give; incomplete where names are not known. Of several columns of one name the first counts. */
export function rolesFromHeader(header: readonly string[]): Partial<ColumnRoles> {
  const names = header.map(plainName);
  const roles: { -readonly [role in keyof ColumnRoles]?: number } = {};
  for (const role of QUOTE_ROLES) {
    const best = NAMES[role].find((name) => names.includes(name));
    if (best !== undefined) roles[role] = names.indexOf(best);
  }
  if (roles.date === roles.time) delete roles.date;
  for (const [role, at] of Object.entries(bestLevel(header))) roles[role as keyof ColumnRoles] ??= at;
  return roles;
}

/** Known of a quote by its names; the other roles are looked for where these do not suffice (tablePlan.ts). */
const QUOTE_ROLES = ['time', 'bid', 'ask', 'bidSize', 'askSize', 'symbol', 'date'] as const;

/** The first column with a name of the role, whatever other roles are known. */
export function columnNamed(header: readonly string[], role: keyof ColumnRoles): number | undefined {
  const names = header.map(plainName);
  const best = NAMES[role].find((name) => names.includes(name));
  return best === undefined ? undefined : names.indexOf(best);
}

/** All columns with a name of times, the best first. */
export function timeColumns(header: readonly string[]): number[] {
  const names = header.map(plainName);
  return NAMES.time.flatMap((name) => (names.includes(name) ? [names.indexOf(name)] : []));
}

export interface SplitColumn {
  readonly column: number;
  /** A suffix and what makes a contract are always part of the name, an id where it differs within one symbol. */
  readonly kind: 'suffix' | 'contract' | 'id';
}

/** The columns besides `symbol` that tell instruments apart, in the order in which they stand in a name. */
export function splitColumns(header: readonly string[], symbol: number | undefined): SplitColumn[] {
  const names = header.map(plainName);
  return SPLITS.flatMap(([kind, known]) =>
    names.flatMap((name, column) => (known.includes(name) && column !== symbol ? [{ column, kind }] : [])),
  );
}

type LevelRole = 'bid' | 'ask' | 'bidSize' | 'askSize';
const SIDE_WORDS = {
  bid: words('bid bids buy b 申买 委买 买 委買 買'),
  ask: words('ask asks offer ofr sell a s 申卖 委卖 卖 委賣 賣'),
} as const;
const PRICE_WORDS = ['', ...words('price px pr p 价 價')];
const SIZE_WORDS = words('size sz qty quantity volume vol amount amt v q 量');
const BEFORE_LEVELS = /^(?:best|level|depth|orderbook|book|top|lvl|l)(?=.)/;
const CHINESE_DIGITS = /[一二三四五六七八九十]/;

/** What a numbered level is, by its name without the number. */
const LEVEL_ROLES: ReadonlyMap<string, LevelRole> = new Map(
  (['bid', 'ask'] as const).flatMap((side) =>
    SIDE_WORDS[side].flatMap((word): [string, LevelRole][] => [
      ...PRICE_WORDS.flatMap((kind): [string, LevelRole][] => [
        [word + kind, side],
        [kind + word, side],
      ]),
      ...SIZE_WORDS.flatMap((kind): [string, LevelRole][] => [
        [word + kind, `${side}Size`],
        [kind + word, `${side}Size`],
      ]),
    ]),
  ),
);

/**
 * The best level of numbered ones: `bid_price_0`, `bid1`, `bp1`, `BidPrice1`, `bids[0].price`, `bids[0][1]`, `申买价1`, `买一价`. The lowest
 * number there is, 0 or 1, is the best.
 */
function bestLevel(header: readonly string[]): Partial<Record<LevelRole, number>> {
  const found = header.flatMap((name, at) => {
    const level = levelOf(plainName(name));
    return level ? [{ ...level, at }] : [];
  });
  const best = Math.min(...found.map(({ level }) => level));
  if (best > 1) return {};
  // Of several columns of one name the first counts.
  const levels = found.filter(({ level }) => level === best).reverse();
  return Object.fromEntries(levels.map(({ role, at }) => [role, at]));
}

function levelOf(plain: string): { readonly role: LevelRole; readonly level: number } | undefined {
  const [, list, listed, part] = /^(bid|ask)s(\d)([01])$/.exec(plain) ?? [];
  if (list === 'bid' || list === 'ask') return { role: part === '1' ? `${list}Size` : list, level: Number(listed) };
  const name = plain.replace(CHINESE_DIGITS, (digit) => String('一二三四五六七八九十'.indexOf(digit) + 1));
  const [, before, digits, behind] = /^(\D*)(\d{1,2})(\D*)$/.exec(name) ?? [];
  if (before === undefined || digits === undefined) return undefined;
  const word = `${before}${behind}`;
  const role = LEVEL_ROLES.get(word) ?? LEVEL_ROLES.get(word.replace(BEFORE_LEVELS, ''));
  return role && { role, level: Number(digits) };
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
