/**
 * JSON of any shape as a table: a list of objects or rows, one value a line, messages of exchanges as recorders write them (Kraken, Coinbase,
 * Bybit, OKX, Bitget, Deribit, Hyperliquid, Binance and others, over REST and WebSocket), a stamp in front of a line where there is one.
 */

import { fail } from '../../core/errors.ts';
import { readAll } from '../bytes/byteSource.ts';
import type { TextSample } from '../bytes/text.ts';
import type { ColumnRoles } from '../types.ts';
import { shownCell } from './columnCells.ts';
import { type ColumnSource, readColumnTable } from './columnTable.ts';
import type { QuoteFormat } from './format.ts';
import { damagedJson, parseJson } from './json.ts';
import { type JsonRecord, RecordReader } from './jsonRecords.ts';
import { lookAtTable } from './tableLook.ts';
import { tableKind, tableRoles } from './tableRoles.ts';

const MAX_BYTES = 256e6;
const FIRST_RECORDS = 50;
const PREFIX = /^\s*"?(\d{9,19}(?:\.\d+)?|\d{4}-\d{2}-\d{2}[T ][0-9:.]+Z?)"?[\s,;|]+(?=[[{])/;
/** What the stamp in front of a line is called. */
const RECEIVED = 'recv_ts';

export const jsonTable: QuoteFormat = {
  title: 'JSON: objects, rows or messages of exchanges',

  detect(sample) {
    const { rows, changes } = firstRecords(sample);
    if (!rows) return changes > 0 ? 0.55 : 0;
    return tableKind(rolesOf(rows)) ? 0.85 : 0.55;
  },

  async read(sample, overrides) {
    const reader = new RecordReader();
    const table = new RecordTable();
    for (const value of await valuesOf(sample)) for (const record of reader.read(value)) table.add(record);
    const passed = table.rows > 0 ? reader.others.length : 0;
    if (table.rows === 0) for (const record of reader.others) table.add(record);
    if (table.rows === 0) {
      if (reader.changesWithoutBook > 0) {
        fail('quotes/book-changes', 'The log holds changes of an order book whose beginning it does not have.', {
          hint: 'Record the snapshot as well, or the best bid and ask.',
        });
      }
      return damagedJson('it holds no rows, objects or messages with quotes');
    }
    const source = table.source();
    const rows = [source.names, ...source.first];
    const roles = overrides.mapping?.columns ?? rolesOf(rows);
    const { time } = roles;
    if (time === undefined || !tableKind(roles)) {
      fail(
        'quotes/columns',
        `The fields of the JSON are ${source.names.join(', ').slice(0, 300)}: time, bid and ask are not all among them.`,
        {
          hint: 'Say which of them are time, bid and ask, or drop a file that has all three.',
        },
      );
    }
    const read = await readColumnTable(sample, overrides, source, { ...roles, time });
    const skipped = reader.changesWithoutBook;
    const notes = [
      ...(skipped > 0 ? [`${skipped} changes of an order book before its first snapshot are passed over.`] : []),
      ...(passed > 0 ? [`${passed} messages that hold no quote are passed over.`] : []),
    ];
    return { ...read, notes: [...read.notes, ...notes] };
  },
};

/** The first records as rows below their names; `undefined` where the text is no JSON, or holds none at its beginning. */
export function jsonRows(sample: TextSample): readonly (readonly string[])[] | undefined {
  return firstRecords(sample).rows;
}

function firstRecords(sample: TextSample) {
  const [line = ''] = sample.lines;
  if (!/^\s*[[{]/.test(line.replace(PREFIX, ''))) return { rows: undefined, changes: 0 };
  const reader = new RecordReader();
  const table = new RecordTable();
  for (const value of firstValues(sample)) for (const record of reader.read(value)) table.add(record);
  if (table.rows === 0) for (const record of reader.others) table.add(record);
  const { names, first } = table.source();
  return { rows: table.rows > 0 ? [names, ...first] : undefined, changes: reader.changesWithoutBook };
}

/** Rows without names are told by what stands in them. */
function rolesOf(rows: readonly (readonly string[])[]): Partial<ColumnRoles> {
  const [names = [], ...body] = rows;
  if (names.every((name) => /^column \d+$/.test(name))) return lookAtTable(body, false).guess;
  return tableRoles(names, body);
}

/** Records as columns, in the order in which their names appear. */
class RecordTable {
  rows = 0;
  private readonly columns = new Map<string, unknown[]>();

  add(record: JsonRecord): void {
    for (const [name, value] of Object.entries(record)) {
      if (typeof value === 'object' && value !== null) continue;
      let column = this.columns.get(name);
      if (!column) {
        column = [];
        this.columns.set(name, column);
      }
      column[this.rows] = value;
    }
    this.rows++;
  }

  source(): ColumnSource {
    const names = [...this.columns.keys()];
    const columns = [...this.columns.values()];
    const { rows } = this;
    for (const column of columns) column.length = rows;
    return {
      ...{ kind: 'JSON file', names, rows, types: [] },
      first: Array.from({ length: Math.min(FIRST_RECORDS, rows) }, (_, row) =>
        columns.map((column) => shownCell(column[row], {})),
      ),
      async read(wanted, sink) {
        for (const at of wanted) sink(at, columns[at]!, 0);
      },
    };
  }
}

/** All values of the text: one, the items of a list, or one a line. Rejects with UserError `quotes/json-damaged`, `quotes/too-large`. */
async function valuesOf(sample: TextSample): Promise<readonly unknown[]> {
  if (!hasValuePerLine(sample)) {
    const value = await parseJson(sample);
    return [value];
  }
  const bytes = await readAll(sample.source, MAX_BYTES, 'JSON files');
  const values: unknown[] = [];
  let broken = 0;
  for (const line of new TextDecoder().decode(bytes.subarray(sample.start)).split('\n')) {
    const value = valueOfLine(line);
    if (value !== undefined) values.push(value);
    else if (line.trim() !== '') broken++;
  }
  if (broken > values.length) damagedJson('most of its lines are cut off or not written correctly');
  return values;
}

function hasValuePerLine({ lines }: TextSample): boolean {
  const shown = lines.slice(0, 5);
  // The last line of a sample may be cut.
  return (
    shown.slice(0, Math.max(1, shown.length - 1)).every((line) => valueOfLine(line) !== undefined) &&
    (shown.length > 1 || PREFIX.test(shown[0]!))
  );
}

function valueOfLine(line: string): unknown {
  const prefix = PREFIX.exec(line);
  try {
    const value: unknown = JSON.parse(
      line
        .slice(prefix?.[0].length ?? 0)
        .trim()
        .replace(/,$/, ''),
    );
    if (typeof value !== 'object' || value === null) return undefined;
    return prefix ? { [RECEIVED]: prefix[1], message: value } : value;
  } catch {
    return undefined;
  }
}

/** As many values as the beginning of the text holds whole. */
function firstValues(sample: TextSample): readonly unknown[] {
  if (hasValuePerLine(sample)) return sample.lines.flatMap((line) => valueOfLine(line) ?? []).slice(0, FIRST_RECORDS);
  const text = new TextDecoder().decode(sample.bytes.subarray(sample.start));
  try {
    return [JSON.parse(text)];
  } catch {
    return firstItems(text);
  }
}

/** The items of a list that is cut off. */
function firstItems(text: string): unknown[] {
  const items: unknown[] = [];
  let depth = 0;
  let start = -1;
  let inText = false;
  for (let at = 0; at < text.length && items.length < FIRST_RECORDS; at++) {
    const letter = text[at]!;
    if (inText) {
      if (letter === '\\') at++;
      else if (letter === '"') inText = false;
    } else if (letter === '"') inText = true;
    else if (letter === '[' || letter === '{') {
      if (depth === 1) start = at;
      depth++;
    } else if (letter === ']' || letter === '}') {
      depth--;
      if (depth !== 1 || start < 0) continue;
      try {
        items.push(JSON.parse(text.slice(start, at + 1)));
      } catch {
        return items;
      }
    }
  }
  return items;
}
