/** Step 5: dropout, and what varies. */

import { createMemo } from 'solid-js';
import { LAGS, lessonForecast, lessonMarket, surpriseBps } from '../../../analysis/lessons/market.ts';
import { mean, populationVariance } from '../../../risk/moments/statistics.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const TICKS = 90;

export const dropoutLesson: Lesson = {
  id: 'dropout',
  title: 'Dropout: how sure is the model?',
  controls: [
    { id: 'rate', label: 'Dropout rate p', unit: '', min: 0, max: 0.8, step: 0.05, start: 0.2 },
    { id: 'variants', label: 'Variants K', unit: '', min: 2, max: 32, step: 1, start: 12 },
    seedControl,
  ],
  Body: (props) => {
    const market = createMemo(() => lessonMarket(TICKS, 1, props.value('seed')));
    const surprises = (variant: number) => {
      const { mid } = market();
      const prediction = lessonForecast(mid, { variant, dropoutRate: props.value('rate'), seed: props.value('seed') });
      return prediction.map((value, k) => surpriseBps(mid[k] ?? 0, value)).subarray(LAGS);
    };
    const variants = createMemo(() => Array.from({ length: props.value('variants') }, (_, k) => surprises(k + 1)));
    const deterministic = createMemo(() => surprises(0));
    const spread = () =>
      mean(deterministic().map((_, t) => Math.sqrt(populationVariance(variants().map((values) => values[t] ?? 0)))));
    return (
      <>
        <p>
          A trained model is one of many that would have fitted its past about as well. <em>MC-dropout</em> draws some
          of the others: each variant has a random part of the model switched off, the same part for the whole backtest.
          Where the variants agree, the model is sure; where they scatter, it is not.
        </p>
        <math display="block" aria-label="z sub i is zero with probability p, else one over one minus p">
          <mrow>
            <msub>
              <mi>z</mi>
              <mi>i</mi>
            </msub>
            <mo>=</mo>
            <mrow>
              <mo>{'{'}</mo>
              <mtable>
                <mtr>
                  <mtd>
                    <mn>0</mn>
                  </mtd>
                  <mtd>
                    <mtext>{'with probability\u00a0'}</mtext>
                    <mi>p</mi>
                  </mtd>
                </mtr>
                <mtr>
                  <mtd>
                    <mfrac>
                      <mn>1</mn>
                      <mrow>
                        <mn>1</mn>
                        <mo>−</mo>
                        <mi>p</mi>
                      </mrow>
                    </mfrac>
                  </mtd>
                  <mtd>
                    <mtext>otherwise</mtext>
                  </mtd>
                </mtr>
              </mtable>
            </mrow>
          </mrow>
        </math>
        <LineSketch
          label={`Surprises of ${props.value('variants')} variants and of the model without dropout`}
          lines={[
            ...variants().map((values) => ({ values, kind: 'line', tone: 'soft' }) as const),
            { values: deterministic(), kind: 'line', tone: 'main' },
          ]}
          include={[-3, 3]}
          xLabel="seconds"
          yLabel="surprise, bps"
          formatY={formatShort}
        />
        <p class="readout">
          Faint: the variants, strong: the model without dropout. On average the variants differ by{' '}
          <strong>{formatFixed2(spread())} bps</strong> (standard deviation).
        </p>
        <p class="soft">
          Kept parts are scaled up by 1/(1 − p), so that the variants scatter around the model, not below it.
        </p>
      </>
    );
  },
  question: {
    ask: 'All variants give the very same forecasts. What does that say?',
    answers: [
      {
        text: 'The forecasts are right',
        why: 'Models can agree and all be wrong: agreement says nothing of the market.',
      },
      {
        text: 'There is no doubt about the model that dropout can show',
        right: true,
        why: 'Epistemic risk, as dropout measures it, is then zero. The market’s own risk is still there.',
      },
      { text: 'The strategy is riskless', why: 'Its returns still move with the market from day to day.' },
    ],
  },
};
