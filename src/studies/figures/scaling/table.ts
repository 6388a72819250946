/** The table of the scaling. */

import type { Table } from '../../../export/csv.ts';
import { tableFrom } from '../defineFigure.ts';
import type { ScalingFigure } from './result.ts';

export function tablesOfScaling(scaling: ScalingFigure): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  tables.scaling = tableFrom([
    [
      'model',
      'step [ms]',
      'parameters',
      'precision',
      'sigma [bps]',
      'mean [bps]',
      ...scaling.delaysTicks.map((delay) => `Sharpe ratio at a delay of ${delay}`),
    ],
    ...scaling.sizes.map((size) => [
      size.model,
      size.stepMs,
      size.parameters,
      size.precision,
      size.centroid?.sigmaBps ?? null,
      size.centroid?.meanBps ?? null,
      ...size.sharpeByDelay,
    ]),
  ]);
  return tables;
}
