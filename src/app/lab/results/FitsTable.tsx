/** Every line through the cloud with every interval of its slope, for the risk that is shown. */

import { For } from 'solid-js';
import {
  lineKinds as allLines,
  intervalKinds,
  type LineIntervals,
  type LineKind,
} from '../../../marketLine/lineIntervals.ts';
import type { FittedLines, PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { ANALYTIC_ERROR_CAUTION, annualiseSlope } from '../../../risk/lines/marketLine.ts';
import { defaultPeriodBootstrap, type SlopeIntervalOutcome } from '../../../risk/resampling/bootstrap.ts';
import { Awaited } from '../../components/Awaited.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatFixed3, formatShort, formatWithError } from '../../format.ts';
import type { Answer } from './analysis.ts';
import { pricedNames } from './plane.ts';

const lineNames: Readonly<Record<LineKind, string>> = {
  leastSquares: 'Least squares',
  throughRiskFree: 'Through the risk-free rate',
  orthogonal: 'Orthogonal',
  theilSen: 'Theil-Sen',
  huber: 'Huber',
};

/** Equal errors in σ and mean are no property of any market: Deming's line with theirs stands in the block above. */
const lineKinds = allLines.filter((kind) => kind !== 'orthogonal');

const intervalNames: Readonly<Record<(typeof intervalKinds)[number], string>> = {
  'days, studentT': 'Blocks of returns, Student’s t (default)',
  'days, percentile': 'Blocks of returns, percentile',
  'days, bca': 'Blocks of returns, BCa',
  'configurations, percentile': 'Configurations, percentile',
  'configurations, bca': 'Configurations, BCa',
  analytic: 'Analytic',
};

export function FitsTable(props: { result: MarketLineResult; priced: PricedRisk; lines: Answer<LineIntervals> }) {
  const outcome = () => props.result.fits[props.priced];
  const fitted = (): FittedLines | undefined => {
    const now = outcome();
    return now.kind === 'fitted' ? now : undefined;
  };
  const words = () => periodWords[props.result.period];
  const annual = (slope: number) => annualiseSlope(slope, props.result.periodsPerYear);
  return (
    <>
      <TableBox
        testId="fits-table"
        caption={`Lines on ${pricedNames[props.priced].toLowerCase()} risk; a year has ${formatShort(props.result.periodsPerYear)} ${words().many}`}
      >
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Slope {words().each}</th>
            <th scope="col">Slope, annual</th>
            <th scope="col">Intercept, bps {words().each}</th>
            <th scope="col">R²</th>
            <th scope="col" title="Uncentred: the share of the squared risk premium explained">
              R² through r<sub>f</sub>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={lineKinds}>
            {(kind) => (
              <tr>
                <th scope="row">{lineNames[kind]}</th>
                <FigureCells lines={fitted()} kind={kind} annual={annual} />
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <Awaited answer={props.lines}>
        {(lines) => (
          <>
            <TableBox
              testId="interval-table"
              caption="95 % intervals of the annual slope on plug-in σ, given these variants, by what is drawn anew"
            >
              <thead>
                <tr>
                  <th scope="col">Interval</th>
                  <For each={lineKinds}>{(kind) => <th scope="col">{lineNames[kind]}</th>}</For>
                </tr>
              </thead>
              <tbody>
                <For each={intervalKinds}>
                  {(kind) => (
                    <tr classList={{ chosen: kind === 'days, studentT' }}>
                      <th scope="row">{intervalNames[kind]}</th>
                      <For each={lineKinds}>
                        {(line) => <IntervalCell outcome={lines[props.priced][line][kind]} annual={annual} />}
                      </For>
                    </tr>
                  )}
                </For>
              </tbody>
            </TableBox>
            <p class="soft small">{whyDefault(lines[props.priced].leastSquares['days, studentT'], words().many)}</p>
          </>
        )}
      </Awaited>
      <p class="soft small">
        {ANALYTIC_ERROR_CAUTION} Lines without a standard error of their own have intervals by resampling only;
        Theil-Sen and Huber lines are fitted anew for fewer draws.
      </p>
    </>
  );
}

function FigureCells(props: { lines: FittedLines | undefined; kind: LineKind; annual: (slope: number) => number }) {
  const cells = (): readonly string[] => {
    const { lines, kind, annual } = props;
    if (!lines) return ['none', 'none', '–', '–', '–'];
    const { slope, intercept } = lines[kind];
    const error = kind === 'leastSquares' || kind === 'throughRiskFree' ? lines[kind].slopeStdErr : undefined;
    const withError = (value: number, of: number | undefined, digits: 2 | 3) =>
      of === undefined ? (digits === 3 ? formatFixed3 : formatFixed2)(value) : formatWithError(value, of, digits);
    return [
      withError(slope, error, 3),
      withError(annual(slope), error === undefined ? undefined : annual(error), 2),
      formatFixed2(intercept * 1e4),
      kind === 'leastSquares'
        ? formatFixed2(lines.leastSquares.r2)
        : kind === 'throughRiskFree'
          ? formatFixed2(lines.throughRiskFree.r2Centred)
          : '–',
      kind === 'throughRiskFree' ? formatFixed2(lines.throughRiskFree.r2Uncentred) : '–',
    ];
  };
  return <For each={cells()}>{(cell) => <td>{cell}</td>}</For>;
}

function IntervalCell(props: { outcome: SlopeIntervalOutcome | undefined; annual: (slope: number) => number }) {
  const text = (): string => {
    const { outcome, annual } = props;
    if (!outcome) return '–';
    if (outcome.kind === 'none') return 'none';
    return `${formatFixed2(annual(outcome.low))} to ${formatFixed2(annual(outcome.high))}`;
  };
  return <td title={props.outcome?.kind === 'none' ? props.outcome.problem.message : undefined}>{text()}</td>;
}

function whyDefault(outcome: SlopeIntervalOutcome | undefined, many: string): string {
  if (outcome?.kind === 'none') return `There is no default interval: ${outcome.problem.message}`;
  const draws = formatCount(defaultPeriodBootstrap.replicates);
  return (
    `The default draws blocks of ${many} anew, ${draws} times, because all configurations trade the same ${many}, and takes ` +
    'Student’s t about the slope, because percentiles of few of them are too narrow; the calibration below says how often each covers.'
  );
}
