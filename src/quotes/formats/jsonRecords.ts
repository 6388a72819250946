/**
 * What JSON holds of quotes, one flat record each: rows and objects of any shape, and the messages of exchanges as recorders write them, with
 * the best level taken out of lists of levels. Names stay as they are written, but for the four of a quote.
 */

import { toNumber } from './json.ts';
import { BookSide } from './priceBook.ts';

/** Fields by name; `bid`, `bidSize`, `ask`, `askSize` where levels told them. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** One letter means two things with two cases. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ b: 'bid', B: 'bidSize', a: 'ask', A: 'askSize', s: 'symbol', u: 'sequence' },
  ...{ E: 'eventtime', T: 'transactiontime' },
};
const BIDS = ['b', 'bids', 'bid', 'buy'];
const ASKS = ['a', 'asks', 'ask', 'sell'];
const SCALAR_SIDES = /^(best_?)?(bid|ask)(_?price|px|pr|1price|_px)?$|^(bid|ask)1?_?(price|px|pr)$|^best_(bid|ask)/i;
const CHANGES = /delta|update|change/i;
const PAIR = /^[A-Z0-9][A-Z0-9/._-]{4,}$/;
const DEEPEST = 8;

/** Takes records out of the values of a log, in order; books of changes are kept between them. */
export class RecordReader {
  private readonly books = new Map<string, { readonly bid: BookSide; readonly ask: BookSide }>();
  /** Changes of a book whose beginning was never seen. */
  changesWithoutBook = 0;

  /** Flat objects that are not told to be quotes by their names: rows of a table, or messages of other kinds. */
  readonly others: JsonRecord[] = [];

  /** The records of one value: a message, a row, or a list of either. */
  read(value: unknown): JsonRecord[] {
    return this.walk(value, {}, 0);
  }

  private walk(value: unknown, context: JsonRecord, depth: number): JsonRecord[] {
    if (depth > DEEPEST) return [];
    if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
      try {
        return this.walk(JSON.parse(value), context, depth + 1);
      } catch {
        return [];
      }
    }
    if (Array.isArray(value)) return this.walkList(value, context, depth);
    if (typeof value !== 'object' || value === null) return [];
    return this.walkObject(value as JsonRecord, context, depth);
  }

  private walkList(list: readonly unknown[], context: JsonRecord, depth: number): JsonRecord[] {
    const kraken = krakenMessage(list);
    if (kraken) return this.walk(kraken, context, depth + 1);
    if (list.length > 0 && list.every((item) => !isBranch(item))) {
      return [{ ...context, ...Object.fromEntries(list.map((item, i) => [`column ${i + 1}`, item])) }];
    }
    return list.flatMap((item) => this.walk(item, context, depth + 1));
  }

  private walkObject(object: JsonRecord, context: JsonRecord, depth: number): JsonRecord[] {
    const own = renamed(object);
    const scalars = Object.fromEntries(Object.entries(own).filter(([, value]) => !isBranch(value)));
    // OKX and Bitget say beside the data what they are of.
    const { arg } = own;
    const merged = { ...context, ...scalars, ...(isBranch(arg) && !Array.isArray(arg) ? (arg as JsonRecord) : {}) };
    const levels = levelsOf(own);
    if (levels) return this.fromLevels(levels, merged);
    if (Object.keys(own).some((key) => SCALAR_SIDES.test(key) && !isBranch(own[key]))) return [merged];
    const branches = Object.entries(own).filter(([, value]) => isBranch(value) || isText(value));
    const found = branches.flatMap(([key, value]) =>
      this.walk(value, PAIR.test(key) && !('symbol' in merged) ? { ...merged, symbol: key } : merged, depth + 1),
    );
    if (found.length === 0 && branches.length === 0) this.others.push(merged);
    return found;
  }

  private fromLevels({ bids, asks }: Levels, fields: JsonRecord): JsonRecord[] {
    const kind = ['type', 'action', 'e', 'event'].map((key) => String(fields[key] ?? '')).join(' ');
    if (!CHANGES.test(kind)) {
      if (/snapshot|partial/i.test(kind)) this.bookOf(fields, bids, asks);
      return [{ ...fields, ...bestOf('bid', bids), ...bestOf('ask', asks) }];
    }
    const book = this.books.get(nameOf(fields));
    if (!book) {
      this.changesWithoutBook++;
      return [];
    }
    for (const [price, size] of bids) book.bid.set(price, size);
    for (const [price, size] of asks) book.ask.set(price, size);
    const [[bid, bidSize], [ask, askSize]] = [book.bid.best(), book.ask.best()];
    return [{ ...fields, bid, bidSize, ask, askSize }];
  }

  private bookOf(fields: JsonRecord, bids: LevelList, asks: LevelList): void {
    const book = { bid: new BookSide(1), ask: new BookSide(-1) };
    for (const [price, size] of bids) book.bid.set(price, size);
    for (const [price, size] of asks) book.ask.set(price, size);
    this.books.set(nameOf(fields), book);
  }
}

type LevelList = readonly (readonly [price: number, size: number])[];
interface Levels {
  readonly bids: LevelList;
  readonly asks: LevelList;
}

function nameOf(fields: JsonRecord): string {
  return ['symbol', 'topic', 'channel', 'instId', 'product_id', 'coin', 'instrument_name']
    .map((key) => String(fields[key] ?? ''))
    .join(' ');
}

/** The levels of an object that has both sides as lists, however they are called; `undefined` where it has none. */
function levelsOf(object: JsonRecord): Levels | undefined {
  const pair = [object.levels, object.bbo].find((list) => Array.isArray(list) && list.length === 2) as
    | unknown[]
    | undefined;
  if (pair) return { bids: listOf(pair[0]), asks: listOf(pair[1]) };
  const [bids, asks] = [BIDS, ASKS].map((names) => names.map((name) => object[name]).find(isBranch));
  if (bids === undefined && asks === undefined) return undefined;
  return { bids: listOf(bids), asks: listOf(asks) };
}

function listOf(levels: unknown): LevelList {
  if (levels === null || levels === undefined) return [];
  if (!Array.isArray(levels)) return [levelOf(levels)];
  if (levels.length > 0 && levels.every((item) => !isBranch(item))) return [levelOf(levels)];
  return levels.map(levelOf);
}

const PRICES = ['price', 'px', 'p', 'rate', 'limit_price', 'price_level'];
const SIZES = ['size', 'sz', 'qty', 'quantity', 'amount', 'volume', 'q', 'new_quantity', 's', 'bidSize', 'askSize'];

function levelOf(level: unknown): readonly [number, number] {
  if (Array.isArray(level)) {
    const [first, second, third] = level;
    // Deribit says in front what happened to the level.
    if (typeof first === 'string' && Number.isNaN(toNumber(first)))
      return [toNumber(second), first === 'delete' ? 0 : toNumber(third)];
    return [toNumber(first), toNumber(second)];
  }
  if (typeof level !== 'object' || level === null) return [Number.NaN, Number.NaN];
  const fields = new Map<string, unknown>(Object.entries(level));
  const of = (names: readonly string[]) =>
    toNumber(names.map((name) => fields.get(name)).find((value) => value !== undefined));
  return [of(PRICES), of(SIZES)];
}

function bestOf(side: 'bid' | 'ask', levels: LevelList): JsonRecord {
  const sign = side === 'bid' ? 1 : -1;
  let best: readonly [number, number] = [Number.NaN, Number.NaN];
  for (const level of levels) if (level[0] > 0 && !(sign * level[0] <= sign * best[0])) best = level;
  return { [side]: best[0], [`${side}Size`]: best[1] };
}

/** `[340, ["5698.4", "5700.0", "1542057299.5", "1.01", "0.98"], "spread", "XBT/USD"]`, and the same with a ticker. */
function krakenMessage(list: readonly unknown[]): JsonRecord | undefined {
  const [, payload, channel, pair] = list;
  if (list.length !== 4 || typeof channel !== 'string' || typeof pair !== 'string') return undefined;
  if (channel === 'spread' && Array.isArray(payload)) {
    const [bid, ask, timestamp, bidSize, askSize] = payload as unknown[];
    return { symbol: pair, bid, ask, timestamp, bidSize, askSize };
  }
  return channel === 'ticker' && typeof payload === 'object' && payload !== null
    ? { symbol: pair, ...payload }
    : undefined;
}

/** Names of one letter by what they mean, where both sides are among them. */
function renamed(object: JsonRecord): JsonRecord {
  if (!('b' in object && 'a' in object)) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [isBranch(value) ? key : (LETTERS[key] ?? key), value]),
  );
}

function isBranch(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && /^\s*[[{]/.test(value);
}
