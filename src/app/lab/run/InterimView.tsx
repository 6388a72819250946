/** A run while it goes on: the plane over the days that are done, and how the slope settles from day to day. */

import { createMemo, Show } from 'solid-js';
import { periodWords } from '../../../marketLine/periods.ts';
import { type Curve, LinePlot } from '../../charts/LinePlot.tsx';
import { markerOf } from '../../charts/marker.ts';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { formatFixed2 } from '../../format.ts';
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
  const periods = () => props.slopes.at(-1)?.periods ?? 0;
  const positions = createMemo(() => Array.from({ length: periods() + 1 }, (_, i) => String(i)));
  const curve = createMemo(
    (): Curve => ({
      name: 'SRθ',
      marker: markerOf(1),
      values: held(props.slopes, 'slope'),
      low: held(props.slopes, 'low'),
      high: held(props.slopes, 'high'),
    }),
  );
  return (
    <LinePlot
      label="The slope over the first days of the run, with its 95 % interval"
      positions={positions()}
      axis={positions().map((_, i) => i)}
      curves={[curve()]}
      xLabel={`${periodWords[props.slopes[0]?.period ?? 'day'].many} so far`}
      yLabel="SRθ, annual"
      format={formatFixed2}
      height={200}
    />
  );
}

/** Position i: what was known after i periods; null before there was anything. */
function held(slopes: readonly InterimSlope[], part: 'slope' | 'low' | 'high'): (number | null)[] {
  const values: (number | null)[] = [];
  for (const each of slopes) {
    while (values.length < each.periods) values.push(values.at(-1) ?? null);
    values.push(Number.isFinite(each[part]) ? each[part] : null);
  }
  return values;
}
