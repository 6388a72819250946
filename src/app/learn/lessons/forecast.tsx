/** Step 2: a forecast and how it surprises. */

import { createMemo } from 'solid-js';
import { LAGS, lessonForecast, lessonMarket, surpriseBps } from '../../../analysis/lessons/market.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2, formatQuantity, formatShort } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const TICKS = 120;

export const forecastLesson: Lesson = {
  id: 'forecast',
  title: 'A forecast, and when it is worth a trade',
  controls: [{ id: 'threshold', label: 'Threshold', unit: 'bps', min: 0, max: 6, step: 0.25, start: 2 }, seedControl],
  Body: (props) => {
    const market = createMemo(() => lessonMarket(TICKS, 1, props.value('seed')));
    const surprises = createMemo(() => {
      const prediction = lessonForecast(market().mid, { variant: 0, dropoutRate: 0, seed: 1 });
      return prediction.map((value, k) => surpriseBps(market().mid[k] ?? 0, value));
    });
    const beyond = () => surprises().filter((value) => Math.abs(value) > props.value('threshold')).length;
    return (
      <>
        <p>
          A model reads the last mids and predicts the next ones. What matters to a trader is not the price it names but
          how far that lies from the market: the <em>model surprise</em>.
        </p>
        <math display="block" aria-label="surprise is ten thousand times predicted mid over mid less one">
          <mrow>
            <mi>s</mi>
            <mo>=</mo>
            <msup>
              <mn>10</mn>
              <mn>4</mn>
            </msup>
            <mo>·</mo>
            <mrow>
              <mo>(</mo>
              <mfrac>
                <mi>predicted mid</mi>
                <mi>mid</mi>
              </mfrac>
              <mo>−</mo>
              <mn>1</mn>
              <mo>)</mo>
            </mrow>
            <mtext> bps</mtext>
          </mrow>
        </math>
        <LineSketch
          label="The model surprise over 120 seconds, between the two thresholds"
          lines={[
            { values: surprises(), kind: 'line', tone: 'main' },
            {
              values: new Float64Array(TICKS).fill(props.value('threshold')),
              kind: 'line',
              tone: 'point',
              dashed: true,
            },
            {
              values: new Float64Array(TICKS).fill(-props.value('threshold')),
              kind: 'line',
              tone: 'point',
              dashed: true,
            },
          ]}
          include={[-4, 4]}
          xLabel="seconds"
          yLabel="surprise, bps"
          formatY={formatShort}
        />
        <p class="readout">
          Beyond ±{formatFixed2(props.value('threshold'))} bps: {formatQuantity(beyond(), 'second')} of{' '}
          {formatQuantity(TICKS - LAGS, 'second')} with a forecast. Above the upper line the strategy would buy, below
          the lower one sell.
        </p>
        <p class="soft">
          The forecaster of these steps weighs the last {LAGS} moves. A foundation model does the same job with millions
          of weights, learnt from other series.
        </p>
      </>
    );
  },
  question: {
    ask: 'A round trip costs 4 bps and half of what the model foresees comes true. Which threshold pays on average?',
    answers: [
      { text: '2 bps', why: 'A surprise of 2 bps brings 1 bps on average, and the round trip costs 4.' },
      { text: '4 bps', why: 'Half of 4 bps comes true: 2 bps against costs of 4.' },
      { text: 'More than 8 bps', right: true, why: 'Half of it must exceed the 4 bps that the round trip costs.' },
    ],
  },
};
