/** Table 2 of the study beside the paper's: one row a model, the naive forecasts below. */

import { For, Show } from 'solid-js';
import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { naiveNames } from '../../../strategy/naive.ts';
import { Marker } from '../../components/Marker.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCompact, formatCount, formatFixed2, formatNotFinite, formatWithError } from '../../format.ts';
import type { ShownCloud, Switches } from './model.ts';

export function ExploreTable(props: {
  clouds: readonly ShownCloud[];
  naive: readonly NaiveLine[];
  money: Switches['money'];
  lit: string | undefined;
  onLight: (model: string | undefined) => void;
}) {
  const naive = () =>
    props.naive.flatMap(({ id, fit }) => {
      if (fit.kind === 'none') return [];
      const { annualisedSlope: slope, annualisedSlopeStdErr: error, leastSquares } = fit;
      return [{ id, slope, error, r2: leastSquares.r2, points: leastSquares.points }];
    });
  return (
    <div class="stack">
      <TableBox
        testId="explore-table"
        caption={
          <>
            The Pretrained Market Line by model, annual; the paper’s Table 2 for the full-size model of the same family,
            on other data
          </>
        }
      >
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Parameters</th>
            <th scope="col">
              SR<sub>θ</sub> ± s.e.
            </th>
            <th scope="col">95 % interval, days drawn anew</th>
            <th scope="col">R²</th>
            <th scope="col">n</th>
            <th scope="col">
              Paper’s SR<sub>θ</sub>
            </th>
            <th scope="col">Paper’s R²</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.clouds}>
            {({ entry, marker, row, notFinite }) => (
              <tr
                classList={{ chosen: props.lit === entry.name }}
                onPointerEnter={() => props.onLight(entry.name)}
                onPointerLeave={() => props.onLight(undefined)}
              >
                <th scope="row">
                  <span class="with-marker">
                    <Marker marker={marker} /> {entry.name}
                    {formatNotFinite(notFinite)}
                  </span>
                </th>
                <td>{formatCompact(entry.parameters)}</td>
                <Show when={row.none === undefined} fallback={<td colSpan={4}>{row.none}</td>}>
                  <td>{formatWithError(row.slope, row.stdErr)}</td>
                  <td>
                    {Number.isFinite(row.low)
                      ? `${formatFixed2(row.low)} to ${formatFixed2(row.high)}`
                      : props.money === 'gross'
                        ? 'for net returns only'
                        : 'none'}
                  </td>
                  <td>{formatFixed2(row.r2)}</td>
                  <td>{formatCount(row.points)}</td>
                </Show>
                <Show when={row.paper} fallback={<td colSpan={2}>not in the paper</td>}>
                  {(paper) => (
                    <>
                      <td class="soft">
                        {paper().model} {formatWithError(paper().slope, paper().stdErr)}
                      </td>
                      <td class="soft">{formatFixed2(paper().r2)}</td>
                    </>
                  )}
                </Show>
              </tr>
            )}
          </For>
          <For each={naive()}>
            {(line) => (
              <tr>
                <th scope="row" class="soft">
                  {naiveNames[line.id]}
                </th>
                <td>none</td>
                <td>{formatWithError(line.slope, line.error)}</td>
                <td class="soft">on total σ, net</td>
                <td>{formatFixed2(line.r2)}</td>
                <td>{formatCount(line.points)}</td>
                <td colSpan={2} />
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="reading">
        The standard error takes strategies for independent, as the paper does; the interval draws whole days anew and
        is the one to believe. <strong>Not to conclude:</strong> that a high R² means predictable profits. Strategies
        that share days and signals lie on a line by construction. The naive rows show what the same rules earn without
        any model.
      </p>
    </div>
  );
}
