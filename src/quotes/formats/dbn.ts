/**
 * Databento DBN, versions 1 to 3: metadata with the names of the instruments, then records whose first four bytes hold their length
 * and type. All schemas with a best bid and offer (mbp-1, mbp-10, tbbo, bbo, cmbp-1, cbbo, tcbbo) lay it out alike.
 */

import { fail } from '../../core/errors.ts';
import { emptyColumn, NameCodes, rowsOfColumns } from '../columns.ts';
import { NanosecondStamps } from '../nanoseconds.ts';
import { asciiText } from '../scan.ts';
import type { FileOverrides } from '../types.ts';
import { ALWAYS_OPEN, type BinaryFile, type RawTable } from './format.ts';

const SCHEMAS = [
  ...['mbo', 'mbp-1', 'mbp-10', 'tbbo', 'trades', 'ohlcv-1s', 'ohlcv-1m', 'ohlcv-1h', 'ohlcv-1d', 'definition'],
  ...['statistics', 'status', 'imbalance', 'ohlcv-eod', 'cmbp-1', 'cbbo-1s', 'cbbo-1m', 'tcbbo', 'bbo-1s', 'bbo-1m'],
];
/** Record types with a best bid and offer: mbp-1 and tbbo, mbp-10, cmbp-1, cbbo-1s, cbbo-1m, tcbbo, bbo-1s, bbo-1m. */
const QUOTE_TYPES = new Set([0x01, 0x0a, 0xb1, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4]);
/** Offsets within a record. */
const AT = { type: 1, instrument: 4, eventTime: 8, receiveTime: 32, bid: 48, ask: 56, bidSize: 64, askSize: 68 };
const SHORTEST_QUOTE = 72;
const HEADER_BYTES = 16;
const NO_PRICE = 2n ** 63n - 1n;
const NO_TIME = 2n ** 64n - 1n;

/** @throws UserError `quotes/dbn-damaged`, `quotes/dbn-version`, `quotes/dbn-schema`. */
export function readDbn({ bytes }: BinaryFile, overrides: FileOverrides): RawTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metadata = readMetadata(bytes, view);
  const records = findQuotes(view, metadata.endExclusive);
  if (records.length === 0) {
    fail('quotes/dbn-schema', `The Databento file (schema ${metadata.schema}) holds no quotes.`, {
      hint: 'Ask Databento for mbp-1, tbbo, bbo-1s, bbo-1m, cmbp-1 or cbbo-1s.',
    });
  }
  const names = new NameCodes();
  const stamps = new NanosecondStamps();
  const [timeMs, bid, ask] = [emptyColumn(records.length), emptyColumn(records.length), emptyColumn(records.length)];
  const [bidSize, askSize] = [emptyColumn(records.length), emptyColumn(records.length)];
  const symbol = new Uint32Array(records.length);
  records.forEach((at, row) => {
    const received = view.getBigUint64(at + AT.receiveTime, true);
    timeMs[row] = stamps.toMs(received === NO_TIME ? view.getBigUint64(at + AT.eventTime, true) : received);
    bid[row] = price(view.getBigInt64(at + AT.bid, true));
    ask[row] = price(view.getBigInt64(at + AT.ask, true));
    bidSize[row] = view.getUint32(at + AT.bidSize, true);
    askSize[row] = view.getUint32(at + AT.askSize, true);
    const id = view.getUint32(at + AT.instrument, true);
    symbol[row] = names.code(metadata.symbols.get(id) ?? metadata.only ?? `INSTRUMENT ${id}`);
  });
  const own = overrides.symbol === undefined;
  return {
    symbols: own ? names.names : [overrides.symbol],
    rows: rowsOfColumns({ timeMs, bid, ask, bidSize, askSize, symbol: own ? symbol : undefined }),
    calendar: overrides.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: 'nanoseconds since 1970',
    timeZone: 'UTC',
    notes: [
      `DBN version ${metadata.version}, schema ${metadata.schema}, dataset ${metadata.dataset}: stamps are the times of receipt, where they are known.`,
    ],
    oneUpdatePerStamp: false,
  };
}

interface Metadata {
  readonly version: number;
  readonly dataset: string;
  readonly schema: string;
  /** By instrument id. */
  readonly symbols: ReadonlyMap<number, string>;
  /** The symbol, where the file was asked for with one only. */
  readonly only: string | undefined;
  /** First byte of the records. */
  readonly endExclusive: number;
}

function readMetadata(bytes: Uint8Array, view: DataView): Metadata {
  const version = bytes[3] ?? 0;
  if (version < 1 || version > 3) {
    fail('quotes/dbn-version', `DBN version ${version} is not known; versions 1 to 3 are read.`, {
      hint: 'Ask for the file in version 3.',
    });
  }
  try {
    const endExclusive = 8 + view.getUint32(4, true);
    const nameBytes = version === 1 ? 22 : view.getUint16(53, true);
    // Behind the fixed 100 bytes: an embedded schema, then the symbols asked for, those found in part, and those not found.
    let at = 108 + 4 + view.getUint32(108, true);
    const lists = [0, 1, 2].map(() => {
      const count = view.getUint32(at, true);
      const names = range(count, (endExclusive - at) / nameBytes).map((i) =>
        text(bytes, at + 4 + i * nameBytes, nameBytes),
      );
      at += 4 + count * nameBytes;
      return names;
    });
    const symbols = new Map<number, string>();
    const mappings = view.getUint32(at, true);
    at += 4;
    for (const _ of range(mappings, endExclusive - at)) {
      const name = text(bytes, at, nameBytes);
      const intervals = view.getUint32(at + nameBytes, true);
      at += nameBytes + 4;
      for (const _ of range(intervals, endExclusive - at)) {
        addSymbol(symbols, name, text(bytes, at + 8, nameBytes));
        at += 8 + nameBytes;
      }
    }
    const only = lists[0]!.length === 1 ? lists[0]![0] : undefined;
    const schema = SCHEMAS[view.getUint16(24, true)] ?? 'unknown';
    return { version, dataset: text(bytes, 8, 16), schema, symbols, only, endExclusive };
  } catch (caught) {
    if (caught instanceof RangeError) return damaged('its metadata is cut off');
    throw caught;
  }
}

/** Either side of a mapping may be the id, depending on what was asked for. The first name of an id counts. */
function addSymbol(symbols: Map<number, string>, name: string, mapped: string): void {
  const [id, symbol] = /^\d+$/.test(mapped) ? [Number(mapped), name] : [Number(name), mapped];
  if (Number.isInteger(id) && !symbols.has(id)) symbols.set(id, symbol);
}

/** Byte offsets of the records with a best bid and offer. */
function findQuotes(view: DataView, start: number): number[] {
  const found: number[] = [];
  let at = start;
  while (at < view.byteLength) {
    const length = view.getUint8(at) * 4;
    if (length < HEADER_BYTES || at + length > view.byteLength) damaged('it ends in the middle of a record');
    if (length >= SHORTEST_QUOTE && QUOTE_TYPES.has(view.getUint8(at + AT.type))) found.push(at);
    at += length;
  }
  if (at !== view.byteLength) damaged('its metadata is cut off');
  return found;
}

/** Whole nanounits become the nearest double of the decimal price. */
function price(raw: bigint): number {
  return raw === NO_PRICE ? Number.NaN : Number(raw) / 1e9;
}

/** Counts up to a number that a file claims. @throws RangeError where it cannot hold as many. */
function range(count: number, most: number): number[] {
  if (!(count <= most)) throw new RangeError('a list longer than its file');
  return Array.from({ length: count }, (_, i) => i);
}

/** A name that zeros fill up. */
function text(bytes: Uint8Array, at: number, length: number): string {
  if (at + length > bytes.length) throw new RangeError('a name behind the end');
  const end = bytes.subarray(at, at + length).indexOf(0);
  return asciiText(bytes, at, end < 0 ? at + length : at + end);
}

function damaged(why: string): never {
  return fail('quotes/dbn-damaged', `The Databento file is truncated or damaged: ${why}.`, {
    hint: 'Download the file again.',
  });
}
