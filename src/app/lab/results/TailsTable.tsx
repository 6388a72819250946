/** Tail measures over the cloud of configurations: how the losses of all of them are distributed. */

import { createMemo, For } from 'solid-js';
import { cloudQuantiles, cloudTailsOf, type TailColumn } from '../../../analysis/cloudTails.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatPercent, formatQuantity } from '../../format.ts';

export function TailsTable(props: { result: MarketLineResult }) {
  const words = () => periodWords[props.result.period];
  const tails = createMemo(() => cloudTailsOf(props.result));
  return (
    <>
      <TableBox
        testId="tails-table"
        caption={`Quantiles over ${formatCount(tails().configurations.length)} configurations that traded`}
      >
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <For each={cloudQuantiles}>{(p) => <th scope="col">{p === 0.5 ? 'median' : formatPercent(p)}</th>}</For>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          <For each={tails().cloud}>
            {({ column, quantiles, determined }) => (
              <tr>
                <th scope="row">
                  {column.title}
                  {column.unit === 'bps' ? `, bps ${words().each}` : ''}
                </th>
                <For each={quantiles}>{(value) => <td>{figure(column, value)}</td>}</For>
                <td>{formatCount(determined)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="soft small">
        Of the deterministic model’s returns. Value at risk is a loss exceeded in 5 % (1 %) of {words().many}, expected
        shortfall the mean loss in those; both are positive for losses. With{' '}
        {formatQuantity(props.result.periods.length, props.result.period)} the 1 % tail rests on{' '}
        {formatCount(Math.max(1, Math.round(props.result.periods.length * 0.01)))} of them. n counts the configurations
        that determine a measure.
      </p>
    </>
  );
}

function figure({ unit }: TailColumn, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (unit !== 'share') return formatFixed2(value);
  return `${formatFixed2(value * 100)} %`;
}
