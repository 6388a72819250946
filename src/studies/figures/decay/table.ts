/** Tables of the decay: windows, weeks and half-lives. */

import type { Table } from '../../../export/csv.ts';
import { tableFrom } from '../defineFigure.ts';
import type { DecayFigure } from './result.ts';

export function tablesOfDecay(decay: DecayFigure): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  tables.decay = tableFrom([
    [
      'model renewed',
      'last week',
      'bound',
      'bound low',
      'bound high',
      'observed',
      'observed low',
      'observed high',
      'gap',
      'gap low',
      'gap high',
      'planted',
    ],
    ...decay.courses.flatMap(({ renewal, windows }) =>
      windows.map(({ week, bound, observed, gap, planted }) => [
        renewal,
        week,
        ...[bound, observed, gap].flatMap(({ value, low, high }) => [value, low, high]),
        planted,
      ]),
    ),
  ]);
  const { planted } = decay;
  const told = [
    ...decay.courses.map(({ renewal, weekly, halfLifeWeeks }) => ({ name: `${renewal}`, weekly, halfLifeWeeks })),
    ...(planted ? [{ name: 'planted', weekly: planted.weekly, halfLifeWeeks: planted.correlationHalfLifeWeeks }] : []),
  ];
  tables['decay-weeks'] = tableFrom([
    ['model renewed', 'week', 'correlation'],
    ...told.flatMap(({ name, weekly }) => weekly.map(({ week, correlation }) => [name, week, correlation])),
  ]);
  tables['half-lives'] = tableFrom([
    ['model renewed', 'half-life [weeks]', 'low 95 %', 'high 95 %'],
    ...told.map(({ name, halfLifeWeeks: { value, low, high } }) => [name, value, low, high]),
  ]);
  return tables;
}
