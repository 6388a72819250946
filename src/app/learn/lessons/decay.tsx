/** Step 9: alpha decays. */

import { createMemo } from 'solid-js';
import { decayingAlpha } from '../../../analysis/lessons/risk.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const DAYS = 500;

export const decayLesson: Lesson = {
  id: 'decay',
  title: 'What everybody knows earns nothing',
  controls: [
    { id: 'halfLife', label: 'Half-life', unit: 'days', min: 20, max: 500, step: 10, start: 120 },
    { id: 'window', label: 'Window', unit: 'days', min: 10, max: 120, step: 5, start: 60 },
    seedControl,
  ],
  Body: (props) => {
    const world = createMemo(() =>
      decayingAlpha({
        startSharpe: 4,
        halfLifeDays: props.value('halfLife'),
        days: DAYS,
        windowDays: props.value('window'),
        seed: props.value('seed'),
      }),
    );
    const error = () => Math.sqrt(252 / props.value('window'));
    return (
      <>
        <p>
          A model is published, others trade on it, and what it foresees is in the price before you come. Somebody
          watching a rolling Sharpe ratio sees the decay late, and sees much that is not there.
        </p>
        <math display="block" aria-label="Sharpe ratio at time t is the first one times two to the minus t over h">
          <mrow>
            <mi>SR</mi>
            <mo>(</mo>
            <mi>t</mi>
            <mo>)</mo>
            <mo>=</mo>
            <msub>
              <mi>SR</mi>
              <mn>0</mn>
            </msub>
            <mo>·</mo>
            <msup>
              <mn>2</mn>
              <mrow>
                <mo>−</mo>
                <mi>t</mi>
                <mo>/</mo>
                <mi>h</mi>
              </mrow>
            </msup>
          </mrow>
        </math>
        <LineSketch
          label={`Planted and rolling Sharpe ratio over ${DAYS} days`}
          lines={[
            { values: world().rolling, kind: 'line', tone: 'main' },
            { values: world().planted, kind: 'line', tone: 'point', dashed: true },
          ]}
          include={[0]}
          event={{ at: props.value('halfLife'), name: 'half is gone' }}
          xLabel="day"
          yLabel="Sharpe ratio a year"
          formatY={formatShort}
        />
        <p class="readout">
          The rolling ratio of {formatShort(props.value('window'))} days has a standard error of about{' '}
          <strong>{formatFixed2(error())}</strong> a year; what was there falls from 4.00 to{' '}
          {formatFixed2(world().planted[DAYS - 1] ?? Number.NaN)}.
        </p>
        <p class="soft">Dashed: what is there. Solid: what a window sees. A longer window is steadier and later.</p>
      </>
    );
  },
  question: {
    ask: 'A 20-day Sharpe ratio falls from 3 to 1. Has the model lost its edge?',
    answers: [
      {
        text: 'Yes, two thirds of it',
        why: 'Over 20 days the standard error is about 3.5 a year: such a fall is noise.',
      },
      {
        text: 'It cannot be told from 20 days',
        right: true,
        why: 'The standard error, √(252/20) ≈ 3.5, is larger than the fall. Years, or many strategies together, can tell.',
      },
      {
        text: 'No, a Sharpe ratio of 1 is good',
        why: 'It may be; but neither the 3 nor the 1 is known well enough to say.',
      },
    ],
  },
};
