/** Portfolio theory on the run's own returns: its assets, or some of its strategies taken as assets. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import { assetReturns } from '../../../analysis/capitalLines.ts';
import { deterministicReturns } from '../../../analysis/honesty.ts';
import { type NamedSeries, type Theory, theoryOf } from '../../../analysis/theory.ts';
import { toProblem, type UserProblem } from '../../../core/errors.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { FrontierPlane } from '../../charts/FrontierPlane.tsx';
import { Choice } from '../../components/Choice.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatPercent, formatQuantity } from '../../format.ts';
import type { RunOutcome } from '../run/run.ts';

/** More strategies than this make a covariance that few returns cannot carry, and a chart nobody can read. */
const mostStrategies = 12;

const sources = [
  { value: 'assets', label: 'Assets' },
  { value: 'strategies', label: 'Strategies as assets' },
] as const;

export function TheoryBox(props: { outcome: RunOutcome }) {
  const [source, setSource] = createSignal<'assets' | 'strategies'>('assets');
  const theory = createMemo((): Theory | UserProblem => {
    try {
      const series = source() === 'assets' ? assetSeries(props.outcome) : strategySeries(props.outcome);
      return theoryOf(series, props.outcome.result.riskFreePerPeriod);
    } catch (caught) {
      return toProblem(caught);
    }
  });
  const solved = (): Theory | undefined => {
    const now = theory();
    return 'market' in now ? now : undefined;
  };
  const problem = (): UserProblem | undefined => {
    const now = theory();
    return 'code' in now ? now : undefined;
  };
  return (
    <>
      <p class="small">
        Markowitz’ efficient frontier (eq. 1 of the paper), the tangency portfolio and its capital market line (eq. 2),
        and each series’ variance split by its β to the market of equal shares (eq. 4). In hindsight, on{' '}
        {formatQuantity(props.outcome.result.periods.length, props.outcome.result.period)}: means of so few are mostly
        luck.
      </p>
      <Choice label="Portfolios of" options={sources} value={source()} onChange={setSource} />
      <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
      <Show when={solved()}>
        {(now) => (
          <>
            <FrontierPlane
              theory={now()}
              riskFree={props.outcome.result.riskFreePerPeriod}
              each={periodWords[props.outcome.result.period].each}
            />
            <For each={[...now().free.problems, ...now().longOnly.problems]}>
              {(each) => <p class="note">{each.message}</p>}
            </For>
            <TheoryTable theory={now()} each={periodWords[props.outcome.result.period].each} />
            <Show when={now().leftOut.length > 0}>
              <p class="soft small">
                Left out:{' '}
                {now()
                  .leftOut.map(({ name, reason }) => `${name} (${reason})`)
                  .join('; ')}
                .
              </p>
            </Show>
          </>
        )}
      </Show>
      <Show when={source() === 'strategies'}>
        <p class="soft small">
          The deterministic model’s returns of up to {mostStrategies} strategies that traded, spread evenly over the
          order of their risk, and never as many as there are returns.
        </p>
      </Show>
    </>
  );
}

function TheoryTable(props: { theory: Theory; each: string }) {
  return (
    <TableBox
      tall
      testId="theory-table"
      caption={`σ and means in bps ${props.each}, weights of the two tangency portfolios`}
    >
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col">Mean</th>
          <th scope="col">σ</th>
          <th scope="col">β</th>
          <th scope="col">σ systematic</th>
          <th scope="col">σ idiosyncratic</th>
          <th scope="col" title="What the capital asset pricing model lets it earn, eq. 3">
            r<sub>f</sub> + β·premium
          </th>
          <th scope="col">Weight</th>
          <th scope="col">Weight, long only</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.theory.rows}>
          {(row) => (
            <tr>
              <th scope="row">{row.name}</th>
              <td>{formatFixed2(row.mean * 1e4)}</td>
              <td>{formatFixed2(row.stdev * 1e4)}</td>
              <td>{formatFixed2(row.beta)}</td>
              <td>{formatFixed2(Math.sqrt(row.systematicVariance) * 1e4)}</td>
              <td>{formatFixed2(Math.sqrt(Math.max(0, row.idiosyncraticVariance)) * 1e4)}</td>
              <td>{formatFixed2(row.expectedReturn * 1e4)}</td>
              <td>{weight(row.weights.free)}</td>
              <td>{weight(row.weights.longOnly)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}

function weight(value: number | undefined): string {
  if (value === undefined) return '–';
  return value !== 0 && Math.abs(value) < 0.0005 ? '0 %' : formatPercent(value);
}

function assetSeries({ grids, result }: RunOutcome): NamedSeries[] {
  const { symbols, returns } = assetReturns(grids, result.period);
  return symbols.map((name, a) => ({ name, returns: returns[a] ?? new Float64Array(0) }));
}

function strategySeries({ result }: RunOutcome): NamedSeries[] {
  const traded = result.configurations
    .filter((point) => point.traded)
    .sort((a, b) => a.sigmaBps.total - b.sigmaBps.total);
  const count = Math.min(traded.length, mostStrategies, Math.max(2, result.periods.length - 2));
  const picked = Array.from(
    { length: count },
    (_, i) => traded[Math.round((i * (traded.length - 1)) / Math.max(1, count - 1))],
  );
  return picked
    .filter((point) => point !== undefined)
    .map(({ index }) => ({ name: `Configuration ${index}`, returns: deterministicReturns(result, index) }));
}
