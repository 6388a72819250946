/** Losses of a training on uPlot: of every step, smoothed, and of the validation range. Focusable; the arrow keys move the cursor. */

import { createEffect, createSignal, on, onMount } from 'solid-js';
import uPlot from 'uplot';
import type { Validation } from '../../training/fineTuning/fineTuningState.ts';
import { SavePlot } from '../components/SavePlot.tsx';
import { formatCount, formatShort } from '../format.ts';
import { createUplot } from './uplot.ts';

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
  const columns = (): Columns => columnsOf(props.losses, props.validations);
  const { plot, drawing } = createUplot(
    () => frame,
    () => undefined,
    (within, width) =>
      new uPlot(
        options(within, width, () => props.steps, setAt),
        columns(),
        within,
      ),
  );
  // Data come with every step: the plot stays.
  onMount(() =>
    createEffect(on([() => props.losses, () => props.validations], () => plot()?.setData(columns()), { defer: true })),
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    const now = plot();
    if (!by || !now) return;
    event.preventDefault();
    const next = Math.min(props.losses.length, Math.max(0, (at() ?? 0) + by));
    now.setCursor({ left: now.valToPos(next, 'x'), top: 10 });
  };
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
    <figure
      class="chart"
      aria-label="Losses of the training. Arrow keys move the cursor."
      onKeyDown={onKeyDown}
      tabindex="0"
    >
      <figcaption>
        Loss: <span class="loss-training">training</span> and <span class="loss-validation">validation</span>
      </figcaption>
      <div ref={frame} class="chart-frame" />
      <p class="readout" aria-live="polite">
        {readout()}
      </p>
      <SavePlot name="Losses of the training" drawing={drawing} />
    </figure>
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
  steps: () => number,
  onCursor: (step: number | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(frame);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--ink-soft'), font: `12px ${style.fontFamily}`, ticks: { show: false } };
  const grid = { stroke: colour('--rule'), width: 1 };
  return {
    width,
    height: 200,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: false, range: () => [0, Math.max(1, steps())] } },
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
    hooks: { setCursor: [(self) => onCursor(self.cursor.idx ?? undefined)] },
  };
}
