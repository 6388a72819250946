/** One configuration over its days: equity and drawdown among the variants, distribution, rolling Sharpe ratio, months, tails. */

import { createMemo, For, Show } from 'solid-js';
import { tailMeasures } from '../../risk/tails.ts';
import type { MarketLineResult } from '../../studies/marketLineResult.ts';
import {
  type CalendarSum,
  equityBand,
  histogram,
  monthlySums,
  rollingSharpe,
  rollingWindow,
} from '../../studies/tearSheet.ts';
import { TimeChart } from '../charts/TimeChart.tsx';
import { TableBox } from '../components/TableBox.tsx';
import { formatBps, formatBpsTick, formatFixed2, formatPercent, formatQuantity, formatShort } from '../format.ts';

export function TearSheet(props: { result: MarketLineResult; configuration: number; row: number }) {
  const days = () => props.result.days;
  const block = createMemo(() => {
    const { dailyReturns, variants } = props.result;
    const length = (variants + 1) * days().length;
    return dailyReturns.subarray(props.configuration * length, (props.configuration + 1) * length);
  });
  const daily = createMemo(() => block().subarray(props.row * days().length, (props.row + 1) * days().length));
  const band = createMemo(() => equityBand(block(), days().length, props.row));
  const rolling = createMemo(() =>
    rollingSharpe(daily(), rollingWindow(days().length), props.result.riskFreePerDay, props.result.periodsPerYear),
  );
  const bins = createMemo(() => histogram(daily()));
  const tails = createMemo(() => tailMeasures(daily(), props.result.riskFreePerDay, props.result.periodsPerYear));
  const dayAt = (index: number): string => days()[index] ?? '';
  const marks = () => days().map((day, index) => ({ index, text: day.slice(5) }));
  const binAt = (index: number): string =>
    `${formatBps(bins().edges[index] ?? Number.NaN)} to ${formatBps(bins().edges[index + 1] ?? Number.NaN)} bps`;
  return (
    <div class="columns">
      <TimeChart
        label="Equity of an equal bet on every symbol, bps, with the band of the dropout variants"
        kind="curve"
        values={band().equity}
        band={band()}
        nameAt={dayAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label="Drawdown from the highest equity, bps"
        kind="curve"
        values={band().drawdown}
        nameAt={dayAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label="Daily returns of an equal bet on every symbol, bps"
        kind="bars"
        values={daily()}
        nameAt={dayAt}
        marks={marks()}
        formatValue={formatBps}
        formatTick={formatBpsTick}
      />
      <TimeChart
        label={`How often days returned so much (${formatQuantity(days().length, 'day')})`}
        kind="bars"
        values={bins().counts}
        nameAt={binAt}
        marks={bins()
          .edges.slice(0, -1)
          .map((edge, index) => ({ index, text: formatBps(edge) }))}
        formatValue={(count) => formatQuantity(count, 'day')}
        formatTick={formatShort}
      />
      <TimeChart
        label={`Sharpe ratio of the last ${rollingWindow(days().length)} days, annual`}
        kind="curve"
        values={rolling()}
        nameAt={dayAt}
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
        <CalendarTable caption="By month, equal bet on every symbol" unit="Days" sums={monthlySums(days(), daily())} />
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
