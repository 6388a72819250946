/** What the columns of a table are: by their names, and where names leave it open by what stands below them. */

import { isNumber, type TextSample } from '../bytes/text.ts';
import type { ColumnKind, ColumnRoles } from '../types.ts';
import { columnKind } from './columnKinds.ts';
import { columnNamed, plainName, rolesFromHeader, timeColumns } from './columnNames.ts';

type Roles = { -readonly [role in keyof ColumnRoles]?: number };

/** A table whose rows tell of both sides, of one side each, or of orders that come and go. */
export type TableKind = 'quotes' | 'sides' | 'orders';

/** What an index that pandas writes without a name is called. */
const INDEX_NAMES = ['', 'unnamed0', 'index', 'indexlevel0'];
const TIMES: readonly ColumnKind[] = ['epoch', 'dateTime', 'date', 'timeOfDay'];
export const BID_WORDS = /^(bid|b|buy|1?bids?)$/i;
export const ASK_WORDS = /^(ask|a|o|offer|sell|s|asks?)$/i;
const ACTION_WORDS =
  /^(a|add|added|new|insert|open|created?|place|placed|c|cancel|canceled|cancelled|d|del|delete|deleted|remove|removed|done|m|mod|modify|modified|change|changed|update|r|replace|clear|reset|f|fill|e|execute|executed|t|trade|match|n|none|snapshot)$/i;
const ADDS = /^(a|add|added|new|insert|open|created?|place|placed)$/i;

/** The roles of named columns over the first rows below them. */
export function tableRoles(header: readonly string[], body: readonly (readonly string[])[]): Partial<ColumnRoles> {
  const known = found.get(header);
  if (known) return known;
  const roles = findRoles(header, body);
  found.set(header, roles);
  return roles;
}

/** By the header of a sample: several formats ask for the roles of the same table. */
const found = new WeakMap<readonly string[], Partial<ColumnRoles>>();

function findRoles(header: readonly string[], body: readonly (readonly string[])[]): Partial<ColumnRoles> {
  const roles: Roles = rolesFromHeader(header);
  const cellsOf = (at: number) => body.map((row) => row[at] ?? '').filter((cell) => cell !== '');
  const kindOf = (at: number) => columnKind(cellsOf(at));
  const time = bestTime(header, cellsOf, kindOf);
  if (time !== undefined) roles.time = time;
  if (roles.time === undefined) delete roles.time;
  if (roles.date === roles.time) delete roles.date;
  if (roles.time !== undefined) {
    const subsecond = columnNamed(header, 'subsecond');
    const small = subsecond !== undefined && cellsOf(subsecond).every((cell) => /^\d{1,9}(\.0*)?$/.test(cell));
    if (small && subsecond !== roles.time) roles.subsecond = subsecond;
    const offset = columnNamed(header, 'offset');
    if (offset !== undefined && plainName(header[roles.time]!) === 'timel') roles.offset = offset;
  }
  const sequence = columnNamed(header, 'sequence');
  if (sequence !== undefined && cellsOf(sequence).every((cell) => /^\d{1,16}$/.test(cell))) roles.sequence = sequence;
  if (roles.bid === undefined && roles.ask === undefined) addSides(roles, header, cellsOf);
  return roles;
}

/** Of a text with a header; none of JSON, which has commas of its own. */
export function textRoles({ cells, lines }: TextSample): Partial<ColumnRoles> {
  return /^\s*[[{]/.test(lines[0]!) ? {} : tableRoles(cells[0]!, cells.slice(1));
}

export function tableKind(roles: Partial<ColumnRoles>): TableKind | undefined {
  if (roles.time === undefined) return undefined;
  if (roles.bid !== undefined && roles.ask !== undefined) return 'quotes';
  if (roles.side === undefined || roles.price === undefined) return undefined;
  return roles.action === undefined ? 'sides' : 'orders';
}

/** Of several columns with names of times the first that holds some; else an index without a name. */
function bestTime(
  header: readonly string[],
  cellsOf: (at: number) => readonly string[],
  kindOf: (at: number) => ColumnKind,
): number | undefined {
  const named = timeColumns(header);
  const filled = named.filter((at) => cellsOf(at).some((cell) => cell !== '0'));
  if (filled.length > 0) return filled[0];
  const index = header.findIndex((name, at) => INDEX_NAMES.includes(plainName(name)) && TIMES.includes(kindOf(at)));
  return index >= 0 ? index : named[0];
}

/** A price and a column that tells its side; with one that tells what happened to an order, a log of orders. */
function addSides(roles: Roles, header: readonly string[], cellsOf: (at: number) => readonly string[]): void {
  const price = columnNamed(header, 'price');
  if (price === undefined) return;
  const names = header.map(plainName);
  const wordy = names.flatMap((_, at) => {
    const cells = cellsOf(at);
    return cells.length > 0 && !cells.every(isNumber) ? [at] : [];
  });
  const sides = wordy.filter((at) => {
    const cells = cellsOf(at);
    return cells.some((cell) => BID_WORDS.test(cell)) && cells.some((cell) => ASK_WORDS.test(cell));
  });
  const named = columnNamed(header, 'side');
  const side =
    sides.find((at) => at === named) ?? sides[0] ?? (named !== undefined && wordy.includes(named) ? named : undefined);
  if (side === undefined) return;
  roles.price = price;
  roles.side = side;
  const size = columnNamed(header, 'size');
  if (size !== undefined && size !== price) roles.size = size;
  const action = wordy.find((at) => {
    const cells = cellsOf(at);
    return at !== side && cells.every((cell) => ACTION_WORDS.test(cell)) && cells.some((cell) => ADDS.test(cell));
  });
  if (action === undefined) return;
  roles.action = action;
  const order = columnNamed(header, 'order');
  if (order !== undefined) roles.order = order;
}
