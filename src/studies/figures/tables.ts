/** The tables of a study's figures at the precision of the results, by name. */

import type { Table } from '../../export/csv.ts';
import { figureFor } from './index.ts';
import type { StudyResults } from './results.ts';

export function tablesOf({ figures }: Pick<StudyResults, 'figures'>): Readonly<Record<string, Table>> {
  // Of several of a kind the first is shown, and kept in tables.
  const firsts = figures.filter(({ kind }, i) => figures.findIndex((each) => each.kind === kind) === i);
  return Object.assign({}, ...firsts.map((figure) => figureFor(figure).tables(figure)));
}
