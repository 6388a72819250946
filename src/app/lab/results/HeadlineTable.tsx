/** The market line in one block: slope through r_f first, then whether it is a line and starts where eq. 7 says. */

import { For, Show } from 'solid-js';
import type { UserProblem } from '../../../core/errors.ts';
import { formOf, type Headline } from '../../../marketLine/headline.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { Interval } from '../../../risk/resampling/bootstrapInterval.ts';
import type { FigureInference } from '../../../risk/resampling/twoWay.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2, formatProbability, formatShort } from '../../format.ts';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly figure: string;
  readonly twoWay?: string;
  readonly days?: string;
  readonly meaning: string;
}

export function HeadlineTable(props: { headline: Headline | UserProblem; result: MarketLineResult }) {
  const problem = () => ('code' in props.headline ? props.headline : undefined);
  const headline = () => ('code' in props.headline ? undefined : props.headline);
  return (
    <Show when={headline()} fallback={<Show when={problem()}>{(found) => <ProblemNote problem={found()} />}</Show>}>
      {(found) => (
        <div class="stack">
          <TableBox testId="headline-table" caption={captionOf(found(), props.result)}>
            <thead>
              <tr>
                <th scope="col">Figure</th>
                <th scope="col">Here</th>
                <th scope="col">95 %, {periodWords[props.result.period].many} and variants drawn</th>
                <th scope="col">95 %, given these {formatCount(found().variants)} variants</th>
                <th scope="col">What it says</th>
              </tr>
            </thead>
            <tbody>
              <For each={rowsOf(found(), props.result)}>
                {(row) => (
                  <tr data-figure={row.id}>
                    <th scope="row">{row.title}</th>
                    <td>{row.figure}</td>
                    <td>{row.twoWay ?? '–'}</td>
                    <td>{row.days ?? '–'}</td>
                    <td class="prose">{row.meaning}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </TableBox>
          <p class="soft small">{maskNote(found())}</p>
        </div>
      )}
    </Show>
  );
}

function captionOf({ form, inference }: Headline, { period }: MarketLineResult): string {
  const { many } = periodWords[period];
  const sigma =
    form === 'corrected'
      ? 'bias-corrected aleatory σ, √(A − E/(K−1))'
      : 'plug-in aleatory σ: fewer than three configurations have a corrected one';
  return `The line on ${sigma}; blocks of ${formatShort(inference.blockPeriods)} ${many}, ${formatCount(inference.replicates)} draws, studentised`;
}

function rowsOf(headline: Headline, result: MarketLineResult): Row[] {
  const { many } = periodWords[result.period];
  const annual = (slope: number) => annualiseSlope(slope, result.periodsPerYear);
  const form = formOf(headline);
  const shape = headline.shapes[headline.form];
  const slopeRow = (id: string, title: string, figure: FigureInference, meaning: string): Row => ({
    id,
    title,
    figure: formatFixed2(annual(figure.estimate)),
    twoWay: intervalText(figure.twoWay, annual),
    days: intervalText(figure.days, annual),
    meaning,
  });
  const plugIn = headline.inference.forms.plugIn;
  const inBps = (value: number) => value * 1e4;
  const rows: Row[] = [
    slopeRow(
      'through',
      'SRθ: slope through r_f, annual',
      form.through,
      'What the cloud earns above the risk-free rate for each unit of priced risk, as eq. 7 has it: the headline.',
    ),
    slopeRow(
      'slope',
      'Free slope, annual',
      form.slope,
      'Without holding the line to r_f at no risk. It rewards a cloud that loses where it risks little.',
    ),
    {
      id: 'intercept',
      title: 'Intercept, bps',
      figure: formatFixed2(inBps(form.intercept.estimate)),
      twoWay: intervalText(form.intercept.twoWay, inBps),
      days: intervalText(form.intercept.days, inBps),
      meaning: `Eq. 7 says r_f, ${formatFixed2(inBps(result.riskFreePerPeriod))} bps.`,
    },
  ];
  if (!('code' in shape)) {
    const { intercept, curvature, exponent } = shape;
    rows.push({
      id: 'eq7',
      title: 'Does eq. 7 hold?',
      figure: intercept.rejected ? 'rejected' : 'not rejected',
      meaning: `Whether r_f lies in the intercept’s interval. z = ${formatFixed2(intercept.z)}, p = ${formatShort(intercept.pValue)}${form.interceptP === null ? '' : `; by the draws p = ${formatShort(form.interceptP)}`}.`,
    });
    rows.push({
      id: 'curvature',
      title: 'Is it a line?',
      figure: curvature ? (curvature.pValue < 0.05 ? 'curved' : 'no curvature found') : 'too few points',
      meaning:
        (curvature ? `Curvature z = ${formatFixed2(curvature.z)}, p = ${formatShort(curvature.pValue)}. ` : '') +
        (exponent
          ? `The premium grows as σ to the power ${formatFixed2(exponent.exponent)} ± ${formatFixed2(exponent.stdErr)} (a line through r_f: 1; ${formatCount(exponent.omitted)} points not above r_f left out).`
          : 'Fewer than three points lie above r_f, so there is no exponent.'),
    });
    rows.push({
      id: 'r2',
      title: 'R², centred',
      figure: `${formatFixed2(shape.r2CentredThrough)}, ${formatFixed2(shape.r2Centred)}`,
      meaning:
        'Through r_f, and free. Share of the spread of mean returns that the line explains; below 0 a constant does better.',
    });
    const lines = [
      ['Deming (errors 2 : 1)', shape.deming],
      ['moments', shape.moments],
      ['SIMEX', shape.simex],
    ] as const;
    for (const [name, line] of lines) {
      rows.push({
        id: 'errors-in-sigma',
        title: `Free slope, annual: ${name}`,
        figure: line ? formatFixed2(annual(line.slope)) : 'not determined',
        meaning: line
          ? `Allows for the error of σ over ${formatCount(headline.periods)} ${many}; reliability of σ ${formatFixed2(shape.moments?.reliability ?? 0)}.`
          : 'The errors of σ are as large as its spread, or the sign of the free slope is not known.',
      });
    }
  }
  rows.push(
    {
      id: 'plug-in',
      title: 'On plug-in σ: through r_f, free',
      figure: `${formatFixed2(annual(plugIn.through.estimate))}, ${formatFixed2(annual(plugIn.slope.estimate))}`,
      twoWay: intervalText(plugIn.through.twoWay, annual),
      days: intervalText(plugIn.through.days, annual),
      meaning:
        'σ of the portfolio of all variants: it falls as variants are added, whatever the model, and the slope rises.',
    },
    {
      id: 'undefined',
      title: 'Points without a σ',
      figure: `${formatCount(headline.inference.forms.corrected.undefinedPoints)} corrected, ${formatCount(result.exceedsDeterministicCount)} deterministic`,
      meaning:
        'Left out of the line: A − E/(K−1) is not above 0. Deterministic is the paper’s √(σ² − σ²_MC) with σ of the model without dropout.',
    },
    {
      id: 'sharpe',
      title: 'Median and best Sharpe, annual',
      figure: headline.sharpe
        ? `${formatFixed2(headline.sharpe.median)}, ${formatFixed2(headline.sharpe.best)}`
        : 'none',
      meaning: `Of the ${formatCount('code' in shape ? 0 : shape.points)} configurations themselves, on total (pooled) σ, r_f subtracted. A slope far above the best of them is no Sharpe ratio anybody earns.`,
    },
  );
  return rows;
}

function intervalText(interval: Interval | null, unit: (value: number) => number): string {
  return interval ? `${formatFixed2(unit(interval.low))} to ${formatFixed2(unit(interval.high))}` : 'not determined';
}

/** From the planted clouds of docs/statistics.md. */
function coverageNote(periods: number): string {
  return periods < 60
    ? 'In planted clouds of 20 periods and 8 variants the interval with variants drawn held the true slope through r_f 88 to 94 times of 100, not 95: take it for a little too narrow.'
    : 'In planted clouds of 60 periods and 8 variants the interval with variants drawn held the true slope through r_f 91 (steep, variants alike) to 100 times of 100.';
}

function maskNote({ variants, lastingShare, kCurve, periods }: Headline): string {
  if (variants < 2) return 'One variant says nothing about how another one would differ: intervals are given this one.';
  const lasting =
    lastingShare === null
      ? ''
      : `${formatProbability(lastingShare)} of the epistemic variance is a difference that lasts over all periods: more days do not remove it, so only the interval that draws variants too covers it. `;
  const [first, last] = [kCurve[1], kCurve.at(-1)];
  const grows =
    first && last && first.slope.mean !== 0
      ? `From ${formatCount(first.k)} to ${formatCount(last.k)} variants the plug-in free slope goes by averaging alone to ${formatFixed2(last.slope.mean / first.slope.mean)} times itself, its R² from ${formatFixed2(first.r2Mean)} to ${formatFixed2(last.r2Mean)}.`
      : '';
  return `${lasting}${grows} ${coverageNote(periods)}`;
}
