/** Return, risk and costs of one configuration in numbers, with both exact splits of its variance. */

import type { ConfigurationSummary } from '../../studies/marketLineResult.ts';
import { TableBox } from '../components/TableBox.tsx';
import { formatFixed2, formatShort } from '../format.ts';

export function PointFacts(props: { configuration: ConfigurationSummary }) {
  const point = () => props.configuration;
  const split = () => point().decomposition;
  return (
    <div class="columns">
      <dl class="facts">
        <dt>Mean, net</dt>
        <dd>{formatFixed2(point().meanBps)} bps a day</dd>
        <dt>at mid prices</dt>
        <dd>{formatFixed2(point().costsBps.gross)} bps</dd>
        <dt>less spread</dt>
        <dd>{formatFixed2(point().costsBps.spread)} bps</dd>
        <dt>less slippage, fees</dt>
        <dd>
          {formatFixed2(point().costsBps.slippage)}, {formatFixed2(point().costsBps.fees)} bps
        </dd>
        <dt>Sharpe ratio, annual</dt>
        <dd>{formatFixed2(point().sharpe ?? Number.NaN)}</dd>
        <dt>Trades</dt>
        <dd>{formatShort(point().tradesPerDay)} a day</dd>
        <dt>Without dropout</dt>
        <dd>
          mean {formatFixed2(point().deterministic.meanBps)}, σ {formatFixed2(point().deterministic.sigmaBps)} bps
        </dd>
      </dl>
      <TableBox caption="σ in bps a day; both splits add up exactly in variance">
        <thead>
          <tr>
            <th scope="col">Split</th>
            <th scope="col">Epistemic</th>
            <th scope="col">Aleatory</th>
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          <SplitRow name="Day by day" split={split().timeResolved} total={split().totalVariance} />
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
