/** Tables as data, and as CSV files (RFC 4180, UTF-8). */

export type Cell = string | number | boolean | null;

/** Rows of as many cells as there are headers. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * A table as a CSV file. A study's manifest goes into a last line that begins with `#`, percent-encoded so that it is one cell and a comment to
 * whoever skips comments (`pandas.read_csv(…, comment='#')`).
 */
export function tableCsv({ header, rows }: Table, manifest?: object): string {
  const note = manifest === undefined ? '' : `${MANIFEST_NOTE}${encodeURIComponent(JSON.stringify(manifest))}\r\n`;
  return toCsv([header, ...rows]) + note;
}

const MANIFEST_NOTE = '# manifest: ';

/** The manifest of a CSV file made by `tableCsv`; undefined where it has none. */
export function manifestOfCsv(csv: string): unknown {
  const at = csv.lastIndexOf(MANIFEST_NOTE);
  return at < 0 ? undefined : JSON.parse(decodeURIComponent(csv.slice(at + MANIFEST_NOTE.length).trim()));
}

/** RFC 4180: comma, CRLF after every record, quotes where a field needs them. Numbers are their shortest exact decimal. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
