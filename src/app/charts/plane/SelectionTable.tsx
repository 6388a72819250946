/** The points inside the rectangle drawn on the plane: how many of which series, and the best of them, each of which opens. */

import { createMemo, For, Show } from 'solid-js';
import { Marker } from '../../components/Marker.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2 } from '../../format.ts';
import { nameOfPick, type Pickable, type PlaneModel, type PlanePick } from './model.ts';

/** A table of hundreds of rows is no selection. */
const MOST_ROWS = 12;

/** Something else that is known of a point. */
export interface SelectionColumn {
  readonly title: string;
  readonly textOf: (pick: PlanePick) => string;
}

export function SelectionTable(props: {
  model: PlaneModel;
  selected: readonly Pickable[];
  columns: readonly SelectionColumn[];
  /** Absent: points are only listed. */
  onOpen: ((pick: PlanePick) => void) | undefined;
  onClear: () => void;
}) {
  const ordered = createMemo(() => [...props.selected].sort((a, b) => b.point.mean - a.point.mean));
  const counts = createMemo(() => {
    const by = new Map<string, number>();
    for (const { series } of props.selected) by.set(series, (by.get(series) ?? 0) + 1);
    return [...by].map(([series, count]) => (series ? `${count} of ${series}` : String(count))).join(', ');
  });
  const more = () => Math.max(0, props.selected.length - MOST_ROWS);
  const unit = () => `${props.model.unit.symbol} ${props.model.unit.each}`;
  const many = () => `${props.model.noun.many.charAt(0).toUpperCase()}${props.model.noun.many.slice(1)}`;
  const named = (pick: Pickable) => {
    const marker = props.model.series.find(({ name }) => name === pick.series)?.marker;
    return (
      <>
        <Show when={marker}>{(found) => <Marker marker={found()} />}</Show> {nameOfPick(props.model, pick)}
      </>
    );
  };
  return (
    <div class="stack">
      <div class="inline spread">
        <p aria-live="polite">
          {props.selected.length === 0
            ? `None of the ${props.model.noun.many} lies in the rectangle.`
            : `In the rectangle: ${counts()}.`}
        </p>
        <button type="button" onClick={() => props.onClear()}>
          Clear
        </button>
      </div>
      <TableBox
        caption={`${many()} in the rectangle, ${unit()}, the highest means first${more() > 0 ? ` (${more()} more are not listed)` : ''}`}
      >
        <thead>
          <tr>
            <th scope="col">{many()}</th>
            <th scope="col">σ</th>
            <th scope="col">Mean</th>
            <For each={props.columns}>{({ title }) => <th scope="col">{title}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={ordered().slice(0, MOST_ROWS)}>
            {(pick) => (
              <tr>
                <th scope="row">
                  <Show when={props.onOpen} fallback={<span class="with-marker">{named(pick)}</span>}>
                    {(open) => (
                      <button type="button" class="quiet with-marker" onClick={() => open()(pick)}>
                        {named(pick)}
                      </button>
                    )}
                  </Show>
                </th>
                <td>{formatFixed2(pick.point.sigma)}</td>
                <td>{formatFixed2(pick.point.mean)}</td>
                <For each={props.columns}>{({ textOf }) => <td>{textOf(pick)}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
    </div>
  );
}
