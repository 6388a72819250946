/** The other runs against a chosen one: slope, tightness and overlap of the clouds. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Comparison } from '../../../analysis/comparison.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import { markerOf } from '../../charts/marker.ts';
import { outlineShare } from '../../charts/plane/curves.ts';
import { Awaited } from '../../components/Awaited.tsx';
import { Marker } from '../../components/Marker.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';
import type { KeptRun } from '../run/keptRuns.ts';
import { createAnswer } from './analysis.ts';
import { annualInterval } from './plane.ts';

export function RunsAgainst() {
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
