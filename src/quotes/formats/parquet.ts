/** Parquet files, columns told by their names; prices may be numbers, lists of levels (the first is the best) or NautilusTrader's integers. */

import { type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet';
import { fail, UserError } from '../../core/errors.ts';
import { type ByteSource, isSeekable, memorySource, readAll, type SeekableSource } from '../bytes/byteSource.ts';
import { checkUnpacked } from '../bytes/unpacked.ts';
import type { FileOverrides } from '../types.ts';
import { type ColumnType, shownCell } from './columnCells.ts';
import { type ColumnSource, columnRoles, readColumnTable } from './columnTable.ts';
import type { BinaryFile, RawTable } from './format.ts';
import { isNautilus, nautilusTable } from './nautilus.ts';
import { checkParquetFooter, guardedParquet } from './parquetGuard.ts';

/** What one buffer can hold in every browser. */
const MAX_PACKED_BYTES = 2e9;
/** What a look at a file shows and decisions about it rest on. */
const FIRST_ROWS = 50;
const MOST_FIRST_BYTES = 64e6;
/** Lists are unpacked by the whole row group, however few rows are wanted. */
const MOST_FIRST_LIST_BYTES = 4e6;

/** @throws UserError `quotes/parquet-damaged`, `quotes/columns`, `quotes/bomb`, `quotes/too-large`, and what `readColumnTable` throws. */
export async function readParquet(file: BinaryFile, overrides: FileOverrides): Promise<RawTable> {
  const opened = await openParquet(file);
  const { packed, metadata, columns, names } = opened;
  const rows = Math.min(Number(metadata.num_rows), file.firstRows ?? Number.POSITIVE_INFINITY);
  const beginning = await firstValues(opened);
  const types = columns.map(typeOf);
  const first = beginning.map((row) => row.map((value, at) => shownCell(value, types[at]!)));
  const table: ColumnSource = {
    ...{ kind: 'Parquet file', names, types, rows, first },
    read: async (wanted, sink) => {
      const wantedNames = wanted.map((at) => names[at]!);
      checkUnpacked(packed.size, unpackedBytes(metadata, wantedNames));
      await readValues(opened, wantedNames, file.firstRows === undefined ? undefined : rows, (name, values, rowStart) =>
        sink(names.indexOf(name), values, rowStart),
      );
    },
  };
  const roles = columnRoles(table, overrides);
  const fixed = columns[roles.bid ?? roles.time]!;
  if (isNautilus(fixed.type, fixed.type_length)) {
    return nautilusTable(file, overrides, table, roles, beginning, fixed.type_length, metadata);
  }
  return readColumnTable(file, overrides, table, roles);
}

/** Names of the columns and the first rows; none where the file is damaged. */
export async function parquetLook(file: BinaryFile): Promise<readonly (readonly string[])[]> {
  try {
    const opened = await openParquet(file);
    const types = opened.columns.map(typeOf);
    const rows = await firstValues(opened).catch(() => []);
    return [opened.names, ...rows.map((row) => row.map((value, at) => shownCell(value, types[at]!)))];
  } catch {
    return [];
  }
}

type OpenedParquet = Awaited<ReturnType<typeof openParquet>>;

/** The first rows; columns that would take much to read for it stay empty. */
async function firstValues(opened: OpenedParquet): Promise<unknown[][]> {
  const { metadata, names } = opened;
  const count = Math.min(FIRST_ROWS, Number(metadata.num_rows));
  const rows: unknown[][] = Array.from({ length: count }, () => names.map(() => undefined));
  const [group] = metadata.row_groups;
  const small = names.filter(
    (name) => group && unpackedBytes({ row_groups: [group] }, [name]) <= mostFirst(group, name),
  );
  if (count === 0 || small.length === 0) return rows;
  await readValues(opened, small, count, (name, values, rowStart) => {
    const at = names.indexOf(name);
    for (let i = 0; i < values.length && rowStart + i < count; i++) rows[rowStart + i]![at] = values[i];
  });
  return rows;
}

function mostFirst({ columns }: FileMetaData['row_groups'][number], name: string): number {
  const nested = columns.some(
    ({ meta_data: data }) => data?.path_in_schema[0] === name && data.path_in_schema.length > 1,
  );
  return nested ? MOST_FIRST_LIST_BYTES : MOST_FIRST_BYTES;
}

async function readValues(
  { source, metadata }: OpenedParquet,
  columns: string[],
  firstRows: number | undefined,
  sink: (name: string, values: ArrayLike<unknown>, rowStart: number) => void,
): Promise<void> {
  const { compressors } = await import('hyparquet-compressors');
  const rows = firstRows ?? Number(metadata.num_rows);
  const guarded = await undamaged(async () => guardedParquet(source, metadata, columns, rows, compressors));
  await undamaged(() =>
    parquetRead({
      file: guarded.file,
      metadata,
      columns,
      ...(firstRows !== undefined && { rowStart: 0, rowEnd: firstRows }),
      compressors: guarded.compressors,
      parsers: RAW_TIMES,
      utf8: false,
      onChunk: ({ columnName, columnData, rowStart }) => sink(columnName, columnData, rowStart),
    }),
  );
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
  const columns = metadata.schema.length > 0 ? topColumns(metadata.schema) : [];
  return { packed, source, metadata, columns, names: columns.map(({ name }) => name) };
}

/** Stamps stay integers in their unit; what that is, the schema says. */
const RAW_TIMES = {
  timestampFromMilliseconds: (stamp: bigint) => stamp,
  timestampFromMicroseconds: (stamp: bigint) => stamp,
  timestampFromNanoseconds: (stamp: bigint) => stamp,
  dateFromDays: (days: number) => BigInt(days) * 86_400_000n,
};

/** Old files do not say whether their stamps are instants. */
function typeOf({ logical_type: logical, converted_type: converted, type }: SchemaElement): ColumnType {
  if (logical?.type === 'TIMESTAMP') {
    const unit = logical.unit === 'MILLIS' ? 'ms' : logical.unit === 'MICROS' ? 'us' : 'ns';
    return { unit, zone: logical.isAdjustedToUTC ? 'utc' : 'local' };
  }
  if (converted === 'DATE') return { unit: 'ms', zone: 'utc', date: true };
  if (converted === 'TIMESTAMP_MILLIS') return { unit: 'ms' };
  if (converted === 'TIMESTAMP_MICROS') return { unit: 'us' };
  return type === 'INT96' ? { unit: 'ns', zone: 'utc' } : {};
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
function unpackedBytes({ row_groups }: Pick<FileMetaData, 'row_groups'>, wanted: readonly string[]): number {
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
