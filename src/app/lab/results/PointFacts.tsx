/** Return, risk and costs of one configuration in numbers, with both exact splits of its variance. */

import { For } from 'solid-js';
import type { ConfigurationSummary } from '../../../marketLine/marketLineResult.ts';
import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { naiveNames } from '../../../strategy/naive.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatPercent, formatShort } from '../../format.ts';

export function PointFacts(props: {
  configuration: ConfigurationSummary;
  naive: readonly NaiveLine[];
  /** Words for each return period: 'a day'. */
  each: string;
}) {
  const point = () => props.configuration;
  /** With its share of the gross return, where there is one to lose from. */
  const lost = (bps: number): string => {
    const { gross } = point().costsBps;
    return `${formatFixed2(bps)} bps${gross > 0 ? ` (${formatPercent(bps / gross)})` : ''}`;
  };
  const percent = (share: number | null): string => formatPercent(share ?? Number.NaN);
  const split = () => point().decomposition;
  return (
    <div class="columns">
      <dl class="facts" data-testid="facts">
        <dt>Mean, gross (at mid prices)</dt>
        <dd>
          {formatFixed2(point().costsBps.gross)} bps {props.each}
        </dd>
        <dt>less spread</dt>
        <dd>{lost(point().costsBps.spread)}</dd>
        <dt>less slippage</dt>
        <dd>{lost(point().costsBps.slippage)}</dd>
        <dt>less fees</dt>
        <dd>{lost(point().costsBps.fees)}</dd>
        <dt>Mean, net</dt>
        <dd>
          {formatFixed2(point().meanBps)} bps {props.each}
        </dd>
        <dt>Sharpe ratio, annual</dt>
        <dd>{formatFixed2(point().sharpe ?? Number.NaN)}</dd>
        <dt>Trades</dt>
        <dd>
          {formatShort(point().tradesPerPeriod)} {props.each}
        </dd>
        <dt>Earned money</dt>
        <dd>{percent(point().activity.hitRate)} of trades</dd>
        <dt>Held</dt>
        <dd>{formatShort(point().activity.holdingTicks ?? Number.NaN)} ticks a trade</dd>
        <dt>Exposure</dt>
        <dd>{formatPercent(point().activity.exposure)} of the time and unit</dd>
        <dt>Turnover</dt>
        <dd>
          {formatShort(point().activity.turnoverPerPeriod)} units {props.each} and symbol
        </dd>
        <dt>Without dropout</dt>
        <dd>
          mean {formatFixed2(point().deterministic.meanBps)}, σ {formatFixed2(point().deterministic.sigmaBps)} bps
        </dd>
        <For each={props.naive}>
          {(line) => (
            <>
              <dt>{naiveNames[line.id]}, same rules</dt>
              <dd>
                mean {formatFixed2(line.points[point().index]?.meanBps ?? Number.NaN)}, σ{' '}
                {formatFixed2(line.points[point().index]?.sigmaBps ?? Number.NaN)} bps
              </dd>
            </>
          )}
        </For>
      </dl>
      <TableBox caption={`σ in bps ${props.each}; both splits add up exactly in variance`}>
        <thead>
          <tr>
            <th scope="col">Split</th>
            <th scope="col">Epistemic</th>
            <th scope="col">Aleatory</th>
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          <SplitRow name="Time by time" split={split().timeResolved} total={split().totalVariance} />
          <SplitRow name="Of mean returns" split={split().meanReturn} total={split().totalVariance} />
        </tbody>
      </TableBox>
    </div>
  );
}

function SplitRow(props: {
  name: string;
  split: ConfigurationSummary['decomposition']['timeResolved'];
  total: number;
}) {
  const sigma = (variance: number): string => formatFixed2(Math.sqrt(variance) * 1e4);
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td>{sigma(props.split.epistemicVariance)}</td>
      <td>{sigma(props.split.aleatoryVariance)}</td>
      <td>{sigma(props.total)}</td>
    </tr>
  );
}
