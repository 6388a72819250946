/** Tables as data, and as CSV files (RFC 4180, UTF-8). */

export type Cell = string | number | boolean | null;

/** Rows of as many cells as there are headers. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A table as a CSV file: nothing but its header and its rows, so that every reader takes it as it is. What made it is in `csvMetadata`. */
export function tableCsv({ header, rows }: Table): string {
  return toCsv([header, ...rows]);
}

/** Where readers of "CSV on the Web" (W3C) look for what is said of the CSV files of a folder. */
export const CSV_METADATA_FILE = 'csv-metadata.json';

/**
 * What is said of CSV files beside them: their columns, and the manifest they were computed from, under `notes`.
 *
 * @param tables by the name of their file
 */
export function csvMetadata(tables: Readonly<Record<string, Table>>, manifest: object): string {
  const described = Object.entries(tables).map(([url, { header }]) => ({
    url,
    tableSchema: { columns: header.map((titles) => ({ titles })) },
  }));
  return JSON.stringify({ '@context': 'http://www.w3.org/ns/csvw', tables: described, notes: [{ manifest }] }, null, 2);
}

/**
 * RFC 4180: comma, CRLF after every record, quotes where a field needs them. Numbers are their shortest exact decimal. Text that a spreadsheet would take
 * for a formula gets an apostrophe before it: names of files and symbols come from elsewhere.
 */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  const text = typeof cell === 'string' && formula.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets leave out white space before they look. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
