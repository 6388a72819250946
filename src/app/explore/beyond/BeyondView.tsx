/** Beyond the paper: do models together carry less risk, how much of their risk is one and the same, and what weights over assets do. */

import { For, Show } from 'solid-js';
import type { BeyondFigure } from '../../../studies/figures/beyond/result.ts';
import type { Estimate } from '../../../studies/figures/estimate.ts';
import { figureOf, type StudyResults } from '../../../studies/figures/results.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatPercent } from '../../format.ts';

const names = { forecasts: 'Averaged forecasts', returns: 'Averaged returns' } as const;

export function BeyondView(props: { results: StudyResults }) {
  return (
    <Show
      when={figureOf(props.results, 'beyond')}
      fallback={<p class="note">This study does not go beyond the paper.</p>}
    >
      {(figure) => <Beyond figure={figure()} />}
    </Show>
  );
}

function Beyond(props: { figure: BeyondFigure }) {
  const between = ({ value, low, high }: Estimate): string =>
    `${formatFixed2(value ?? Number.NaN)}${low === null || high === null ? '' : ` (${formatFixed2(low)} to ${formatFixed2(high)})`}`;
  const verdict = (shift: Estimate): string =>
    shift.high !== null && shift.high < 0 ? 'left' : shift.low !== null && shift.low > 0 ? 'right' : 'not told';
  return (
    <>
      <h3>Ensembles</h3>
      <TableBox caption="Middle of the cloud, bps a day; shifts against the mean of the members on the same strategies, with 95 % intervals">
        <thead>
          <tr>
            <th scope="col">Who trades</th>
            <th scope="col">Priced σ</th>
            <th scope="col">Mean</th>
            <th scope="col">Shift of σ</th>
            <th scope="col">Shift of the mean</th>
            <th scope="col">Moves</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.figure.members}>
            {(member) => (
              <tr>
                <th scope="row">{member.model}</th>
                <td>{formatFixed2(member.sigmaBps)}</td>
                <td>{formatFixed2(member.meanBps)}</td>
                <td colSpan={3} />
              </tr>
            )}
          </For>
          <For each={props.figure.ensembles}>
            {(ensemble) => (
              <tr class="chosen">
                <th scope="row">{names[ensemble.name]}</th>
                <td>{formatFixed2(ensemble.centroid.sigmaBps)}</td>
                <td>{formatFixed2(ensemble.centroid.meanBps)}</td>
                <td>{between(ensemble.sigmaShift)}</td>
                <td>{between(ensemble.meanShift)}</td>
                <td>{verdict(ensemble.sigmaShift)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="reading">
        If models erred independently, averaging them would move the cloud left. <strong>Not to conclude:</strong> that
        less risk is free: averaged forecasts also trade less, which lowers risk and return together. Read both shifts.
      </p>
      <For each={props.figure.notes}>{(note) => <p class="note">{note}</p>}</For>
      <h3>Shared risk</h3>
      <Show
        when={props.figure.sharedRisk.models.length > 1}
        fallback={<p class="soft">One model shares its risk with nobody.</p>}
      >
        <p>
          The first principal component of the models’ daily returns carries{' '}
          <strong>{formatPercent(props.figure.sharedRisk.componentShares[0] ?? Number.NaN)}</strong> of their variance;
          its correlation with the market’s own daily return is{' '}
          <strong>{formatFixed2(props.figure.sharedRisk.firstAgainstMarket ?? Number.NaN)}</strong>.
        </p>
        <Matrix
          caption="Correlation of daily returns, mean over strategies"
          models={props.figure.sharedRisk.models}
          values={props.figure.sharedRisk.returns}
        />
        <Matrix
          caption="Correlation of surprises at the same ticks, mean over assets"
          models={props.figure.sharedRisk.models}
          values={props.figure.sharedRisk.surprises}
        />
        <p class="reading">
          High numbers off the diagonal mean that holding several models is holding one bet several times.{' '}
          <strong>Not to conclude:</strong> that models think alike in general; all of them were trained on the same
          synthetic corpus.
        </p>
      </Show>
      <h3>Portfolios over assets</h3>
      <TableBox caption="The same strategies with other weights on the assets, chosen each day from the days before; mean over strategies, bps a day">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Weights</th>
            <th scope="col">Priced σ</th>
            <th scope="col">Mean</th>
            <th scope="col">Sharpe, annual</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.figure.portfolios}>
            {(portfolio) => (
              <tr>
                <th scope="row">{portfolio.model}</th>
                <td>{portfolio.weights}</td>
                <td>{formatFixed2(portfolio.sigmaBps)}</td>
                <td>{formatFixed2(portfolio.meanBps)}</td>
                <td>{formatFixed2(portfolio.sharpe ?? Number.NaN)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="reading">
        Weights come from what each asset’s bets earned before: equal, by inverse variance, or mean-variance with the
        correlations shrunk by half. <strong>Not to conclude:</strong> that one weighting wins; with so few days their
        differences are mostly chance.
      </p>
    </>
  );
}

function Matrix(props: {
  caption: string;
  models: readonly string[];
  values: readonly (readonly (number | null)[])[];
}) {
  const shade = (value: number | null): string =>
    value === null
      ? ''
      : `background: color-mix(in srgb, var(${value >= 0 ? '--accent' : '--point'}) ${Math.round(Math.abs(value) * 45)}%, transparent)`;
  return (
    <TableBox caption={props.caption}>
      <thead>
        <tr>
          <td />
          <For each={props.models}>{(model) => <th scope="col">{model}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={props.models}>
          {(model, i) => (
            <tr>
              <th scope="row">{model}</th>
              <For each={props.values[i()] ?? []}>
                {(value) => <td style={shade(value)}>{formatFixed2(value ?? Number.NaN)}</td>}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}
