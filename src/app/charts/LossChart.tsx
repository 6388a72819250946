/** Losses of a training on uPlot: of every step, smoothed, and of the validation range. */

import { createMemo, createSignal } from 'solid-js';
import uPlot from 'uplot';
import type { Validation } from '../../training/fineTuning/fineTuningState.ts';
import { formatCount, formatShort } from '../format.ts';
import { ChartFigure } from './frame/ChartFigure.tsx';
import { movesOf } from './frame/cursor.ts';
import { createRange } from './frame/range.ts';
import { createUplot, uplotBase } from './frame/uplot.ts';
import type { Extent } from './scale.ts';

/** Steps that the curve of training losses is averaged over, at most. */
const SMOOTHING = 20;

type Columns = [steps: number[], training: (number | null)[], validation: (number | null)[]];

export function LossChart(props: {
  losses: readonly number[];
  validations: readonly Validation[];
  /** Steps there will be. */
  steps: number;
}) {
  let frame!: HTMLDivElement;
  const [at, setAt] = createSignal<number>();
  const columns = createMemo((): Columns => columnsOf(props.losses, props.validations));
  const range = createRange(() => ({ min: 0, max: Math.max(1, props.steps) }));
  const { plot, drawing, box } = createUplot(
    () => frame,
    () => undefined,
    (within, width) => new uPlot(options(within, width, range.sight, setAt), columns(), within),
    // Data come with every step: the plot stays.
    { redraws: columns, sight: range.sight },
  );
  const moves = movesOf(
    range,
    () => props.losses.length,
    at,
    (next) => {
      const now = plot();
      now?.setCursor({ left: now.valToPos(next, 'x'), top: 10 });
    },
  );
  const readout = (): string => {
    const step = at();
    if (step === undefined) return ' ';
    const [, training, validation] = columns();
    const parts = [
      typeof training[step] === 'number' ? `training ${formatShort(training[step])}` : '',
      typeof validation[step] === 'number' ? `validation ${formatShort(validation[step])}` : '',
    ].filter(Boolean);
    return `Step ${formatCount(step)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
  };

  return (
    <ChartFigure
      label="Losses of the training"
      caption={
        <>
          Loss: <span class="loss-training">training</span> and <span class="loss-validation">validation</span>
        </>
      }
      moves={moves}
      box={box}
      frame={(element) => {
        frame = element;
      }}
      readout={readout()}
      drawing={drawing}
    />
  );
}

/** Position i is after i steps. */
function columnsOf(losses: readonly number[], validations: readonly Validation[]): Columns {
  const steps = Array.from({ length: losses.length + 1 }, (_, i) => i);
  const training: (number | null)[] = [null];
  let sum = 0;
  losses.forEach((loss, i) => {
    sum += loss - (losses[i - SMOOTHING] ?? 0);
    training.push(sum / Math.min(SMOOTHING, i + 1));
  });
  const validation: (number | null)[] = steps.map(() => null);
  for (const { step, loss } of validations) validation[step] = loss;
  return [steps, training, validation];
}

function options(
  frame: HTMLElement,
  width: number,
  sight: () => Extent,
  onCursor: (step: number | undefined) => void,
): uPlot.Options {
  const { look, base } = uplotBase(frame, width, 200, onCursor);
  const { colour, axis, grid } = look;
  return {
    ...base,
    scales: { x: { time: false, range: () => [sight().min, sight().max] } },
    axes: [
      { ...axis, size: 28, grid },
      { ...axis, size: 62, grid, values: (_, splits) => splits.map(formatShort) },
    ],
    series: [
      {},
      { stroke: colour('--accent'), width: 1.5, points: { show: false } },
      {
        stroke: colour('--point'),
        width: 1.5,
        spanGaps: true,
        points: { show: true, size: 6, fill: colour('--point') },
      },
    ],
  };
}
