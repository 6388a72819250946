/** The study’s configurations on forecasts without a model, and on the future itself, beside the model. */

import { For } from 'solid-js';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { median } from '../../../risk/moments/statistics.ts';
import { naiveDescriptions, naiveNames } from '../../../strategy/naive.ts';
import { naiveMiddle } from '../../charts/plane/naive.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2 } from '../../format.ts';

export function NaiveTable(props: { result: MarketLineResult }) {
  const traded = () => props.result.configurations.filter((point) => point.traded);
  const bestSharpe = (points: readonly { readonly sharpe: number | null }[]): number =>
    Math.max(...points.map((point) => point.sharpe ?? Number.NEGATIVE_INFINITY));
  return (
    <details data-testid="naive">
      <summary>Compared with forecasts without a model</summary>
      <TableBox
        caption={`The same configurations, same costs; medians over those that traded, in bps ${periodWords[props.result.period].each}`}
      >
        <thead>
          <tr>
            <th scope="col">Forecast</th>
            <th scope="col">Traded</th>
            <th scope="col">Mean</th>
            <th scope="col">σ</th>
            <th scope="col">Best Sharpe, annual</th>
            <th scope="col">Slope, annual</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">The model</th>
            <td>{formatCount(traded().length)}</td>
            <td>{formatFixed2(median(traded().map((point) => point.meanBps)))}</td>
            <td>{formatFixed2(median(traded().map((point) => point.sigmaBps.total)))}</td>
            <td>{formatFixed2(bestSharpe(traded()))}</td>
            <td>{formatFixed2(slopeOf(props.result.fits.total))}</td>
          </tr>
          <For each={props.result.naive}>
            {(line) => (
              <tr>
                <th scope="row" title={naiveDescriptions[line.id]}>
                  {naiveNames[line.id]}
                </th>
                <td>{formatCount(line.points.filter((point) => point.traded).length)}</td>
                <td>{formatFixed2(naiveMiddle(line)?.meanBps ?? Number.NaN)}</td>
                <td>{formatFixed2(naiveMiddle(line)?.sigmaBps ?? Number.NaN)}</td>
                <td>{formatFixed2(bestSharpe(line.points))}</td>
                <td>{formatFixed2(slopeOf(line.fit))}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <ul class="small soft">
        <For each={props.result.naive}>
          {(line) => (
            <li>
              {naiveNames[line.id]}: {naiveDescriptions[line.id]}
            </li>
          )}
        </For>
      </ul>
    </details>
  );
}

function slopeOf(fit: NaiveLine['fit']): number {
  return fit.kind === 'fitted' ? fit.annualisedSlope : Number.NaN;
}
