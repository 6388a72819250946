/** The market line in numbers, for the three conventions of what is priced side by side. */

import { For, Show } from 'solid-js';
import { type FitOutcome, type FittedLines, type PricedRisk, pricedRisks } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { ANALYTIC_ERROR_CAUTION, annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { SlopeIntervalOutcome } from '../../../risk/resampling/bootstrap.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatFixed3, formatShort, formatWithError } from '../../format.ts';
import { annualInterval, pricedNames } from './plane.ts';

export function LineTable(props: { result: MarketLineResult; priced: PricedRisk }) {
  const words = () => periodWords[props.result.period];
  return (
    <div class="stack">
      <TableBox
        testId="line-table"
        caption={
          <>
            Slopes (± standard error) by what counts as risk, on plug-in σ, given these variants; a year has{' '}
            {formatShort(props.result.periodsPerYear)} {words().many}
          </>
        }
      >
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Risk
            </th>
            <th scope="colgroup" colSpan={5}>
              Least squares
            </th>
            <th scope="colgroup" colSpan={3}>
              Through the risk-free rate
            </th>
            <th scope="col" rowSpan={2}>
              n
            </th>
          </tr>
          <tr>
            <th scope="col">
              SR<sub>θ</sub> {words().each}
            </th>
            <th scope="col">
              SR<sub>θ</sub> annual
            </th>
            <th scope="col" title="By drawing the returns anew; of the annual slope">
              95 % interval
            </th>
            <th scope="col">R², centred</th>
            <th scope="col">Intercept, bps</th>
            <th scope="col">{words().each}</th>
            <th scope="col">Annual</th>
            <th
              scope="col"
              title="Uncentred: the share of the squared risk premium explained; not comparable with the centred R²"
            >
              R², uncentred
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={pricedRisks}>
            {(priced) => (
              <tr classList={{ chosen: priced === props.priced }} aria-current={priced === props.priced}>
                <th scope="row">{pricedNames[priced]}</th>
                <Show when={fitted(props.result.fits[priced])} fallback={<td colSpan={9}>no line is determined</td>}>
                  {(lines) => (
                    <FitCells
                      lines={lines()}
                      interval={props.result.intervals[priced].leastSquares}
                      periodsPerYear={props.result.periodsPerYear}
                    />
                  )}
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="soft small">
        {ANALYTIC_ERROR_CAUTION} {intervalNote(props.result.intervals[props.priced].leastSquares, words().many)}
      </p>
    </div>
  );
}

function FitCells(props: { lines: FittedLines; interval: SlopeIntervalOutcome; periodsPerYear: number }) {
  const annual = () => annualiseSlope(props.lines.throughRiskFree.slope, props.periodsPerYear);
  return (
    <>
      <td>{formatWithError(props.lines.leastSquares.slope, props.lines.leastSquares.slopeStdErr, 3)}</td>
      <td>{formatWithError(props.lines.annualisedSlope, props.lines.annualisedSlopeStdErr)}</td>
      <td>{annualInterval(props.interval, props.periodsPerYear)}</td>
      <td>{formatFixed2(props.lines.leastSquares.r2)}</td>
      <td>{formatFixed2(props.lines.leastSquares.intercept * 1e4)}</td>
      <td>{formatFixed3(props.lines.throughRiskFree.slope)}</td>
      <td>{formatFixed2(annual())}</td>
      <td>{formatFixed2(props.lines.throughRiskFree.r2Uncentred)}</td>
      <td>{formatCount(props.lines.leastSquares.points)}</td>
    </>
  );
}

function fitted(fit: FitOutcome): FittedLines | undefined {
  return fit.kind === 'fitted' ? fit : undefined;
}

/** How the interval was made, or why there is none. */
function intervalNote(interval: SlopeIntervalOutcome, many: string): string {
  if (interval.kind === 'none') return `There is no interval: ${interval.problem.message}`;
  const { blockPeriods } = interval;
  const blocks = blockPeriods === null || blockPeriods === 1 ? many : `blocks of ${formatShort(blockPeriods)} ${many}`;
  return `The interval does not: it draws ${blocks} anew, ${formatCount(interval.replicates)} times, and fits the line to each draw.`;
}
