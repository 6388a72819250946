/** All runs of this session in one table, each against a chosen one, with the paper's own table beside them. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { SlopeIntervalOutcome } from '../../risk/bootstrap.ts';
import { annualiseSlope } from '../../risk/marketLine.ts';
import { sampleQuantile } from '../../risk/moments.ts';
import type { Comparison } from '../../studies/comparison.ts';
import { paperTable } from '../../studies/paperTable.ts';
import { markerOf } from '../charts/marker.ts';
import { Awaited } from '../components/Awaited.tsx';
import { Fold } from '../components/Fold.tsx';
import { Marker } from '../components/Marker.tsx';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { TableBox } from '../components/TableBox.tsx';
import { formatCount, formatFixed2, formatShort, formatWithError } from '../format.ts';
import { createAnswer } from '../state/analysis.ts';
import { type KeptRun, MOST_KEPT } from '../state/keptRuns.ts';
import { useLab } from '../state/lab.ts';
import { outlineShare, pricedNames } from '../state/plane.ts';

export function RunsTable() {
  const { kept, priced, run } = useLab();
  return (
    <div class="stack">
      <TableBox
        testId="runs-table"
        caption={`Runs of this session on ${pricedNames[priced()].toLowerCase()} risk; slopes by least squares, a year as each run counts it`}
      >
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Model</th>
            <th scope="col" title="What the variants are">
              Variants
            </th>
            <th scope="col">
              SR<sub>θ</sub> annual
            </th>
            <th scope="col">95 % interval</th>
            <th scope="col">R²</th>
            <th scope="col">n</th>
            <th scope="col" title="Median over the configurations that traded, bps a day">
              σ epistemic
            </th>
            <th scope="col" title="First digits of the hash of all settings">
              Settings
            </th>
            <th scope="col" title="First digits of the hash of all quotes">
              Quotes
            </th>
            <th scope="col">Remove</th>
          </tr>
        </thead>
        <tbody>
          <For each={kept.runs()}>{(each) => <RunRow run={each} shown={each.result === run.outcome()?.result} />}</For>
        </tbody>
      </TableBox>
      <p class="soft small">
        Up to {MOST_KEPT} runs stay here until the page is closed: load another model and run again to compare. Only
        runs with the same settings and quotes differ by the model alone. {mixed(kept.runs())}
      </p>
      <Show when={kept.runs().length > 1}>
        <div class="inline">
          <button type="button" onClick={() => void kept.addEnsemble()}>
            Add these models as a deep ensemble
          </button>
          <span class="soft small">
            Every run’s model without dropout becomes one variant: another posterior on the same study.
          </span>
        </div>
        <Show when={kept.problem()}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        <Against />
      </Show>
      <Fold title="The paper’s table, for comparison in shape" testId="paper">
        <PaperTable />
      </Fold>
    </div>
  );
}

function RunRow(props: { run: KeptRun; shown: boolean }) {
  const { kept, priced } = useLab();
  const outcomeOf = () => props.run.result.fits[priced()];
  const lines = () => {
    const outcome = outcomeOf();
    return outcome.kind === 'fitted' ? outcome : undefined;
  };
  const epistemic = () =>
    sampleQuantile(
      props.run.result.configurations.filter((point) => point.traded).map((point) => point.sigmaBps.epistemic),
      0.5,
    );
  return (
    <tr classList={{ chosen: props.shown }}>
      <th scope="row">
        <Marker marker={markerOf(props.run.id)} /> {props.run.id}
      </th>
      <td>{props.run.model}</td>
      <td>
        {props.run.sampler}, {formatCount(props.run.result.variants)}
      </td>
      <Show when={lines()} fallback={<td colSpan={4}>no line is determined</td>}>
        {(now) => (
          <>
            <td>{formatWithError(now().annualisedSlope, now().annualisedSlopeStdErr)}</td>
            <td>
              {annualInterval(props.run.result.intervals[priced()].leastSquares, props.run.result.periodsPerYear)}
            </td>
            <td>{formatFixed2(now().leastSquares.r2)}</td>
            <td>{formatCount(now().leastSquares.points)}</td>
          </>
        )}
      </Show>
      <td>{formatFixed2(epistemic())}</td>
      <td>
        <code>{props.run.settingsDigest}</code>
      </td>
      <td>
        <code>{props.run.quotesDigest}</code>
      </td>
      <td>
        <Show when={!props.shown} fallback={<span class="soft">shown</span>}>
          <button type="button" class="quiet" onClick={() => kept.remove(props.run.id)}>
            Remove run {props.run.id}
          </button>
        </Show>
      </td>
    </tr>
  );
}

/** The other runs against a chosen one: slope, tightness and overlap of the clouds. */
function Against() {
  const lab = useLab();
  const [chosen, setChosen] = createSignal<number>();
  const runs = lab.kept.runs;
  const reference = createMemo(() => runs().find((run) => run.id === chosen()) ?? runs()[0]);
  const others = createMemo(() => runs().filter((run) => run !== reference()));
  const question = createMemo(() => {
    const against = reference();
    return against && { against, others: others(), priced: lab.priced() };
  });
  const answer = createAnswer(question, ({ against, others: with_, priced }, signal) =>
    lab.riskEngine.compare(
      against.result,
      with_.map((run) => run.result),
      priced,
      against.settings.seed,
      signal,
    ),
  );
  return (
    <div class="stack">
      <label class="inline">
        Compare with run
        <select onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          <For each={runs()}>
            {(run) => (
              <option value={run.id} selected={run === reference()}>
                {run.id}: {run.model}
              </option>
            )}
          </For>
        </select>
      </label>
      <Awaited answer={answer()}>
        {(comparisons) => (
          <TableBox testId="comparison-table" caption={`Against run ${reference()?.id}: ${reference()?.model}`}>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">
                  SR<sub>θ</sub> difference, annual
                </th>
                <th scope="col">95 % interval</th>
                <th scope="col" title="Mean distance from the centre of the cloud, over that of the other">
                  Spread, relative
                </th>
                <th scope="col" title="Permutation test, one-sided: this cloud is tighter">
                  Tighter, p
                </th>
                <th scope="col" title="Bhattacharyya coefficient: 1 for equal, 0 for disjoint clouds">
                  Overlap
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={others()}>
                {(run, i) => (
                  <Show when={comparisons[i()]}>
                    {(comparison) => (
                      <ComparisonRow run={run} comparison={comparison()} periodsPerYear={run.result.periodsPerYear} />
                    )}
                  </Show>
                )}
              </For>
            </tbody>
          </TableBox>
        )}
      </Awaited>
      <p class="soft small">
        The difference draws the same days for both runs. Spread is the mean distance of configurations from the centre
        of their cloud, each axis in units of the deviation within clouds; the test hands the distances out anew. Dashed
        outlines on the plane hold {formatShort(outlineShare * 100)} % of a normal cloud.
      </p>
    </div>
  );
}

function ComparisonRow(props: { run: KeptRun; comparison: Comparison; periodsPerYear: number }) {
  const { tightness } = props.comparison;
  return (
    <tr>
      <th scope="row">
        <Marker marker={markerOf(props.run.id)} /> {props.run.id}: {props.run.model}
      </th>
      <td>{formatFixed2(annualiseSlope(props.comparison.difference.estimate, props.periodsPerYear))}</td>
      <td
        title={
          props.comparison.difference.interval.kind === 'none'
            ? props.comparison.difference.interval.problem.message
            : undefined
        }
      >
        {annualInterval(props.comparison.difference.interval, props.periodsPerYear)}
      </td>
      <Show when={'pValue' in tightness && tightness} fallback={<td colSpan={2}>not determined</td>}>
        {(test) => (
          <>
            <td>{formatFixed2(test().ratio)}</td>
            <td>{formatShort(test().pValue)}</td>
          </>
        )}
      </Show>
      <td>{formatFixed2(props.comparison.overlap)}</td>
    </tr>
  );
}

function PaperTable() {
  return (
    <TableBox
      testId="paper-table"
      caption="Table 2 of the paper (arXiv 2510.17165): its own markets and models, not computed here"
    >
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Kind</th>
          <th scope="col">
            SR<sub>θ</sub> ± s.e.
          </th>
          <th scope="col">R²</th>
        </tr>
      </thead>
      <tbody>
        <For each={paperTable}>
          {(row) => (
            <tr>
              <th scope="row">{row.model}</th>
              <td>{row.kind}</td>
              <td>{formatWithError(row.slope, row.stdErr)}</td>
              <td>{formatFixed2(row.r2)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}

function annualInterval(interval: SlopeIntervalOutcome, periodsPerYear: number): string {
  if (interval.kind === 'none') return 'none';
  const [low, high] = [interval.low, interval.high].map((slope) => formatFixed2(annualiseSlope(slope, periodsPerYear)));
  return `${low} to ${high}`;
}

/** A word of warning where runs differ in more than the model. */
function mixed(runs: readonly KeptRun[]): string {
  const differ = (of: (run: KeptRun) => string) => new Set(runs.map(of)).size > 1;
  const parts = [
    ...(differ((run) => run.settingsDigest) ? ['settings'] : []),
    ...(differ((run) => run.quotesDigest) ? ['quotes'] : []),
  ];
  return parts.length > 0 ? `The runs above differ in their ${parts.join(' and ')}.` : '';
}
