/** A table of the page as data: what its cells show, numbers as numbers. */

import type { Cell, Table } from '../../export/csv.ts';

/**
 * Rows of headings become one: a column is named by all headings above it. A cell of the body that spans columns is followed by empty ones; one
 * that spans rows stands in each of them.
 */
export function tableOf(element: HTMLTableElement): Table {
  const grid: Cell[][] = [...element.rows].map(() => []);
  const headings = element.tHead?.rows.length ?? 0;
  [...element.rows].forEach((row, r) => {
    let column = 0;
    for (const cell of row.cells) {
      while (grid[r]?.[column] !== undefined) column++;
      const value = cellOf(cell.innerText.replace(/\s+/g, ' ').trim());
      for (let down = 0; down < cell.rowSpan; down++) {
        for (let across = 0; across < cell.colSpan; across++) {
          const line = grid[r + down];
          if (line) line[column + across] = across === 0 || r < headings ? value : null;
        }
      }
      column += cell.colSpan;
    }
  });
  const width = Math.max(...grid.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, i) => i);
  return {
    header: columns.map((i) => [...new Set(grid.slice(0, headings).map((row) => row[i] ?? ''))].join(' ').trim()),
    rows: grid.slice(headings).map((row) => columns.map((i) => row[i] ?? null)),
  };
}

/** "−1,234.5" is a number; "74 %" and "3.4 ± 0.6" stay as they are read. */
export function cellOf(text: string): Cell {
  if (text === '' || text === '–') return null;
  const plain = text.replace('−', '-');
  if (/^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(',', ''));
  return text;
}
