/** How far the best configuration can be believed after so many were tried, with an explanation beside each figure. */

import { For, type JSX } from 'solid-js';
import type { Honesty } from '../../../analysis/honesty.ts';
import type { UserProblem } from '../../../core/errors.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatProbability, formatQuantity, formatShort } from '../../format.ts';

interface Row {
  readonly title: JSX.Element;
  readonly figure: string;
  readonly meaning: string;
}

export function HonestyBox(props: { honesty: Honesty; result: MarketLineResult; triedBefore: number }) {
  const rows = (): Row[] => {
    const { honesty, result, triedBefore } = props;
    const { deflated, daysNeeded, overfitting, reality, counted } = honesty;
    const perYear = Math.sqrt(result.periodsPerYear);
    const best = deflated && counted[deflated.best];
    const none = 'none';
    const { many } = periodWords[result.period];
    return [
      {
        title: 'Trials',
        figure: formatCount(deflated?.trials ?? 0),
        meaning: `Counted here: ${formatQuantity(counted.length, 'configuration')} of this run with risk${
          triedBefore > 0 ? `, and ${formatCount(triedBefore)} of earlier runs of this session` : ''
        }. Related configurations count fully, so the verdict is strict. Trials made before the page was opened are unknown to it.`,
      },
      {
        title: 'Best Sharpe ratio, annual',
        figure: deflated ? formatFixed2(deflated.sharpe * perYear) : none,
        meaning: deflated
          ? `Configuration ${best}, the deterministic model, its returns less the risk-free rate.`
          : 'No configuration has risk, so there is no Sharpe ratio.',
      },
      {
        title: 'Expected best of worthless ones, annual',
        figure: deflated ? formatFixed2(deflated.expectedBest * perYear) : none,
        meaning:
          'What the best of as many trials would show by luck, if each had a true Sharpe ratio of zero and they varied as these do.',
      },
      {
        title: 'Probabilistic Sharpe ratio',
        figure: deflated ? formatProbability(deflated.probabilistic) : none,
        meaning:
          'Probability that the true ratio of the best is above zero, given the length and shape of its returns, trials disregarded.',
      },
      {
        title: 'Deflated Sharpe ratio',
        figure: deflated ? formatProbability(deflated.deflated) : none,
        meaning:
          'Probability that it is above what the luckiest of the trials would show. Below 95 %: not established.',
      },
      {
        title: 'Shortest track record',
        figure:
          daysNeeded === null
            ? none
            : Number.isFinite(daysNeeded)
              ? formatQuantity(Math.ceil(daysNeeded), result.period)
              : 'never',
        meaning: `How many ${many} of the same ratio make it 95 % sure to be above zero, one trial assumed; this run has ${formatCount(result.periods.length)}.`,
      },
      isProblem(overfitting)
        ? { title: 'Probability of backtest overfitting', figure: none, meaning: explain(overfitting) }
        : {
            title: 'Probability of backtest overfitting',
            figure: formatProbability(overfitting.probability),
            meaning: `Share of splits of the ${many} into halves (${overfitting.blocks} blocks, every combination) in which the best of one half is below the median of the other; in ${formatProbability(overfitting.probabilityOfLoss)} it loses.`,
          },
      isProblem(reality)
        ? { title: 'Reality check, SPA', figure: none, meaning: explain(reality) }
        : {
            title: 'Reality check, SPA',
            figure: `p = ${formatShort(reality.realityCheck)}, ${formatShort(reality.superiorPredictiveAbility)}`,
            meaning: `How often the best of configurations without merit looks this good against the risk-free rate: White’s reality check, and Hansen’s test of superior predictive ability (between ${formatShort(reality.lower)} and ${formatShort(reality.upper)}); ${many} in blocks of ${formatShort(reality.blockPeriods)}, ${formatCount(reality.replicates)} draws.`,
          },
    ];
  };
  return (
    <TableBox testId="honesty-table" caption="Can the best configuration be believed?">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col">Here</th>
          <th scope="col">What it says</th>
        </tr>
      </thead>
      <tbody>
        <For each={rows()}>
          {(row) => (
            <tr>
              <th scope="row">{row.title}</th>
              <td>{row.figure}</td>
              <td class="prose">{row.meaning}</td>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}

function isProblem(value: object): value is UserProblem {
  return 'code' in value;
}

function explain({ message, hint }: UserProblem): string {
  return hint ? `${message} ${hint}` : message;
}
