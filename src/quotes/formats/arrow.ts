/** Arrow IPC files (Feather version 2) and streams, columns told by their names, buffers plain or compressed with LZ4 or Zstandard. */

import { CompressionType, setCompressionCodec, type Table, Type, tableFromIPC } from '@uwdata/flechette';
import { fail, UserError } from '../../core/errors.ts';
import { readAll } from '../bytes/byteSource.ts';
import { decodeLz4Frame } from '../bytes/lz4Frame.ts';
import { checkUnpacked } from '../bytes/unpacked.ts';
import { unzstd } from '../bytes/zstd.ts';
import { startsWith } from '../table/signatures.ts';
import type { FileOverrides, TimeUnit } from '../types.ts';
import { checkArrow, checkColumn } from './arrowGuard.ts';
import { type ColumnType, shownCell } from './columnCells.ts';
import { type ColumnSource, checkRows, columnRoles, readColumnTable } from './columnTable.ts';
import type { BinaryFile, RawTable } from './format.ts';

/** What one buffer can hold in every browser. */
const MAX_BYTES = 2e9;
/** What a look at a file shows and decisions about it rest on. */
const FIRST_ROWS = 50;
/** By Arrow's numbering. */
const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

/** @throws UserError `quotes/arrow-damaged`, `quotes/columns`, `quotes/bomb`, `quotes/too-large`. The file is held in memory while it is read. */
export async function readArrow(file: BinaryFile, overrides: FileOverrides): Promise<RawTable> {
  const source = await openArrow(file);
  return readColumnTable(file, overrides, source, columnRoles(source, overrides));
}

/** Names of the columns and the first rows; none where the file is damaged. */
export async function arrowLook(file: BinaryFile): Promise<readonly (readonly string[])[]> {
  try {
    const { names, first } = await openArrow(file);
    return [names, ...first];
  } catch {
    return [];
  }
}

async function openArrow(file: BinaryFile): Promise<ColumnSource> {
  const bytes = await readAll(file.source, MAX_BYTES, 'Arrow files');
  if (startsWith(bytes, 'ARROW1') && !startsWith(bytes.subarray(-6), 'ARROW1')) damaged('its end is missing');
  const table = undamaged(() => decode(bytes));
  const { fields } = table.schema;
  const names = fields.map(({ name }) => name ?? '');
  const rows = table.numRows;
  checkRows(rows, bytes.length);
  const types = fields.map(({ type }): ColumnType => {
    if (type.typeId !== Type.Timestamp || !('unit' in type)) return {};
    const zone = 'timezone' in type && type.timezone ? 'utc' : 'local';
    return { unit: UNITS[type.unit], zone };
  });
  const columnAt = (at: number) => {
    const column = table.getChildAt(at);
    checkColumn(column, rows);
    return column;
  };
  return {
    ...{ kind: 'Arrow file', names, types, rows },
    first: Array.from({ length: Math.min(FIRST_ROWS, rows) }, (_, row) =>
      names.map((_, at) => undamaged(() => shownCell(columnAt(at).at(row), types[at]!))),
    ),
    async read(wanted, sink) {
      for (const at of wanted)
        sink(
          at,
          undamaged(() => columnAt(at).toArray()),
          0,
        );
    },
  };
}

function decode(bytes: Uint8Array): Table {
  const encode = () => {
    throw new TypeError('Arrow files are only read');
  };
  // Columns may share their packed bytes, so all of them together are held against the file.
  let unpacked = 0;
  const counted = (unpack: (packed: Uint8Array) => Uint8Array) => (packed: Uint8Array) => {
    const buffer = unpack(packed);
    unpacked += buffer.length;
    checkUnpacked(bytes.length, unpacked);
    return buffer;
  };
  setCompressionCodec(CompressionType.LZ4_FRAME, { encode, decode: counted(decodeLz4Frame) });
  setCompressionCodec(CompressionType.ZSTD, { encode, decode: counted(unzstd) });
  checkArrow(bytes);
  // Integers of 64 bits and nanoseconds are no exact numbers.
  return tableFromIPC(bytes, { useBigInt: true, useBigIntTimestamp: true });
}

function undamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    return damaged(caught instanceof Error ? caught.message : String(caught));
  }
}

function damaged(why: string): never {
  return fail('quotes/arrow-damaged', `The Arrow file is truncated or damaged (${why}).`, {
    hint: 'Download the file again.',
  });
}
