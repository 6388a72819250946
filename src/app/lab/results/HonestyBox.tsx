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
    const { deflated, daysNeeded, overfitting, reality, counted, halves } = honesty;
    const inference = honesty.best;
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
        meaning: inference
          ? `Configuration ${best}, the deterministic model: mean of its returns less r_f over their own standard deviation, × √periods; best in hindsight. Standard error ${formatFixed2(inference.stdErr.loHac.value * perYear)} (Lo, ${formatQuantity(inference.stdErr.loHac.lag, 'lag')}), ${formatFixed2(inference.stdErr.mertens * perYear)} (Mertens, independent ${many})${inference.annualisation.year.sharpe === null ? '' : `; with autocorrelation, η = ${formatFixed2(inference.annualisation.year.eta)} in place of ${formatFixed2(perYear)}, ${formatFixed2(inference.annualisation.year.sharpe)}`}.`
          : 'No configuration has risk, so there is no Sharpe ratio.',
      },
      {
        title: 'Chosen on the first half, paid on the second, annual',
        figure: halves
          ? `${formatFixed2(halves.chosen * perYear)} → ${halves.paid === null ? 'idle' : formatFixed2(halves.paid * perYear)}`
          : none,
        meaning: halves
          ? `Configuration ${halves.configuration}: its ratio in the first half of the ${many}, by which it was chosen, and in the second; ${formatQuantity(halves.purged, result.period)} between them count for neither. The second half’s own best, in hindsight: ${halves.hindsight === null ? 'none' : formatFixed2(halves.hindsight * perYear)}.`
          : 'No configuration has risk in the first half.',
      },
      {
        title: 'Expected best of worthless ones, annual',
        figure: deflated ? formatFixed2(deflated.bootstrap.expectedBest * perYear) : none,
        meaning: deflated
          ? `Mean of the largest ratio over all configurations, their ${many} drawn anew with their means removed (95 % of draws below ${formatFixed2(deflated.bootstrap.quantile95 * perYear)}). The textbook formula gives ${formatFixed2(deflated.textbook.expectedBest * perYear)}: it takes the spread of configurations that truly differ for luck.`
          : 'No configuration has risk.',
      },
      {
        title: 'Probabilistic Sharpe ratio',
        figure: deflated ? formatProbability(deflated.probabilistic) : none,
        meaning:
          'One-sided confidence that the true ratio of the best is above zero, given the length and shape of its returns, trials disregarded.',
      },
      {
        title: 'Deflated Sharpe ratio',
        figure: deflated ? formatProbability(deflated.bootstrap.deflated) : none,
        meaning: deflated
          ? `One-sided confidence that it is above what the luckiest of the trials would show; share of draws whose largest reaches it: p = ${formatShort(deflated.bootstrap.pValue)}. With the textbook’s expected best: ${formatProbability(deflated.textbook.deflated)}.`
          : 'No configuration has risk.',
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
            meaning: `Share of splits of the ${many} into halves (${overfitting.blocks} blocks, every combination) in which the best of one half is below the median of the other, ties counting half; in ${formatProbability(overfitting.probabilityOfLoss)} it loses.${overfitting.left > 0 ? ` ${formatQuantity(overfitting.left, 'configuration')} that did nothing or exactly what another did left out.` : ''}`,
          },
      isProblem(reality)
        ? { title: 'Reality check, SPA', figure: none, meaning: explain(reality) }
        : {
            title: 'Reality check, SPA',
            figure: `p = ${formatShort(reality.whiteRealityCheck.pValue)}, ${formatShort(reality.superiorPredictiveAbility.consistent)}`,
            meaning: `How often the best of configurations without merit looks this good against the risk-free rate: White’s reality check, and Hansen’s test of superior predictive ability (between ${formatShort(reality.superiorPredictiveAbility.lower)} and ${formatShort(reality.superiorPredictiveAbility.upper)}); ${many} in blocks of ${formatShort(reality.blockPeriods)}, ${formatCount(reality.replicates)} draws, (b + 1)/(B + 1).`,
          },
      ...(isProblem(reality)
        ? []
        : [
            {
              title: 'Configurations that beat r_f, Romano–Wolf',
              figure: `${formatCount(reality.romanoWolf.adjustedPValues.filter((p) => p < 0.05).length)} of ${formatCount(reality.used.length)}`,
              meaning:
                'Each configuration’s own p-value, adjusted step by step for all of them: below 5 %, with 5 % risk of a single false one.',
            },
          ]),
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
