/** A table as a Parquet file: columns typed by what is in them, and the manifest among the file's key-value metadata. */

import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, Table } from './csv.ts';

/** Snappy-compressed; the manifest is JSON under the key `manifest`. NaN and absent values are null. */
export function tableParquet({ header, rows }: Table, manifest?: object): ArrayBuffer {
  const columnData = header.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? null).map((cell) => (Number.isNaN(cell) ? null : cell));
    return { name, ...columnOf(cells) };
  });
  const kvMetadata = manifest === undefined ? [] : [{ key: 'manifest', value: JSON.stringify(manifest) }];
  return parquetWriteBuffer({ columnData, kvMetadata });
}

/** All numbers are doubles, so that the files of two runs have the same columns; a column of mixed kinds is text, an empty one has numbers. */
function columnOf(cells: readonly Cell[]) {
  const there = cells.filter((cell) => cell !== null);
  const kinds = new Set(there.map((cell) => typeof cell));
  const nullable = there.length < cells.length;
  if (kinds.size === 1 && kinds.has('boolean')) return { type: 'BOOLEAN' as const, data: [...cells], nullable };
  if (kinds.size === 0 || (kinds.size === 1 && kinds.has('number'))) {
    return { type: 'DOUBLE' as const, data: [...cells], nullable };
  }
  return { type: 'STRING' as const, data: cells.map((cell) => (cell === null ? null : String(cell))), nullable };
}
