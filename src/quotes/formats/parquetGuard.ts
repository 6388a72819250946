/**
 * What hyparquet believes without looking, checked beforehand: that metadata and page headers fit their bytes, that runs of levels and of
 * dictionary indices fit their pages, and that a file holds no more rows than its bytes can. A page that does not fit would otherwise
 * take minutes, or memory without end. Nothing is decoded here but levels and lengths.
 */

import type { ColumnMetaData, Compressors, FileMetaData, SchemaElement } from 'hyparquet';
import { fail } from '../../core/errors.ts';
import { checkUnpacked } from '../bytes/unpacked.ts';
import { checkRows } from './columnTable.ts';
import { deltaLengths, endOfDelta } from './parquetDelta.ts';
import { countOf, readThrift, type ThriftStruct } from './thrift.ts';

/** No table of quotes has as many. */
const MOST_COLUMNS = 10_000;

const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  delta: 5,
  deltaLengths: 6,
  deltaBytes: 7,
  dictionary: 8,
  split: 9,
};
const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 };

/** Where hyparquet reads from. */
interface AsyncBuffer {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

const MAGIC = 0x31524150;

/** @throws RangeError where the metadata at the end of a file does not fit its bytes. A file without such an end is left to hyparquet. */
export async function checkParquetFooter(file: AsyncBuffer): Promise<void> {
  const tail = new DataView(await file.slice(Math.max(0, file.byteLength - 8)));
  if (tail.byteLength < 8) throw new RangeError('it is too short');
  if (tail.getUint32(4, true) !== MAGIC) return;
  const length = tail.getUint32(0, true);
  if (length > file.byteLength - 8) throw new RangeError('its metadata is cut off');
  const { value } = readThrift(new Uint8Array(await file.slice(file.byteLength - 8 - length, file.byteLength - 8)), 0);
  const schema = value.get(2);
  if (Array.isArray(schema) && schema.length > MOST_COLUMNS) {
    fail('quotes/parquet-columns', `The Parquet file has more than ${MOST_COLUMNS} columns, which quotes do not.`, {
      hint: 'Save the columns with time, bid and ask alone.',
    });
  }
}

/**
 * Columns to read, with a file and compressors for hyparquet that check each page before it is decoded.
 * @throws RangeError where chunks do not lie in the file or overlap; UserError `quotes/bomb`.
 */
export function guardedParquet(
  file: AsyncBuffer,
  metadata: FileMetaData,
  wanted: readonly string[],
  rowEnd: number,
  compressors: Compressors,
): { readonly file: AsyncBuffer; readonly compressors: Compressors } {
  const chunks = wantedChunks(file.byteLength, metadata, wanted, rowEnd);
  /** By the buffer handed to hyparquet and the byte at which a packed part of a page starts in it. */
  const packed = new WeakMap<ArrayBufferLike, ReadonlyMap<number, Page>>();
  return {
    file: {
      byteLength: file.byteLength,
      async slice(start, end = file.byteLength) {
        const buffer = await file.slice(start, end);
        const known = chunks.filter((chunk) => chunk.start === start && chunk.end === end);
        if (known.length > 0) packed.set(buffer, checkChunk(new Uint8Array(buffer), known[0]!));
        return buffer;
      },
    },
    compressors: Object.fromEntries(
      Object.entries(compressors).map(([codec, decompress]) => [
        codec,
        (input: Uint8Array, outputLength: number) => {
          checkUnpacked(file.byteLength, outputLength);
          const page = packed.get(input.buffer)?.get(input.byteOffset);
          if (!page) throw new RangeError('a page where none should be');
          const output = decompress(input, outputLength);
          checkValues(output, page);
          return output;
        },
      ]),
    ),
  };
}

/** A column of a row group, and what its pages are laid out by. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly isPacked: boolean;
  readonly layout: Layout;
  /** Rows of its row group that are wanted; of a flat column hyparquet stops behind them. */
  readonly rows: number;
  readonly rowsInGroup: number;
}

interface Layout {
  readonly type: ColumnMetaData['type'];
  readonly width: number;
  readonly mostRepetition: number;
  readonly mostDefinition: number;
  readonly isFlat: boolean;
}

interface Page {
  readonly layout: Layout;
  readonly encoding: number;
  /** With those that are missing. */
  readonly values: number;
  /** Missing ones where levels lie elsewhere; `undefined` where they lead the page. */
  readonly missing: number | undefined;
}

function wantedChunks(fileBytes: number, metadata: FileMetaData, wanted: readonly string[], rowEnd: number): Chunk[] {
  const chunks: Chunk[] = [];
  let groupStart = 0;
  let bytes = 0;
  for (const { columns, num_rows } of metadata.row_groups) {
    const rows = Number(num_rows);
    if (!(rows >= 0)) throw new RangeError('a row group of less than no rows');
    if (groupStart < rowEnd) {
      for (const { meta_data: data } of columns) {
        if (!data || !wanted.includes(data.path_in_schema[0]!)) continue;
        const start = Number(data.dictionary_page_offset || data.data_page_offset);
        const end = start + Number(data.total_compressed_size);
        if (!(start >= 0 && end > start && end <= fileBytes)) throw new RangeError('a column outside of the file');
        bytes += end - start;
        const layout = layoutOf(metadata.schema, data);
        const isPacked = data.codec !== 'UNCOMPRESSED';
        chunks.push({ start, end, isPacked, layout, rows: Math.min(rows, rowEnd - groupStart), rowsInGroup: rows });
      }
    }
    groupStart += rows;
  }
  if (bytes > fileBytes) throw new RangeError('columns that overlap');
  if (groupStart !== Number(metadata.num_rows)) throw new RangeError('row groups with another number of rows');
  checkRows(groupStart, fileBytes);
  return chunks;
}

/** By the way that a column's name takes through the schema. */
function layoutOf(schema: readonly SchemaElement[], { type, path_in_schema: path }: ColumnMetaData): Layout {
  let at = 0;
  let element = schema[0];
  let [mostRepetition, mostDefinition] = [element?.repetition_type === 'REPEATED' ? 1 : 0, 0];
  for (const name of path) {
    at = childNamed(schema, at, name);
    element = schema[at]!;
    if (element.repetition_type === 'REPEATED') mostRepetition++;
    if (element.repetition_type !== 'REQUIRED') mostDefinition++;
  }
  const isFlat = path.length === 1 && element?.repetition_type !== 'REPEATED' && !element?.num_children;
  return { type, width: element?.type_length ?? 0, mostRepetition, mostDefinition, isFlat };
}

function childNamed(schema: readonly SchemaElement[], parent: number, name: string): number {
  let at = parent + 1;
  for (let left = schema[parent]!.num_children ?? 0; left > 0; left--) {
    if (schema[at] === undefined) break;
    if (schema[at]!.name === name) return at;
    for (let open = 1; open > 0 && at < schema.length; at++) open += (schema[at]!.num_children ?? 0) - 1;
  }
  throw new RangeError('a column that is not in the schema');
}

/** Goes through the pages as hyparquet will, and returns those whose values are packed, by where they start. */
function checkChunk(bytes: Uint8Array, { isPacked, layout, rows, rowsInGroup }: Chunk): Map<number, Page> {
  const packed = new Map<number, Page>();
  let seen = 0;
  for (let at = 0; at < bytes.length - 1 && (!layout.isFlat || seen < rows); ) {
    const { value: header, end } = readThrift(bytes, at);
    const size = countOf(header, 3);
    if (size > bytes.length - end) throw new RangeError('a page that is cut off');
    at = end + size;
    if (at === end && countOf(header, 2) > 0) throw new RangeError('a page without bytes');
    const body = bytes.subarray(end, at);
    switch (header.get(1)) {
      case PAGE.data: {
        const data = structOf(header, 5);
        const page = { layout, encoding: countOf(data, 2), values: countOf(data, 1), missing: undefined };
        seen += page.values;
        if (isPacked) packed.set(end, page);
        else checkValues(body, page);
        break;
      }
      case PAGE.dataV2: {
        const data = structOf(header, 8);
        const { page, levels } = pageOfVersion2(body, data, layout);
        seen += page.values;
        if (isPacked && data.get(7) !== false) packed.set(end + levels, page);
        else checkValues(body.subarray(levels), page);
        break;
      }
      case PAGE.dictionary: {
        const page = {
          layout: withoutLevels(layout),
          encoding: ENCODING.plain,
          values: countOf(structOf(header, 7), 1),
          missing: 0,
        };
        if (isPacked) packed.set(end, page);
        else checkValues(body, page);
        break;
      }
      default:
        throw new RangeError('a page of an unknown kind');
    }
    // A run of one value takes a few bytes however long it is, but rows were held against the file before.
    if (layout.isFlat && seen > rowsInGroup) throw new RangeError('a column with more values than rows');
  }
  return packed;
}

/** Values without levels, as dictionaries hold them. */
function withoutLevels(layout: Layout): Layout {
  return { ...layout, mostRepetition: 0, mostDefinition: 0 };
}

function structOf(header: ThriftStruct, field: number): ThriftStruct {
  const value = header.get(field);
  if (!(value instanceof Map)) throw new RangeError('a page without a header of its own');
  return value;
}

function pageOfVersion2(body: Uint8Array, data: ThriftStruct, layout: Layout): { page: Page; levels: number } {
  const [values, missing, encoding] = [countOf(data, 1), countOf(data, 2), countOf(data, 4)];
  const [definition, repetition] = [countOf(data, 5), countOf(data, 6)];
  if (definition + repetition > body.length || missing > values) throw new RangeError('levels longer than their page');
  if (layout.mostRepetition > 0) readLevels(body, 0, bitsOf(layout.mostRepetition), values);
  if (layout.mostDefinition > 0) readLevels(body, repetition, bitsOf(layout.mostDefinition), values);
  return { page: { layout, encoding, values, missing }, levels: definition + repetition };
}

/** @throws RangeError where the unpacked part of a page does not hold the values it is said to. */
function checkValues(bytes: Uint8Array, { layout, encoding, values, missing }: Page): void {
  let at = 0;
  let present = values - (missing ?? 0);
  if (missing === undefined) {
    const behind = (most: number) => {
      const start = at + 4;
      if (start > bytes.length) throw new RangeError('levels that are cut off');
      const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
      const present = readLevels(bytes, start, bitsOf(most), values, most);
      at = start + length;
      return present;
    };
    if (layout.mostRepetition > 0) behind(layout.mostRepetition);
    if (layout.mostDefinition > 0) present = behind(layout.mostDefinition);
  }
  if (at > bytes.length) throw new RangeError('levels longer than their page');
  const left = bytes.length - at;
  switch (encoding) {
    case ENCODING.plain:
    case ENCODING.split:
      if (present * smallest(layout) > left) throw new RangeError('a page with fewer values than it says');
      return;
    case ENCODING.rle:
    case ENCODING.plainDictionary:
    case ENCODING.dictionary: {
      if (encoding === ENCODING.rle && (missing !== undefined || layout.type === 'BOOLEAN')) {
        readLevels(bytes, at + 4, 1, present);
        return;
      }
      if (left === 0 && present > 0) throw new RangeError('a page without its values');
      const bits = bytes[at] ?? 0;
      if (bits > 32) throw new RangeError('indices of more than 32 bits');
      if (bits > 0) readLevels(bytes, at + 1, bits, present);
      return;
    }
    case ENCODING.delta:
    case ENCODING.deltaLengths:
      endOfDelta(bytes, at, present);
      return;
    case ENCODING.deltaBytes:
      checkUnpacked(bytes.length, deltaLengths(bytes, at, present));
      return;
    default:
      throw new RangeError('values in an encoding that is not read');
  }
}

/** Bytes that a value takes at least. */
function smallest({ type, width }: Layout): number {
  switch (type) {
    case 'BOOLEAN':
      return 1 / 8;
    case 'INT64':
    case 'DOUBLE':
      return 8;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      if (!(width > 0)) throw new RangeError('values without a length');
      return width;
    default:
      return 4;
  }
}

/**
 * Runs of levels or indices until there are `count` of them; how many equal `counted`. Steps are bounded by the count and the bytes.
 * @throws RangeError where the bytes end before, or a run is longer than what is wanted.
 */
function readLevels(bytes: Uint8Array, start: number, bits: number, count: number, counted?: number): number {
  const width = (bits + 7) >> 3;
  let [at, seen, found] = [start, 0, 0];
  while (seen < count) {
    let [header, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw new RangeError('levels that are cut off');
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
      shift += 7;
    }
    const isPacked = header % 2 === 1;
    const run = isPacked ? ((header - 1) / 2) * 8 : header / 2;
    // A packed run is filled up to whole bytes; writers fill the last one of a page up to a block.
    if (run > count - seen + (isPacked ? 1024 : 0)) throw new RangeError('a run longer than its page');
    const taken = isPacked ? Math.ceil((Math.min(run, count - seen) * bits) / 8) : width;
    if (taken > bytes.length - at) throw new RangeError('a run that is cut off');
    if (counted !== undefined) {
      if (isPacked) found += countPacked(bytes, at, bits, Math.min(run, count - seen), counted);
      else if (bytes[at] === counted) found += run;
    }
    at += isPacked ? (run * bits) / 8 : width;
    seen += run;
  }
  return found;
}

/** Levels are of a few bits: nested columns do not lie 255 deep. */
function countPacked(bytes: Uint8Array, start: number, bits: number, count: number, counted: number): number {
  const mask = 2 ** bits - 1;
  let found = 0;
  for (let i = 0, bit = 0; i < count; i++, bit += bits) {
    const at = start + (bit >> 3);
    const pair = bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
    if (((pair >> (bit & 7)) & mask) === counted) found++;
  }
  return found;
}

function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}
