/** One configuration over its periods: equity and drawdown among the variants, distribution, rolling Sharpe ratio, months, tails. */

import { createMemo, For, Show } from 'solid-js';
import {
  type CalendarSum,
  equityBand,
  histogram,
  monthlySums,
  rollingSharpe,
  rollingWindow,
} from '../../../analysis/tearSheet.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { tailMeasures } from '../../../risk/tails/tails.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatBps, formatBpsTick, formatFixed2, formatPercent, formatQuantity, formatShort } from '../../format.ts';

export function TearSheet(props: { result: MarketLineResult; configuration: number; row: number }) {
  const periods = () => props.result.periods;
  const words = () => periodWords[props.result.period];
  const block = createMemo(() => {
    const { periodReturns, variants } = props.result;
    const length = (variants + 1) * periods().length;
    return periodReturns.subarray(props.configuration * length, (props.configuration + 1) * length);
  });
  const returns = createMemo(() => block().subarray(props.row * periods().length, (props.row + 1) * periods().length));
  const band = createMemo(() => equityBand(block(), periods().length, props.row));
  const rolling = createMemo(() =>
    rollingSharpe(
      returns(),
      rollingWindow(periods().length),
      props.result.riskFreePerPeriod,
      props.result.periodsPerYear,
    ),
  );
  const bins = createMemo(() => histogram(returns()));
  const tails = createMemo(() => tailMeasures(returns(), props.result.riskFreePerPeriod, props.result.periodsPerYear));
  const nameAt = (index: number): string => periods()[index] ?? '';
  const marks = () => periods().map((name, index) => ({ index, text: name.slice(5) }));
  const binAt = (index: number): string =>
    `${formatBps(bins().edges[index] ?? Number.NaN)} to ${formatBps(bins().edges[index + 1] ?? Number.NaN)} bps`;
  return (
    <div class="columns">
      <TimeChart
        label="Equity of an equal bet on every symbol, bps, with the band of the dropout variants"
        kind="curve"
        values={band().equity}
        band={band()}
        nameAt={nameAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label="Drawdown from the highest equity, bps"
        kind="curve"
        values={band().drawdown}
        nameAt={nameAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label={`Returns of an equal bet on every symbol, bps ${words().each}`}
        kind="bars"
        values={returns()}
        nameAt={nameAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label={`How often ${words().many} returned so much (${formatQuantity(periods().length, props.result.period)})`}
        kind="bars"
        values={bins().counts}
        nameAt={binAt}
        marks={bins()
          .edges.slice(0, -1)
          .map((edge, index) => ({ index, text: formatBps(edge) }))}
        formatValue={(count) => formatQuantity(count, props.result.period)}
        formatTick={formatShort}
      />
      <TimeChart
        label={`Sharpe ratio of the last ${rollingWindow(periods().length)} ${words().many}, annual`}
        kind="curve"
        values={rolling()}
        nameAt={nameAt}
        marks={marks()}
        formatValue={formatFixed2}
        formatTick={formatShort}
      />
      <div class="stack">
        <dl class="facts" data-testid="tails">
          <dt>Largest drawdown, compounded</dt>
          <dd>{formatPercent(tails().maxDrawdownCompounded)}</dd>
          <dt>Sortino, Calmar</dt>
          <dd>
            {formatFixed2(tails().sortino)}, {formatFixed2(tails().calmar)}
          </dd>
          <dt>Skewness, excess kurtosis</dt>
          <dd>
            {formatFixed2(tails().skewness)}, {formatFixed2(tails().excessKurtosis)}
          </dd>
          <dt>Value at risk 95 %</dt>
          <dd>
            {formatBps(tails().var95.historical)} bps; Gaussian {formatBps(tails().var95.gaussian)}, modified{' '}
            {formatBps(tails().var95.modified)}
          </dd>
          <dt>Expected shortfall 95 %</dt>
          <dd>{formatBps(tails().var95.expectedShortfall)} bps</dd>
          <dt>Value at risk 99 %</dt>
          <dd>{formatBps(tails().var99.historical)} bps</dd>
        </dl>
        <CalendarTable
          caption="By month, equal bet on every symbol"
          unit="Returns"
          sums={monthlySums(periods(), returns())}
        />
      </div>
    </div>
  );
}

/** Sums of returns by month or by hour. */
export function CalendarTable(props: { caption: string; unit: string; sums: readonly CalendarSum[] }) {
  return (
    <Show when={props.sums.length > 0}>
      <TableBox caption={props.caption}>
        <thead>
          <tr>
            <td />
            <th scope="col">{props.unit}</th>
            <th scope="col">Return, bps</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.sums}>
            {(entry) => (
              <tr>
                <th scope="row">{entry.name}</th>
                <td>{entry.count}</td>
                <td>{formatBps(entry.sum)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
    </Show>
  );
}
