/** Step 8: why R² and standard errors can mislead. */

import { createMemo } from 'solid-js';
import { worthlessWorlds } from '../../../analysis/lessons/risk.ts';
import { median } from '../../../risk/moments/statistics.ts';
import { Bars } from '../../components/Bars.tsx';
import { formatFixed2, formatPercent } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const WORLDS = 100;
const BINS = 20;

export const rSquaredLesson: Lesson = {
  id: 'r-squared',
  title: 'Why R² can mislead',
  controls: [
    { id: 'shared', label: 'Shared by all', unit: 'of variance', min: 0, max: 0.95, step: 0.05, start: 0.6 },
    { id: 'days', label: 'Days', unit: 'days', min: 5, max: 250, step: 5, start: 20 },
    seedControl,
  ],
  Body: (props) => {
    const worlds = createMemo(() =>
      worthlessWorlds({
        worlds: WORLDS,
        days: props.value('days'),
        commonShare: props.value('shared'),
        configurations: 30,
        seed: props.value('seed'),
      }),
    );
    const bins = () => {
      const counts = new Array<number>(BINS).fill(0);
      for (const r2 of worlds().r2) {
        const bin = Math.min(BINS - 1, Math.floor(r2 * BINS));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return counts;
    };
    return (
      <>
        <p>
          Here are {WORLDS} worlds in which <strong>no strategy has any skill</strong>. In each, thirty configurations
          trade the same few days, and a line is fitted. Because they share the days, they are lucky or unlucky
          together, more so the more risk they take: a line appears out of nothing.
        </p>
        <math display="block" aria-label="R squared is one less residual over total sum of squares">
          <mrow>
            <msup>
              <mi>R</mi>
              <mn>2</mn>
            </msup>
            <mo>=</mo>
            <mn>1</mn>
            <mo>−</mo>
            <mfrac>
              <mtext>what the line leaves</mtext>
              <mtext>what there was</mtext>
            </mfrac>
          </mrow>
        </math>
        <figure>
          <Bars
            label={`How often R² was so high in ${WORLDS} worlds without skill: from 0 on the left to 1 on the right`}
            values={bins()}
            countsOnly
          />
          <figcaption class="soft small">R² of the fitted lines, from 0 on the left to 1 on the right</figcaption>
        </figure>
        <p class="readout">
          Median R² {formatFixed2(median(worlds().r2))}. The usual standard error calls the slope significant in{' '}
          <strong>{formatPercent(worlds().calledSignificant)}</strong> of these worlds; an honest test would in 5 %.
        </p>
        <p class="soft">
          That is why this program draws whole days anew for its intervals, and says how often each kind of interval
          holds the truth.
        </p>
      </>
    );
  },
  question: {
    ask: 'Two hundred configurations instead of thirty, on the same twenty days. Is the slope known better?',
    answers: [
      {
        text: 'Yes, there are far more points',
        why: 'All of them share the same twenty days; the luck of those days stays.',
      },
      {
        text: 'Hardly: the days are what counts',
        right: true,
        why: 'More points shrink the usual standard error, but not the error. Only more days do that.',
      },
      {
        text: 'Yes, if R² rises too',
        why: 'R² says how well points keep to a line, not whether the line is there next month.',
      },
    ],
  },
};
