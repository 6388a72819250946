/**
 * Databento DBN, versions 1 to 3: metadata with the names of the instruments, then records whose first four bytes hold their length
 * and type. All schemas with a best bid and offer (mbp-1, mbp-10, tbbo, bbo, cmbp-1, cbbo, tcbbo) lay it out alike.
 */

import { fail } from '../../core/errors.ts';
import { readHead } from '../bytes/byteSource.ts';
import { NameCodes } from '../table/columns.ts';
import { GrowingColumns } from '../table/growingColumns.ts';
import { Role } from '../table/roles.ts';
import type { Rows } from '../table/rows.ts';
import { asciiText } from '../table/scan.ts';
import { NanosecondStamps } from '../time/nanoseconds.ts';
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
/** Most are of this length. */
const USUAL_RECORD = 80;
/** Names of a million instruments. */
const MOST_METADATA = 1 << 28;
/** Version 1 has 22 bytes, later ones 71; a length of none would make lists without end. */
const SHORTEST_NAME = 2;
const NO_PRICE = 2n ** 63n - 1n;
const NO_TIME = 2n ** 64n - 1n;

/** Rejects with UserError `quotes/dbn-damaged`, `quotes/dbn-version`, `quotes/dbn-schema`, `quotes/too-large`. */
export async function readDbn({ source, firstRows }: BinaryFile, overrides: FileOverrides): Promise<RawTable> {
  const start = await readHead(source, 8);
  if (start.length < 8) damaged('its metadata is cut off');
  const endExclusive = 8 + viewOf(start).getUint32(4, true);
  if (endExclusive > MOST_METADATA || endExclusive > (source.size ?? endExclusive)) damaged('its metadata is cut off');
  const head = await readHead(source, endExclusive);
  if (head.length < endExclusive) damaged('its metadata is cut off');
  const metadata = readMetadata(head, viewOf(head));
  const own = overrides.symbol === undefined;
  const records = new RecordReader(metadata, own, source.size ?? 0);
  let rest = new Uint8Array();
  for await (const { bytes, share } of source.pieces(endExclusive)) {
    rest = records.read(joined(rest, bytes), share);
    if (records.count >= (firstRows ?? Number.POSITIVE_INFINITY)) break;
  }
  if (rest.length > 0 && firstRows === undefined) damaged('it ends in the middle of a record');
  if (records.count === 0) {
    fail('quotes/dbn-schema', `The Databento file (schema ${metadata.schema}) holds no quotes.`, {
      hint: 'Ask Databento for mbp-1, tbbo, bbo-1s, bbo-1m, cmbp-1 or cbbo-1s.',
    });
  }
  return {
    symbols: own ? records.symbols : [overrides.symbol],
    rows: records.rows(),
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

/** Takes whole records as they come, and keeps those with a best bid and offer. */
class RecordReader {
  private readonly names = new NameCodes();
  private readonly stamps = new NanosecondStamps();
  private readonly columns: GrowingColumns;
  private share = 0;

  constructor(
    private readonly metadata: Metadata,
    private readonly withSymbols: boolean,
    size: number,
  ) {
    const roles = [Role.bidSize, Role.askSize, ...(withSymbols ? [Role.symbol] : [])];
    this.columns = new GrowingColumns(roles, size / USUAL_RECORD);
  }

  get count(): number {
    return this.columns.count;
  }

  get symbols(): readonly string[] {
    return this.names.names;
  }

  /** Returns the bytes of a record that is not complete yet. */
  read(bytes: Uint8Array, share: number): Uint8Array<ArrayBuffer> {
    const view = viewOf(bytes);
    let at = 0;
    while (at < bytes.length) {
      const length = view.getUint8(at) * 4;
      if (length < HEADER_BYTES) damaged('it ends in the middle of a record');
      if (at + length > bytes.length) break;
      if (length >= SHORTEST_QUOTE && QUOTE_TYPES.has(view.getUint8(at + AT.type))) this.add(view, at);
      at += length;
    }
    this.share = share;
    return bytes.slice(at);
  }

  rows(): Rows {
    return { ...this.columns.cut(), symbols: this.names.names, lines: undefined };
  }

  private add(view: DataView, at: number): void {
    const { columns, metadata } = this;
    if (columns.count === columns.capacity) columns.grow(this.share);
    const row = columns.count++;
    const received = view.getBigUint64(at + AT.receiveTime, true);
    columns.timeMs[row] = this.stamps.toMs(
      received === NO_TIME ? view.getBigUint64(at + AT.eventTime, true) : received,
    );
    columns.bid[row] = price(view.getBigInt64(at + AT.bid, true));
    columns.ask[row] = price(view.getBigInt64(at + AT.ask, true));
    columns.bidSize![row] = view.getUint32(at + AT.bidSize, true);
    columns.askSize![row] = view.getUint32(at + AT.askSize, true);
    if (!this.withSymbols) return;
    const id = view.getUint32(at + AT.instrument, true);
    columns.symbol![row] = this.names.code(metadata.symbols.get(id) ?? metadata.only ?? `INSTRUMENT ${id}`);
  }
}

interface Metadata {
  readonly version: number;
  readonly dataset: string;
  readonly schema: string;
  /** By instrument id. */
  readonly symbols: ReadonlyMap<number, string>;
  /** The symbol, where the file was asked for with one only. */
  readonly only: string | undefined;
}

function readMetadata(bytes: Uint8Array, view: DataView): Metadata {
  const version = bytes[3] ?? 0;
  if (version < 1 || version > 3) {
    fail('quotes/dbn-version', `DBN version ${version} is not known; versions 1 to 3 are read.`, {
      hint: 'Ask for the file in version 3.',
    });
  }
  try {
    const endExclusive = bytes.length;
    const nameBytes = version === 1 ? 22 : view.getUint16(53, true);
    // Behind the fixed 100 bytes: an embedded schema, then the symbols asked for, those found in part, and those not found.
    let at = 108 + 4 + view.getUint32(108, true);
    if (nameBytes < SHORTEST_NAME) damaged('its symbols have no length');
    const listOf = (entryBytes: number) => {
      const count = view.getUint32(at, true);
      at += 4;
      if (count * entryBytes > endExclusive - at) throw new RangeError('a list longer than its file');
      return count;
    };
    const asked = listOf(nameBytes);
    const only = asked === 1 ? text(bytes, at, nameBytes) : undefined;
    at += asked * nameBytes;
    for (let list = 0; list < 2; list++) {
      const count = listOf(nameBytes);
      at += count * nameBytes;
    }
    const symbols = new Map<number, string>();
    for (let left = listOf(nameBytes + 4); left > 0; left--) {
      const name = text(bytes, at, nameBytes);
      at += nameBytes;
      for (let intervals = listOf(8 + nameBytes); intervals > 0; intervals--) {
        addSymbol(symbols, name, text(bytes, at + 8, nameBytes));
        at += 8 + nameBytes;
      }
    }
    const schema = SCHEMAS[view.getUint16(24, true)] ?? 'unknown';
    return { version, dataset: text(bytes, 8, 16), schema, symbols, only };
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

/** Whole nanounits become the nearest double of the decimal price. */
function price(raw: bigint): number {
  return raw === NO_PRICE ? Number.NaN : Number(raw) / 1e9;
}

/** A name that zeros fill up. */
function text(bytes: Uint8Array, at: number, length: number): string {
  if (at + length > bytes.length) throw new RangeError('a name behind the end');
  const end = bytes.subarray(at, at + length).indexOf(0);
  return asciiText(bytes, at, end < 0 ? at + length : at + end);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(rest: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (rest.length === 0) return bytes;
  const both = new Uint8Array(rest.length + bytes.length);
  both.set(rest);
  both.set(bytes, rest.length);
  return both;
}

function damaged(why: string): never {
  return fail('quotes/dbn-damaged', `The Databento file is truncated or damaged: ${why}.`, {
    hint: 'Download the file again.',
  });
}
