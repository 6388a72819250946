/** Step 7: the Pretrained Market Line. */

import { createMemo } from 'solid-js';
import { DAYS_A_YEAR, plantedLine } from '../../../analysis/lessons/risk.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import { bandOf, cloudLayers } from '../../charts/plane/curves.ts';
import type { PlaneModel } from '../../charts/plane/model.ts';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { formatFixed2 } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

export const marketLineLesson: Lesson = {
  id: 'market-line',
  title: 'The Pretrained Market Line',
  controls: [
    { id: 'sharpe', label: 'True SRθ', unit: 'a year', min: -2, max: 6, step: 0.25, start: 3 },
    { id: 'days', label: 'Days', unit: 'days', min: 10, max: 1000, step: 10, start: 250 },
    seedControl,
  ],
  Body: (props) => {
    const world = createMemo(() =>
      plantedLine({
        sharpeAYear: props.value('sharpe'),
        days: props.value('days'),
        commonShare: 0.3,
        configurations: 60,
        variants: 4,
        seed: props.value('seed'),
      }),
    );
    const model = createMemo((): PlaneModel => {
      const { points, fit, riskFreeBps } = world();
      return {
        unit: { symbol: 'bps', each: 'a day' },
        sigmaLabel: 'priced σ',
        riskFree: riskFreeBps,
        noun: { one: 'configuration', many: 'strategies' },
        series: [{ name: 'the model', tone: 'main' }],
        layers: cloudLayers({
          series: 'the model',
          points: points.map(({ sigmaBps, meanBps }, index) => ({ index, sigma: sigmaBps, mean: meanBps })),
          line: bandOf(fit, 1.1 * Math.max(...points.map(({ sigmaBps }) => sigmaBps))),
          outline: [],
          pickable: true,
          lineInSight: true,
        }),
      };
    });
    const slope = () => annualiseSlope(world().fit.slope, DAYS_A_YEAR);
    const error = () => annualiseSlope(world().fit.slopeStdErr, DAYS_A_YEAR);
    return (
      <>
        <p>
          Take one model and many ways to trade on it. Each configuration is a point: its risk, without the model’s own
          doubt, and its mean return. The paper’s claim: the best of them lie on a line from the risk-free rate, and its
          slope, the <em>foundation Sharpe ratio</em>, is a property of the model.
        </p>
        <math
          display="block"
          aria-label="expected return is risk-free rate plus square root of sigma squared less sigma squared MC, times SR theta"
        >
          <mrow>
            <mi>E</mi>
            <mo>[</mo>
            <msub>
              <mi>r</mi>
              <mi>s</mi>
            </msub>
            <mo>]</mo>
            <mo>=</mo>
            <msub>
              <mi>r</mi>
              <mi>f</mi>
            </msub>
            <mo>+</mo>
            <msqrt>
              <mrow>
                <msubsup>
                  <mi>σ</mi>
                  <mi>s</mi>
                  <mn>2</mn>
                </msubsup>
                <mo>−</mo>
                <msubsup>
                  <mi>σ</mi>
                  <mi>MC</mi>
                  <mn>2</mn>
                </msubsup>
              </mrow>
            </msqrt>
            <mo>·</mo>
            <msub>
              <mi>SR</mi>
              <mi>θ</mi>
            </msub>
          </mrow>
        </math>
        <RiskReturnPlane label="Risk-return plane" model={model()} />
        <p class="readout">
          Planted: {formatFixed2(props.value('sharpe'))} a year. Fitted: {formatFixed2(slope())} ±{' '}
          {formatFixed2(error())}, R² {formatFixed2(world().fit.r2)}.
        </p>
        <p class="soft">
          Draw anew a few times, then with ten times the days: how far the fitted slope strays depends on days far more
          than on the number of points.
        </p>
      </>
    );
  },
  question: {
    ask: 'One configuration lies well above the line. What is the most likely reason?',
    answers: [
      {
        text: 'It is a better strategy: trade it',
        why: 'It was picked because it stands out. Among sixty, some do by luck.',
      },
      {
        text: 'Luck on these days',
        right: true,
        why: 'Means over few days scatter widely. Draw anew, and another configuration stands out.',
      },
      { text: 'A better model', why: 'All configurations here trade on the same model.' },
    ],
  },
};
