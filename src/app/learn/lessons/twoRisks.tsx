/** Step 6: epistemic against aleatory risk. */

import { createMemo } from 'solid-js';
import { twoRisks } from '../../../analysis/lessons/risk.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const VARIANTS = 16;

export const twoRisksLesson: Lesson = {
  id: 'two-risks',
  title: 'Two kinds of risk',
  controls: [
    { id: 'aleatory', label: 'The market moves by', unit: 'bps a day', min: 0, max: 150, step: 5, start: 60 },
    { id: 'epistemic', label: 'The variants differ by', unit: 'bps a day', min: 0, max: 150, step: 5, start: 30 },
    { id: 'days', label: 'Days', unit: 'days', min: 10, max: 500, step: 10, start: 60 },
    seedControl,
  ],
  Body: (props) => {
    const world = createMemo(() =>
      twoRisks({
        variants: VARIANTS,
        days: props.value('days'),
        meanBps: 8,
        aleatoryBps: props.value('aleatory'),
        epistemicBps: props.value('epistemic'),
        seed: props.value('seed'),
      }),
    );
    const sigma = (variance: number): string => formatFixed2(Math.sqrt(variance) * 1e4);
    const split = () => world().split;
    return (
      <>
        <p>
          On each day every variant of a strategy earns something. What all of them feel is the market’s doing:{' '}
          <em>aleatory</em> risk. What sets them apart is the model’s: <em>epistemic</em> risk. The total variance is
          exactly the sum of both.
        </p>
        <math
          display="block"
          aria-label="sigma squared is the mean over days of the variance over variants, plus the variance over days of the mean over variants"
        >
          <mrow>
            <msup>
              <mi>σ</mi>
              <mn>2</mn>
            </msup>
            <mo>=</mo>
            <munder>
              <mrow>
                <msub>
                  <mi>E</mi>
                  <mi>t</mi>
                </msub>
                <msub>
                  <mi>Var</mi>
                  <mi>k</mi>
                </msub>
                <mo>[</mo>
                <mi>r</mi>
                <mo>]</mo>
              </mrow>
              <mtext>epistemic</mtext>
            </munder>
            <mo>+</mo>
            <munder>
              <mrow>
                <msub>
                  <mi>Var</mi>
                  <mi>t</mi>
                </msub>
                <msub>
                  <mi>E</mi>
                  <mi>k</mi>
                </msub>
                <mo>[</mo>
                <mi>r</mi>
                <mo>]</mo>
              </mrow>
              <mtext>aleatory</mtext>
            </munder>
          </mrow>
        </math>
        <LineSketch
          label={`Equity of ${VARIANTS} variants over ${props.value('days')} days`}
          lines={world().curves.map((values) => ({ values, kind: 'line', tone: 'soft' }) as const)}
          include={[0]}
          xLabel="day"
          yLabel="equity, bps"
          formatY={formatShort}
        />
        <TableBox caption="Measured from these returns, bps a day">
          <thead>
            <tr>
              <th scope="col">Risk</th>
              <th scope="col">Put in</th>
              <th scope="col">Measured</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Epistemic σ</th>
              <td>{formatFixed2(props.value('epistemic'))}</td>
              <td>{sigma(split().timeResolved.epistemicVariance)}</td>
            </tr>
            <tr>
              <th scope="row">Aleatory σ</th>
              <td>{formatFixed2(props.value('aleatory'))}</td>
              <td>{sigma(split().timeResolved.aleatoryVariance)}</td>
            </tr>
            <tr>
              <th scope="row">Total σ</th>
              <td>{formatFixed2(Math.hypot(props.value('epistemic'), props.value('aleatory')))}</td>
              <td>{sigma(split().totalVariance)}</td>
            </tr>
          </tbody>
        </TableBox>
        <p class="soft">
          The curves move together by the market and drift apart by the model. With few variants and few days the
          measured figures stray from what was put in.
        </p>
      </>
    );
  },
  question: {
    ask: 'Averaging the positions of many variants removes which risk?',
    answers: [
      {
        text: 'The epistemic one',
        right: true,
        why: 'The variants’ own errors cancel in the average. What the market does to all of them does not.',
      },
      { text: 'The aleatory one', why: 'All variants feel the same market: its shocks do not cancel.' },
      { text: 'Both', why: 'Only what differs between the variants can cancel between them.' },
    ],
  },
};
