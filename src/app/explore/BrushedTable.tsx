/** The strategies inside the rectangle drawn on the plane: each opens its tear sheet. */

import { createMemo, For } from 'solid-js';
import type { CloudPoint } from '../../studies/figures/results.ts';
import type { MarkerStyle } from '../charts/marker.ts';
import { Marker } from '../components/Marker.tsx';
import { TableBox } from '../components/TableBox.tsx';
import { formatFixed2, formatShort } from '../format.ts';
import type { Picked } from './FamilyPlane.tsx';

/** A table of hundreds of rows is no selection. */
const MOST_ROWS = 12;

export interface Brushed extends Picked {
  readonly marker: MarkerStyle;
  readonly point: CloudPoint;
  readonly sigma: number;
  readonly mean: number;
}

export function BrushedTable(props: {
  brushed: readonly Brushed[];
  /** bps a day, % a year */
  unit: string;
  onPick: (picked: Picked) => void;
  onClear: () => void;
}) {
  const ordered = createMemo(() => [...props.brushed].sort((a, b) => b.mean - a.mean));
  const counts = createMemo(() => {
    const by = new Map<string, number>();
    for (const { model } of props.brushed) by.set(model, (by.get(model) ?? 0) + 1);
    return [...by].map(([model, count]) => `${count} of ${model}`).join(', ');
  });
  const more = () => Math.max(0, props.brushed.length - MOST_ROWS);
  return (
    <div class="stack">
      <div class="inline spread">
        <p aria-live="polite">
          {props.brushed.length === 0 ? 'No strategy lies in the rectangle.' : `In the rectangle: ${counts()}.`}
        </p>
        <button type="button" onClick={() => props.onClear()}>
          Clear
        </button>
      </div>
      <TableBox
        caption={`Strategies in the rectangle, ${props.unit}, the highest means first${more() > 0 ? ` (${more()} more are not listed)` : ''}`}
      >
        <thead>
          <tr>
            <th scope="col">Strategy</th>
            <th scope="col">Priced σ</th>
            <th scope="col">Mean</th>
            <th scope="col">Sharpe, annual</th>
            <th scope="col">Trades</th>
          </tr>
        </thead>
        <tbody>
          <For each={ordered().slice(0, MOST_ROWS)}>
            {({ model, index, marker, point, sigma, mean }) => (
              <tr>
                <th scope="row">
                  <button type="button" class="quiet with-marker" onClick={() => props.onPick({ model, index })}>
                    <Marker marker={marker} /> {model}, configuration {index}
                  </button>
                </th>
                <td>{formatFixed2(sigma)}</td>
                <td>{formatFixed2(mean)}</td>
                <td>{formatFixed2(point.sharpe ?? Number.NaN)}</td>
                <td>{formatShort(point.tradesPerPeriod)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
    </div>
  );
}
