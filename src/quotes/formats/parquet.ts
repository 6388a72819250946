/** Parquet files, columns told by their names; prices may be numbers, lists of levels (the first is the best) or NautilusTrader's integers. */

import { type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet';
import { fail, UserError } from '../../core/errors.ts';
import { type ByteSource, isSeekable, memorySource, readAll, type SeekableSource } from '../bytes/byteSource.ts';
import { checkUnpacked } from '../bytes/unpacked.ts';
import type { FileOverrides } from '../types.ts';
import { isComplete, rolesFromHeader } from './columnNames.ts';
import { type ColumnSource, readColumnTable } from './columnTable.ts';
import type { BinaryFile, RawTable } from './format.ts';
import { isNautilus, nautilusTable } from './nautilus.ts';
import { checkParquetFooter, guardedParquet } from './parquetGuard.ts';

/** What one buffer can hold in every browser. */
const MAX_PACKED_BYTES = 2e9;

/** @throws UserError `quotes/parquet-damaged`, `quotes/columns`, `quotes/bomb`, `quotes/too-large`. */
export async function readParquet(file: BinaryFile, overrides: FileOverrides): Promise<RawTable> {
  const { packed, source, metadata, columns } = await openParquet(file);
  const names = columns.map(({ name }) => name);
  const roles = overrides.mapping?.columns ?? rolesFromHeader(names);
  if (!isComplete(roles)) {
    fail(
      'quotes/columns',
      `The columns of the Parquet file are ${names.join(', ')}: time, bid and ask are not all among them.`,
      {
        hint: 'Say which columns are time, bid and ask, or drop a file that has all three.',
      },
    );
  }
  const wanted = [...new Set(Object.values(roles))].map((at) => names[at]!);
  const rows = Math.min(Number(metadata.num_rows), file.firstRows ?? Number.POSITIVE_INFINITY);
  checkUnpacked(packed.size, unpackedBytes(metadata, wanted));
  const { compressors } = await import('hyparquet-compressors');
  const guarded = await undamaged(async () => guardedParquet(source, metadata, wanted, rows, compressors));
  const read = async (sink: (name: string, values: ArrayLike<unknown>, rowStart: number) => void) =>
    undamaged(() =>
      parquetRead({
        file: guarded.file,
        metadata,
        columns: wanted,
        ...(file.firstRows !== undefined && { rowStart: 0, rowEnd: rows }),
        compressors: guarded.compressors,
        parsers: RAW_TIMES,
        utf8: false,
        onChunk: ({ columnName, columnData, rowStart }) => sink(columnName, columnData, rowStart),
      }),
    );
  const table: ColumnSource = { names, roles, rows, units: columns.map(timeUnitOf), read };
  const fixed = columns[roles.bid]!;
  if (isNautilus(fixed.type, fixed.type_length))
    return nautilusTable(file, overrides, table, fixed.type_length, metadata);
  return readColumnTable(file, overrides, table);
}

/** Names of the columns; none where the file is damaged. */
export async function parquetColumns(file: BinaryFile): Promise<readonly string[]> {
  try {
    return (await openParquet(file)).columns.map(({ name }) => name);
  } catch {
    return [];
  }
}

async function openParquet(file: BinaryFile) {
  const packed = await seekableFrom(file.source);
  const source = {
    byteLength: packed.size,
    slice: async (start: number, end = packed.size) => bufferOf(await packed.slice(start, end)),
  };
  const metadata = await undamaged(async () => {
    await checkParquetFooter(source);
    return parquetMetadataAsync(source);
  });
  return { packed, source, metadata, columns: metadata.schema.length > 0 ? topColumns(metadata.schema) : [] };
}

/** Stamps stay integers in their unit; what that is, the schema says. */
const RAW_TIMES = {
  timestampFromMilliseconds: (stamp: bigint) => stamp,
  timestampFromMicroseconds: (stamp: bigint) => stamp,
  timestampFromNanoseconds: (stamp: bigint) => stamp,
  dateFromDays: (days: number) => BigInt(days) * 86_400_000n,
};

function timeUnitOf({ logical_type: logical, converted_type: converted, type }: SchemaElement) {
  if (logical?.type === 'TIMESTAMP') {
    return logical.unit === 'MILLIS' ? 'ms' : logical.unit === 'MICROS' ? 'us' : 'ns';
  }
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'DATE') return 'ms';
  if (converted === 'TIMESTAMP_MICROS') return 'us';
  return type === 'INT96' ? 'ns' : undefined;
}

/** The columns below the root, lists and groups included, in order. */
function topColumns(schema: readonly SchemaElement[]): SchemaElement[] {
  const top: SchemaElement[] = [];
  for (let at = 1; at < schema.length; ) {
    top.push(schema[at]!);
    // A group is followed by its children, and these by theirs.
    for (let open = 1; open > 0 && at < schema.length; at++) open += (schema[at]!.num_children ?? 0) - 1;
  }
  return top;
}

/** What the columns to be read unpack to, by the file's own word. */
function unpackedBytes({ row_groups }: FileMetaData, wanted: readonly string[]): number {
  let bytes = 0;
  for (const { columns } of row_groups) {
    for (const { meta_data: data } of columns) {
      if (data && wanted.includes(data.path_in_schema[0]!)) bytes += Number(data.total_uncompressed_size);
    }
  }
  return bytes;
}

/** Parquet is read from its end: one that is unpacked on the way has to be unpacked whole. */
async function seekableFrom(source: ByteSource): Promise<SeekableSource> {
  return isSeekable(source) ? source : memorySource(await readAll(source, MAX_PACKED_BYTES, 'Packed Parquet files'));
}

/** hyparquet wants buffers of their own. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

async function undamaged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    const why = caught instanceof Error ? caught.message : String(caught);
    return fail('quotes/parquet-damaged', `The Parquet file is truncated or damaged (${why}).`, {
      hint: 'Download the file again.',
    });
  }
}
