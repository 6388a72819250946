/** The market line against single portfolios: θ_T, θ_leak, the capital market line, and the configuration that is opened. */

import { For, Show } from 'solid-js';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import { markerPath, rayShapes } from '../../charts/marker.ts';

import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2 } from '../../format.ts';
import type { CapitalRow } from './capital.ts';
import { pricedNames } from './plane.ts';

export function CapitalTable(props: {
  rows: readonly CapitalRow[];
  result: MarketLineResult;
  priced: PricedRisk;
  opened: number | undefined;
}) {
  const words = () => periodWords[props.result.period];
  const slope = (): number => {
    const fit = props.result.fits[props.priced];
    return fit.kind === 'fitted' ? fit.annualisedSlope : Number.NaN;
  };
  /** SR_θs: of the opened configuration, on the risk that is shown. */
  const opened = () => {
    const point = props.result.configurations[props.opened ?? -1];
    if (!point?.traded) return undefined;
    const sigma = point.sigmaBps[props.priced] / 1e4;
    const premium = point.meanBps / 1e4 - props.result.riskFreePerPeriod;
    return {
      index: point.index,
      sharpe: sigma > 0 ? annualiseSlope(premium / sigma, props.result.periodsPerYear) : Number.NaN,
      sigmaBps: sigma * 1e4,
      meanBps: point.meanBps,
    };
  };
  return (
    <TableBox
      testId="capital-table"
      caption={
        <>
          Lines from the risk-free rate, {pricedNames[props.priced].toLowerCase()} risk; the gap is SR<sub>θ</sub> of
          the fitted line, {formatFixed2(slope())} a year, less each
        </>
      }
    >
      <thead>
        <tr>
          <th scope="col">Portfolio</th>
          <th scope="col">σ, bps {words().each}</th>
          <th scope="col">Mean, bps {words().each}</th>
          <th scope="col">Sharpe, annual</th>
          <th scope="col">Gap</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {(row) => (
            <tr title={row.explanation}>
              <th scope="row">
                <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                  <path class="point hollow" d={markerPath(rayShapes[row.kind], 7, 7, 5)} />
                </svg>{' '}
                {row.name}
              </th>
              <td>{formatFixed2(row.sigmaBps)}</td>
              <td>{formatFixed2(row.meanBps)}</td>
              <td>{formatFixed2(row.annualSharpe)}</td>
              <td>{formatFixed2(slope() - row.annualSharpe)}</td>
            </tr>
          )}
        </For>
        <Show when={opened()}>
          {(point) => (
            <tr>
              <th scope="row">Opened: configuration {point().index}</th>
              <td>{formatFixed2(point().sigmaBps)}</td>
              <td>{formatFixed2(point().meanBps)}</td>
              <td>{formatFixed2(point().sharpe)}</td>
              <td>{formatFixed2(slope() - point().sharpe)}</td>
            </tr>
          )}
        </Show>
      </tbody>
    </TableBox>
  );
}
