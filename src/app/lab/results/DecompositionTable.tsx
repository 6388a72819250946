/** The variance of every configuration in its parts: both splits, plug-in and bias-corrected, with intervals. */

import { createMemo, For, Show } from 'solid-js';
import type { ConfigurationSummary, MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import type { VarianceSplit } from '../../../risk/decomposition/decomposition.ts';
import type { Interval } from '../../../risk/resampling/bootstrapInterval.ts';
import type { ConfigurationIntervals } from '../../../risk/resampling/riskIntervals.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2 } from '../../format.ts';
import { type Answer, found } from './analysis.ts';

/** A table of more rows helps nobody; the export has them all. */
const mostRows = 200;

export function DecompositionTable(props: {
  result: MarketLineResult;
  risks: Answer<readonly ConfigurationIntervals[]>;
  onOpen: (config: number) => void;
}) {
  const byConfiguration = createMemo(
    () => new Map((found(props.risks) ?? []).map((each) => [each.configuration, each] as const)),
  );
  const words = () => periodWords[props.result.period];
  const rows = createMemo(() => props.result.configurations.filter((point) => point.traded).slice(0, mostRows));
  return (
    <>
      <p class="small">
        σ in bps {words().each}. <em>Time-resolved</em>: the dropout variants disagree about a return (epistemic), and
        the market moves from one to the next (aleatory). <em>Mean-return</em>: the variants’ whole backtests differ in
        their mean (epistemic, eq. 8 of the paper read so), and each varies over time (aleatory). In both, σ² epistemic
        + σ² aleatory = σ² total exactly. The corrected figures take out the bias of few variants and few returns; a
        negative corrected variance is shown as such. In parentheses 95 % intervals by drawing {words().many} anew.
      </p>
      <TableBox
        tall
        testId="decomposition-table"
        caption={`Variance by configuration, ${formatCount(rows().length)} that traded`}
      >
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Configuration
            </th>
            <th scope="col" rowSpan={2}>
              σ total
            </th>
            <th scope="colgroup" colSpan={2}>
              Time-resolved
            </th>
            <th scope="colgroup" colSpan={2}>
              Time-resolved, corrected
            </th>
            <th scope="colgroup" colSpan={2}>
              Mean-return
            </th>
            <th scope="col" rowSpan={2}>
              σ deterministic
            </th>
            <th scope="col" rowSpan={2}>
              σ² − σ²<sub>MC</sub>
            </th>
          </tr>
          <tr>
            <For each={[0, 1, 2]}>
              {() => (
                <>
                  <th scope="col">epistemic</th>
                  <th scope="col">aleatory</th>
                </>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(point) => {
              const intervals = () => byConfiguration().get(point.index);
              const { decomposition } = point;
              return (
                <tr>
                  <th scope="row">
                    <button type="button" class="quiet" onClick={() => props.onOpen(point.index)}>
                      {point.index}
                    </button>
                  </th>
                  <td>{sigma(decomposition.totalVariance, intervals()?.sigma.timeResolved.total)}</td>
                  <SplitCells split={decomposition.timeResolved} intervals={intervals()?.sigma.timeResolved} />
                  <SplitCells split={decomposition.unbiasedTimeResolved} />
                  <SplitCells split={decomposition.meanReturn} intervals={intervals()?.sigma.meanReturn} />
                  <td>{formatFixed2(point.deterministic.sigmaBps)}</td>
                  <td classList={{ 'bad-text': point.exceedsDeterministic }}>{remainder(point)}</td>
                </tr>
              );
            }}
          </For>
        </tbody>
      </TableBox>
      <p class="small" data-testid="exceeding">
        In {formatCount(props.result.exceedsDeterministicCount)} of {formatCount(props.result.configurations.length)}{' '}
        configurations σ²<sub>MC</sub> is larger than the deterministic model’s σ²: the paper’s priced σ with that σ²
        would be imaginary. The last column shows them negative, in bps².
      </p>
      <Show when={props.risks.kind === 'waiting'}>
        <p class="soft small">Resampling the returns for the intervals …</p>
      </Show>
    </>
  );
}

function SplitCells(props: {
  split: VarianceSplit;
  intervals?: { readonly epistemic: Interval | null; readonly aleatory: Interval | null } | undefined;
}) {
  return (
    <>
      <td>{sigma(props.split.epistemicVariance, props.intervals?.epistemic)}</td>
      <td>{sigma(props.split.aleatoryVariance, props.intervals?.aleatory)}</td>
    </>
  );
}

/** σ of a variance in squared returns; a variance estimated below zero keeps its sign: "−(1.20)²". */
function sigma(variance: number, interval?: Interval | null): string {
  const text =
    variance < 0 ? `−(${formatFixed2(Math.sqrt(-variance) * 1e4)})²` : formatFixed2(Math.sqrt(variance) * 1e4);
  return interval ? `${text} (${formatFixed2(interval.low * 1e4)}–${formatFixed2(interval.high * 1e4)})` : text;
}

/** The deterministic model's σ² less σ²_MC, in bps². */
function remainder({ deterministic, decomposition }: ConfigurationSummary): string {
  return formatFixed2(deterministic.sigmaBps ** 2 - decomposition.timeResolved.epistemicVariance * 1e8);
}
