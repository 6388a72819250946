/** The study’s configurations on forecasts without a model, and on the future itself, beside the model. */

import { For, Show } from 'solid-js';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
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
            <th scope="col">Slope through r_f, annual</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">The model</th>
            <td>{formatCount(traded().length)}</td>
            <td>{formatFixed2(median(traded().map((point) => point.meanBps)))}</td>
            <td>{formatFixed2(median(traded().map((point) => point.sigmaBps.total)))}</td>
            <td>{formatFixed2(bestSharpe(traded()))}</td>
            <td>{formatFixed2(slopeOf(props.result.fits.total, props.result.periodsPerYear))}</td>
          </tr>
          <For each={props.result.naive}>
            {(line) => (
              <tr>
                <th scope="row" title={naiveDescriptions[line.id]}>
                  {naiveNames[line.id]}
                </th>
                <td>{formatCount(line.points.filter((point) => point.traded).length)}</td>
                <Show
                  when={line.points.some((point) => point.traded)}
                  fallback={<td colSpan={4}>never trades: its surprise does not reach a threshold</td>}
                >
                  <td>{formatFixed2(naiveMiddle(line)?.meanBps ?? Number.NaN)}</td>
                  <td>{formatFixed2(naiveMiddle(line)?.sigmaBps ?? Number.NaN)}</td>
                  <td>{formatFixed2(bestSharpe(line.points))}</td>
                  <td>{formatFixed2(slopeOf(line.fit, props.result.periodsPerYear))}</td>
                </Show>
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

/** Through r_f, as eq. 7 has it: a free slope would put a cloud that loses less where it risks less above all others. */
function slopeOf(fit: NaiveLine['fit'], periodsPerYear: number): number {
  return fit.kind === 'fitted' ? annualiseSlope(fit.throughRiskFree.slope, periodsPerYear) : Number.NaN;
}
