/**
 * A look at a table whose columns a person may have to name: its first rows, what layout it is of, and a guess at what its columns are,
 * by their names first and by what stands in them second.
 */

import type { ColumnKind, ColumnRoles, TableLook } from '../types.ts';
import { columnKind } from './columnKinds.ts';
import { plainName, rolesFromHeader, splitColumns } from './columnNames.ts';
import { tableRoles } from './tableRoles.ts';

type Table = readonly (readonly string[])[];

const SHOWN_ROWS = 8;
/** Bid and ask of one quote are this close, as a fraction of the bid. */
const CLOSE = 0.05;

/** Looks at rows of cells; `header`: whether the first one names the columns (default: told by what stands in it). */
export function lookAtTable(cells: Table, header = hasHeader(cells)): TableLook {
  const body = header ? cells.slice(1) : cells;
  const width = Math.max(0, ...cells.map((row) => row.length));
  const kinds = Array.from({ length: width }, (_, at) => columnKind(body.map((row) => row[at] ?? '')));
  const names = header ? (cells[0] ?? []) : [];
  const guess = guessColumns(names, kinds, body);
  const used = Object.values(guess);
  const split = splitColumns(names, guess.symbol).flatMap(({ column }) => (used.includes(column) ? [] : [column]));
  return {
    shape: shapeOf(names, kinds),
    rows: cells.slice(0, SHOWN_ROWS),
    header,
    kinds,
    guess,
    ...(split.length > 0 && { split }),
  };
}

/** A header is a first row of words above columns that hold something else, or one whose names are known. */
function hasHeader(cells: Table): boolean {
  const [first = [], ...body] = cells;
  if (Object.keys(rolesFromHeader(first)).length > 0) return true;
  const kinds = first.map((cell) => columnKind([cell]));
  const wordy = kinds.every((kind) => kind === 'word' || kind === 'blank');
  return wordy && first.some((_, at) => !['word', 'blank'].includes(columnKind(body.map((row) => row[at] ?? ''))));
}

/** Names where there are some; otherwise what kind each column is of. */
function shapeOf(names: readonly string[], kinds: readonly ColumnKind[]): string {
  return names.length > 0 ? `named:${names.map(plainName).join(',')}` : `unnamed:${kinds.join(',')}`;
}

function guessColumns(names: readonly string[], kinds: readonly ColumnKind[], body: Table): Partial<ColumnRoles> {
  const known = tableRoles(names, body);
  const roles: { -readonly [role in keyof ColumnRoles]?: number } = { ...known };
  const taken = () => new Set(Object.values(roles));
  const free = (...wanted: readonly ColumnKind[]): number | undefined => {
    const used = taken();
    const at = kinds.findIndex((kind, column) => wanted.includes(kind) && !used.has(column));
    return at < 0 ? undefined : at;
  };
  const bySide = (side: RegExp, size: boolean): number | undefined => {
    const used = taken();
    const at = names.findIndex((name, column) => {
      const plain = plainName(name);
      return side.test(plain) && SIZE.test(plain) === size && kinds[column] === 'number' && !used.has(column);
    });
    return at < 0 ? undefined : at;
  };
  const set = (role: keyof ColumnRoles, at: number | undefined): void => {
    if (at !== undefined) roles[role] ??= at;
  };

  set('time', free('epoch', 'dateTime') ?? free('timeOfDay') ?? free('date'));
  if (roles.time !== undefined && kinds[roles.time] === 'timeOfDay') set('date', free('date'));
  set('bid', bySide(BID, false));
  set('ask', bySide(ASK, false));
  set('bidSize', bySide(BID, true));
  set('askSize', bySide(ASK, true));
  if (roles.bid === undefined && roles.ask === undefined) {
    const pair = closestPair(kinds, body, taken());
    if (pair) [roles.bid, roles.ask] = pair;
  }
  return roles;
}

const BID = /bid|buy/;
const ASK = /ask|offer|sell/;
const SIZE = /size|qty|quantity|vol|amount|sz|lots|num|count|orders/;

/** Columns of numbers of which every two are compared: in a wider table, such as a book written as one record, names have to tell. */
const MOST_COMPARED = 40;

/** The two columns of positive numbers that stay closest, the lower one first: nothing else in a table of quotes is so alike. */
function closestPair(
  kinds: readonly ColumnKind[],
  body: Table,
  taken: ReadonlySet<number>,
): [number, number] | undefined {
  const columns = [...kinds.keys()].filter((at) => kinds[at] === 'number' && !taken.has(at)).slice(0, MOST_COMPARED);
  let best: [number, number] | undefined;
  let bestGap = CLOSE;
  for (const low of columns) {
    for (const high of columns) {
      if (low === high) continue;
      const gap = medianGap(body, low, high);
      if (gap > 0 && gap < bestGap) {
        best = [low, high];
        bestGap = gap;
      }
    }
  }
  return best;
}

/** Median of (high − low)/low over the rows that have both as positive numbers; NaN without any. */
function medianGap(body: Table, low: number, high: number): number {
  const gaps = body
    .map((row) => [Number(row[low] || Number.NaN), Number(row[high] || Number.NaN)] as const)
    .filter(([a, b]) => a > 0 && b > 0)
    .map(([a, b]) => (b - a) / a)
    .sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? Number.NaN;
}
