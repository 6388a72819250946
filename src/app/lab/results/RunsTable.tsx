/** All runs of this session in one table, each against a chosen one, with the paper's own table beside them. */

import { For, Show } from 'solid-js';
import { sampleQuantile } from '../../../risk/moments/moments.ts';
import { markerOf } from '../../charts/marker.ts';
import { Fold } from '../../components/Fold.tsx';
import { Marker } from '../../components/Marker.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatNotFinite, formatWithError } from '../../format.ts';
import { useLab } from '../lab.ts';
import { type KeptRun, MOST_KEPT } from '../run/keptRuns.ts';
import { PaperTable } from './PaperTable.tsx';
import { annualInterval, pricedNames } from './plane.ts';
import { RunsAgainst } from './RunsAgainst.tsx';

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
            <th scope="col" title="Median over the configurations that traded, bps of a return">
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
        <RunsAgainst />
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
      <td>
        {props.run.model}
        {props.run.imported ? ', imported' : ''}
        {formatNotFinite(props.run.result.notFinite)}
      </td>
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

/** A word of warning where runs differ in more than the model. */
function mixed(runs: readonly KeptRun[]): string {
  const differ = (of: (run: KeptRun) => string) => new Set(runs.map(of)).size > 1;
  const parts = [
    ...(differ((run) => run.settingsDigest) ? ['settings'] : []),
    ...(differ((run) => run.quotesDigest) ? ['quotes'] : []),
  ];
  return parts.length > 0 ? `The runs above differ in their ${parts.join(' and ')}.` : '';
}
