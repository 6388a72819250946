/** A table of the page as data: what its cells show, numbers as numbers. */

import type { Cell, Table } from '../../studies/csv.ts';

/** The last row of headings names the columns; a cell over several columns is followed by empty ones. */
export function tableOf(element: HTMLTableElement): Table {
  const rows = [...element.rows].map((row) => [...row.cells].flatMap(cellsOf));
  const headings = element.tHead?.rows.length ?? 0;
  const width = Math.max(...rows.map((row) => row.length));
  const padded = rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => null)]);
  const header = (padded[headings - 1] ?? []).map((cell) => String(cell ?? ''));
  return { header, rows: padded.slice(headings) };
}

function cellsOf(cell: HTMLTableCellElement): Cell[] {
  // What is only for the eyes or a label of a control is not part of the table.
  const text = cell.innerText.replace(/\s+/g, ' ').trim();
  return [cellOf(text), ...Array.from({ length: cell.colSpan - 1 }, () => null)];
}

/** "−1,234.5" is a number; "74 %" and "3.4 ± 0.6" stay as they are read. */
export function cellOf(text: string): Cell {
  if (text === '' || text === '–') return null;
  const plain = text.replace('−', '-');
  if (/^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(',', ''));
  return text;
}
