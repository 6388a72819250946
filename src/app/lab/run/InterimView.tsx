/** A run while it goes on: the plane over the days that are done, and how the slope settles from day to day. */

import { createMemo, Show } from 'solid-js';
import { periodWords } from '../../../marketLine/periods.ts';
import { LineSketch, type SketchLine } from '../../charts/LineSketch.tsx';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';
import { planeOf } from '../results/plane.ts';
import type { InterimSlope } from './run.ts';

export function InterimView() {
  const { run, priced } = useLab();
  const last = () => run.slopes().at(-1);
  return (
    <>
      <Show when={run.running() && run.interim()}>
        {(result) => (
          <div data-testid="interim">
            <RiskReturnPlane label="Risk-return plane of the first days" model={planeOf(result(), priced())} />
          </div>
        )}
      </Show>
      <Show when={run.slopes().length > 1 && last()}>
        {(now) => (
          <figure class="chart" data-testid="convergence">
            <figcaption class="small">
              After {now().periods} {periodWords[now().period].many}: SR<sub>θ</sub> {formatFixed2(now().slope)} a year
              <Show when={Number.isFinite(now().low)}>
                , 95 % interval {formatFixed2(now().low)} to {formatFixed2(now().high)}
              </Show>
              .
            </figcaption>
            <Converging slopes={run.slopes()} />
          </figure>
        )}
      </Show>
    </>
  );
}

function Converging(props: { slopes: readonly InterimSlope[] }) {
  const lines = createMemo((): SketchLine[] => [
    { values: held(props.slopes, 'low'), kind: 'step', tone: 'soft', dashed: true },
    { values: held(props.slopes, 'high'), kind: 'step', tone: 'soft', dashed: true },
    { values: held(props.slopes, 'slope'), kind: 'step', tone: 'main' },
  ]);
  const marks = () => props.slopes.map(({ periods, slope }) => ({ at: periods, value: slope }));
  return (
    <LineSketch
      label="The slope over the first days of the run, with its 95 % interval dashed"
      lines={lines()}
      marks={marks().filter(({ value }) => Number.isFinite(value))}
      xLabel={`${periodWords[props.slopes[0]?.period ?? 'day'].many} so far`}
      yLabel="SRθ, annual"
      formatY={formatShort}
      height={180}
    />
  );
}

/** Position i: what was known after i periods. */
function held(slopes: readonly InterimSlope[], part: 'slope' | 'low' | 'high'): number[] {
  const values: number[] = [];
  for (const each of slopes) {
    while (values.length < each.periods) values.push(values.at(-1) ?? Number.NaN);
    values.push(each[part]);
  }
  return values;
}
