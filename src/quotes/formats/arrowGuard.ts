/**
 * What flechette believes without looking, checked beforehand: that the lists and texts of an Arrow file's metadata lie in it, that its
 * messages follow one another, and that lists and texts in columns lie in their buffers. Buffers themselves are not read here.
 */

import { Column } from '@uwdata/flechette';
import { startsWith } from '../table/signatures.ts';

/** With columns in columns. */
const MOST_FIELDS = 10_000;
const MOST_DEPTH = 16;
/** Arrow's numbering of messages, and its version from which buffers have no page numbers. */
const MESSAGE = { schema: 1, dictionary: 2, batch: 3 };
const VERSION_4 = 3;
/** What overlapping views may add up to, in sizes of their buffer. */
const MOST_OVERLAP = 16;

/** @throws RangeError where the metadata of an Arrow file or stream does not fit its bytes. */
export function checkArrow(bytes: Uint8Array): void {
  if (startsWith(bytes, 'ARROW1')) checkFile(bytes);
  else for (let at = 0; at < bytes.length; ) at = checkMessage(bytes, at) ?? bytes.length;
}

function checkFile(bytes: Uint8Array): void {
  const end = bytes.length - 10;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end < 8) throw new RangeError('it is too short');
  const length = view.getInt32(end, true);
  if (length <= 0 || length > end - 8) throw new RangeError('its footer is cut off');
  const footer = new Flat(bytes.subarray(end - length, end));
  const root = footer.table(0);
  const schema = root(6);
  if (schema > 0) footer.schema(schema);
  const blocks = [8, 10].flatMap((slot) => {
    const list = root(slot);
    if (list === 0) return [];
    const { start, count } = footer.vector(list, 24);
    return Array.from({ length: count }, (_, i) => footer.int64(start + 24 * i));
  });
  let behind = 0;
  for (const at of blocks.sort((a, b) => a - b)) {
    if (!(at >= behind && at < end)) throw new RangeError('blocks that overlap');
    behind = checkMessage(bytes, at) ?? at;
  }
}

/** Where the message ends; `undefined` where there are no more. */
function checkMessage(bytes: Uint8Array, start: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  let length = at + 4 <= bytes.length ? view.getInt32(at, true) : 0;
  at += 4;
  if (length === -1) {
    length = at + 4 <= bytes.length ? view.getInt32(at, true) : 0;
    at += 4;
  }
  if (length === 0) return undefined;
  if (length < 0 || length > bytes.length - at) throw new RangeError('a message that is cut off');
  const flat = new Flat(bytes.subarray(at, at + length));
  const root = flat.table(0);
  const [version, type, header, body] = [root(4), root(6), root(8), root(10)];
  const bodyBytes = body === 0 ? 0 : flat.int64(body);
  if (!(bodyBytes >= 0 && bodyBytes <= bytes.length - at - length)) throw new RangeError('a message that is cut off');
  if (header > 0) {
    const pageBytes = (version === 0 ? 0 : flat.int16(version)) < VERSION_4 ? 8 : 0;
    const kind = type === 0 ? 0 : flat.byte(type);
    if (kind === MESSAGE.schema) flat.schema(header);
    if (kind === MESSAGE.batch) flat.batch(header, pageBytes);
    if (kind === MESSAGE.dictionary) {
      const data = flat.table(header)(6);
      if (data > 0) flat.batch(data, pageBytes);
    }
  }
  return at + length + bodyBytes;
}

/** Flatbuffers as flechette reads them: positions are where an offset stands, 0 is a field that is not there. */
class Flat {
  private readonly view: DataView;
  private fields = 0;
  private textBytes = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Positions of a table's fields. */
  table(position: number): (slot: number) => number {
    const at = position + this.view.getInt32(position, true);
    const layout = at - this.view.getInt32(at, true);
    const size = this.view.getInt16(layout, true);
    return (slot) => {
      const offset = slot < size ? this.view.getInt16(layout + slot, true) : 0;
      return offset === 0 ? 0 : at + offset;
    };
  }

  vector(position: number, stride: number): { readonly start: number; readonly count: number } {
    const base = position + this.view.getInt32(position, true);
    const count = this.view.getInt32(base, true);
    if (count < 0 || count * stride > this.view.byteLength - base - 4)
      throw new RangeError('a list longer than its file');
    return { start: base + 4, count };
  }

  schema(position: number): void {
    const schema = this.table(position);
    this.list(schema(6), (at) => this.field(at, 0));
    this.list(schema(8), (at) => this.pair(at));
  }

  batch(position: number, pageBytes: number): void {
    const batch = this.table(position);
    if (batch(6) > 0) this.vector(batch(6), 16);
    const buffers = batch(8) > 0 ? this.vector(batch(8), 16 + pageBytes).count : 0;
    if (batch(12) === 0) return;
    const { start, count } = this.vector(batch(12), 8);
    let left = buffers;
    for (let i = 0; i < count; i++) left -= Math.abs(this.int64(start + 8 * i));
    if (left < 0) throw new RangeError('more buffers than there are');
  }

  byte(at: number): number {
    return this.view.getUint8(at);
  }

  int16(at: number): number {
    return this.view.getInt16(at, true);
  }

  int64(at: number): number {
    return Number(this.view.getBigInt64(at, true));
  }

  private field(position: number, depth: number): void {
    // Fields may point at one another: a few hundred bytes could stand for billions.
    if (depth > MOST_DEPTH || ++this.fields > MOST_FIELDS)
      throw new RangeError('too many columns, or too deep in one another');
    const field = this.table(position);
    this.text(field(4));
    this.list(field(14), (at) => this.field(at, depth + 1));
    this.list(field(16), (at) => this.pair(at));
    const [kind, type] = [field(8), field(10)];
    if (kind === 0 || type === 0) return;
    const [TIMESTAMP, UNION] = [10, 14];
    if (this.byte(kind) === TIMESTAMP) this.text(this.table(type)(6));
    if (this.byte(kind) === UNION && this.table(type)(6) > 0) this.vector(this.table(type)(6), 4);
  }

  private pair(position: number): void {
    const pair = this.table(position);
    this.text(pair(4));
    this.text(pair(6));
  }

  private list(position: number, each: (at: number) => void): void {
    if (position === 0) return;
    const { start, count } = this.vector(position, 4);
    for (let i = 0; i < count; i++) each(start + 4 * i);
  }

  /** All texts together are no longer than what they are written in, or they overlap. */
  private text(position: number): void {
    if (position === 0) return;
    const { count } = this.vector(position, 1);
    this.textBytes += count;
    if (this.textBytes > this.view.byteLength) throw new RangeError('texts that overlap');
  }
}

/** Parts of a batch that are looked at; each class of flechette has some of them. */
interface BatchParts {
  readonly length: number;
  readonly values?: ArrayLike<number | bigint>;
  readonly offsets?: ArrayLike<number | bigint> | null;
  readonly sizes?: ArrayLike<number | bigint>;
  readonly data?: readonly Uint8Array[];
  readonly children?: readonly BatchParts[];
  readonly stride?: number;
}

/** Dictionaries are written out while a table is put together: this is the only place to look at them before. */
const writeOut = Column.prototype.cache;
Column.prototype.cache = function cacheChecked(this: Column<unknown>) {
  for (const batch of this.data) checkBatch(batch as unknown as BatchParts, 0);
  return writeOut.call(this);
};

/** @throws RangeError where a column does not hold its values, or says that it holds some of them over and over. */
export function checkColumn(column: Column<unknown>, rows: number): void {
  if (column.length !== rows) throw new RangeError('columns of different lengths');
  for (const batch of column.data) checkBatch(batch as unknown as BatchParts, 0);
}

function checkBatch(batch: BatchParts, depth: number): void {
  if (depth > MOST_DEPTH) throw new RangeError('columns too deep in one another');
  const { length, values, offsets, sizes, data, children = [], stride } = batch;
  if (!(Number.isSafeInteger(length) && length >= 0)) throw new RangeError('a column of no length');
  const child = children[0]?.length ?? values?.length ?? 0;
  if (sizes && offsets) {
    let total = 0;
    for (let i = 0; i < length; i++) total += span(Number(offsets[i]), Number(sizes[i]), child);
    if (total > MOST_OVERLAP * child) throw new RangeError('lists that overlap');
  } else if (offsets && children.length <= 1) {
    for (let i = 0; i < length; i++) span(Number(offsets[i]), Number(offsets[i + 1]) - Number(offsets[i]), child);
  } else if (data && values instanceof Uint8Array) {
    checkViews(values, length, data);
  } else if (stride !== undefined && children.length > 0) {
    span(0, stride * length, child);
  } else if (values && length > values.length * 8) {
    throw new RangeError('a column that is cut off');
  }
  for (const each of children) checkBatch(each, depth + 1);
}

/** Texts of up to twelve bytes stand in the view itself, others in one of the buffers. */
function checkViews(values: Uint8Array, length: number, data: readonly Uint8Array[]): void {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  if (length * 16 > values.length) throw new RangeError('a column that is cut off');
  let total = 0;
  for (let i = 0; i < length; i++) total += span(0, view.getInt32(16 * i, true), Number.POSITIVE_INFINITY);
  const held = data.reduce((sum, buffer) => sum + buffer.length, values.length);
  if (total > MOST_OVERLAP * held) throw new RangeError('texts that overlap');
}

function span(start: number, length: number, most: number): number {
  if (!(start >= 0 && length >= 0 && start + length <= most)) throw new RangeError('a list longer than its column');
  return length;
}
