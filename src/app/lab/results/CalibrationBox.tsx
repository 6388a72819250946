/** What the calibration study found about the intervals, from the figures that `npm run calibrate` wrote. */

import { For } from 'solid-js';
import calibration from '../../../analysis/calibration/calibration.json';
import {
  type CalibrationReport,
  COVERAGE_GOAL,
  coverageRange,
  GOAL_DAYS,
  undercovering,
} from '../../../analysis/calibration/calibrationReport.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCount, formatFixed2 } from '../../format.ts';

const report: CalibrationReport = calibration;

export function CalibrationBox() {
  const shown = [report.defaultInterval, ...undercovering(report).map(({ name }) => name)];
  const range = coverageRange(report, report.defaultInterval);
  return (
    <>
      <p class="small" data-testid="calibration-verdict">
        On returns with a known slope the default interval, nominally 95 %, held the truth in {share(range.low)} to{' '}
        {share(range.high)} of {formatCount(report.studies)} planted studies a cell from {GOAL_DAYS} days on (goal{' '}
        {share(COVERAGE_GOAL.low)} to {share(COVERAGE_GOAL.high)}). These cover too seldom somewhere, so they are not
        the default:{' '}
        {undercovering(report)
          .map(({ name, low }) => `${readable(name)} (down to ${share(low)})`)
          .join('; ')}
        .
      </p>
      <For each={report.shapes}>
        {({ title, intervals }) => (
          <TableBox caption={`Coverage. ${title}`}>
            <thead>
              <tr>
                <th scope="col">Interval</th>
                <For each={report.days}>{(days) => <th scope="col">{formatCount(days)} days</th>}</For>
              </tr>
            </thead>
            <tbody>
              <For each={intervals.filter(({ name }) => shown.includes(name))}>
                {({ name, coverage }) => (
                  <tr classList={{ chosen: name === report.defaultInterval }}>
                    <th scope="row">{readable(name)}</th>
                    <For each={coverage}>
                      {(value) => <td classList={{ 'bad-text': value < COVERAGE_GOAL.low }}>{share(value)}</td>}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </TableBox>
        )}
      </For>
      <TableBox
        caption={`Power: share of ${formatCount(report.powerStudies)} planted studies, common shocks, the default interval`}
      >
        <thead>
          <tr>
            <th scope="col">
              Planted SR<sub>θ</sub> a day
            </th>
            <th scope="col">Days</th>
            <th scope="col">Told from zero</th>
            <th scope="col">Two models told apart</th>
          </tr>
        </thead>
        <tbody>
          <For each={report.power}>
            {(row) => (
              <tr>
                <th scope="row">{formatFixed2(row.sharpePerDay)}</th>
                <td>{formatCount(row.days)}</td>
                <td>{share(row.toldFromZero)}</td>
                <td>{share(row.toldApart)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <TableBox caption="What variants, configurations and risks change (60 days, common shocks)">
        <thead>
          <tr>
            <th scope="col">Changed</th>
            <th scope="col">Default covers</th>
            <th scope="col">Told from zero</th>
            <th scope="col">Two models told apart</th>
          </tr>
        </thead>
        <tbody>
          <For each={report.varied}>
            {(row) => (
              <tr>
                <th scope="row">{row.title}</th>
                <td>{share(row.coverage)}</td>
                <td>{share(row.toldFromZero)}</td>
                <td>{share(row.toldApart)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
    </>
  );
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** An interval's name in the report, spelt out. */
function readable(name: string): string {
  return words.reduce((text, [short, long]) => text.replace(short, long), name);
}

const words = [
  ['studentT', 'Student’s t'],
  ['bca', 'BCa'],
  ['circular days', 'circular blocks of days'],
  ['stationary days', 'stationary blocks of days'],
  ['through r_f', 'through the risk-free rate'],
] as const;
