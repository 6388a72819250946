/** The plane as a table: every configuration in numbers, for reading without a picture. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatQuantity, formatShort } from '../../format.ts';
import { pricedNames } from './plane.ts';

export function PointTable(props: { result: MarketLineResult; priced: PricedRisk; onOpen: (config: number) => void }) {
  const [shown, setShown] = createSignal(false);
  const byMean = createMemo(() => [...props.result.configurations].sort((a, b) => b.meanBps - a.meanBps));
  return (
    <details onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{formatQuantity(props.result.configurations.length, 'configuration')} as a table</summary>
      <Show when={shown()}>
        <TableBox
          tall
          caption={`Figures in bps ${periodWords[props.result.period].each}, best mean first; risk: ${pricedNames[props.priced]}`}
        >
          <thead>
            <tr>
              <th scope="col">Configuration</th>
              <th scope="col">Mean</th>
              <th scope="col">σ</th>
              <th scope="col">Sharpe, annual</th>
              <th scope="col">Threshold</th>
              <th scope="col">Stop</th>
              <th scope="col">Take</th>
              <th scope="col">Hold, ticks</th>
              <th scope="col">Trades {periodWords[props.result.period].each}</th>
            </tr>
          </thead>
          <tbody>
            <For each={byMean()}>
              {(point) => (
                <tr>
                  <th scope="row">
                    <button type="button" class="quiet" onClick={() => props.onOpen(point.index)}>
                      {point.index}
                    </button>
                  </th>
                  <td>{formatFixed2(point.meanBps)}</td>
                  <td>{formatFixed2(point.sigmaBps[props.priced])}</td>
                  <td>{formatFixed2(point.sharpe ?? Number.NaN)}</td>
                  <td>{formatShort(point.config.thresholdBps)}</td>
                  <td>{formatShort(point.config.stopLossBps ?? Number.NaN)}</td>
                  <td>{formatShort(point.config.takeProfitBps ?? Number.NaN)}</td>
                  <td>{formatCount(point.config.maxHoldTicks ?? Number.NaN)}</td>
                  <td>{formatShort(point.tradesPerPeriod)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </TableBox>
      </Show>
    </details>
  );
}
