/** Step 1: a quote and its spread. */

import { createMemo } from 'solid-js';
import { lessonMarket, roundTripBps } from '../../../analysis/lessons/market.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2 } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const TICKS = 120;

export const quoteLesson: Lesson = {
  id: 'quote',
  title: 'A quote and its spread',
  controls: [{ id: 'spread', label: 'Spread', unit: 'bps', min: 0, max: 20, step: 0.5, start: 4 }, seedControl],
  Body: (props) => {
    const market = createMemo(() => lessonMarket(TICKS, props.value('spread'), props.value('seed')));
    const cost = () => roundTripBps(market(), TICKS - 1);
    return (
      <>
        <p>
          A market shows two prices: at the <em>bid</em> you can sell now, at the <em>ask</em> you can buy now. The{' '}
          <em>mid</em> lies between them and is nobody’s price. Their distance, the <em>spread</em>, is what it costs to
          change your mind at once.
        </p>
        <math display="block" aria-label="spread in basis points is ten thousand times ask less bid over mid">
          <mrow>
            <mi>spread</mi>
            <mo>=</mo>
            <msup>
              <mn>10</mn>
              <mn>4</mn>
            </msup>
            <mo>·</mo>
            <mfrac>
              <mrow>
                <mi>ask</mi>
                <mo>−</mo>
                <mi>bid</mi>
              </mrow>
              <mi>mid</mi>
            </mfrac>
            <mtext> bps</mtext>
          </mrow>
        </math>
        <LineSketch
          label="Bid, ask and mid of a simulated market over 120 seconds"
          lines={[
            { values: market().ask, kind: 'step', tone: 'main' },
            { values: market().bid, kind: 'step', tone: 'main' },
            { values: market().mid, kind: 'step', tone: 'point', dashed: true },
          ]}
          xLabel="seconds"
          yLabel="price"
          formatY={formatFixed2}
        />
        <p class="readout">
          Last quote: bid {formatFixed2(market().bid[TICKS - 1] ?? 0)}, ask {formatFixed2(market().ask[TICKS - 1] ?? 0)}
          . Buying and selling again at once costs <strong>{formatFixed2(cost())} bps</strong>.
        </p>
        <p class="soft">
          Try a spread of 0: one price step always remains, because prices stand on a grid. Solid lines are bid and ask,
          the dashed one is the mid.
        </p>
      </>
    );
  },
  question: {
    ask: 'The bid is 99.98, the ask 100.02. You buy and sell again at once. What do you lose?',
    answers: [
      { text: '2 bps', why: 'That is half the spread: what one of the two trades costs against the mid.' },
      {
        text: '4 bps',
        right: true,
        why: 'You buy at 100.02 and sell at 99.98: 0.04 of about 100, the whole spread. Every strategy pays it once a round trip.',
      },
      {
        text: 'Nothing, the mid has not moved',
        why: 'The mid is nobody’s price: you trade at the ask and at the bid.',
      },
    ],
  },
};
