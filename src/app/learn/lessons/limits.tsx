/** Step 10: the best of many, and what a backtest cannot tell. */

import { createMemo } from 'solid-js';
import { bestOfMany } from '../../../analysis/lessons/risk.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2, formatProbability, formatShort } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

export const limitsLesson: Lesson = {
  id: 'limits',
  title: 'The best of many, and other limits',
  controls: [
    { id: 'trials', label: 'Strategies tried', unit: '', min: 1, max: 300, step: 1, start: 60 },
    { id: 'days', label: 'Days', unit: 'days', min: 20, max: 500, step: 10, start: 120 },
    seedControl,
  ],
  Body: (props) => {
    const world = createMemo(() => bestOfMany(props.value('trials'), props.value('days'), props.value('seed')));
    return (
      <>
        <p>
          All these strategies are worthless: their true Sharpe ratio is zero. Try enough of them, and the best looks
          splendid. The <em>deflated Sharpe ratio</em> asks whether the best is better than the luckiest of so many
          would be.
        </p>
        <LineSketch
          label={`Sharpe ratios of ${props.value('trials')} worthless strategies, from the best to the worst`}
          lines={[
            { values: world().sharpes, kind: 'line', tone: 'main' },
            {
              values: new Float64Array(world().sharpes.length).fill(world().expectedBest),
              kind: 'line',
              tone: 'point',
              dashed: true,
            },
          ]}
          include={[0]}
          xLabel="strategies, from the best"
          yLabel="Sharpe ratio a year"
          formatY={formatShort}
        />
        <p class="readout">
          The best shows <strong>{formatFixed2(world().sharpes[0] ?? Number.NaN)}</strong> a year; luck alone lets
          expect {formatFixed2(world().expectedBest)} (dashed). Deflated Sharpe ratio, the confidence that the best is
          above the luckiest of so many: {formatProbability(world().deflated)}.
        </p>
        <p>What no backtest on this page can tell you:</p>
        <ul>
          <li>what your own orders do to the price, and whether they would have been filled first;</li>
          <li>what borrowing and financing cost, and what the tax office takes;</li>
          <li>whether the model has seen these very days when it was trained;</li>
          <li>whether tomorrow resembles the days that were tested.</li>
        </ul>
      </>
    );
  },
  question: {
    ask: 'A colleague shows a strategy with a Sharpe ratio of 2 over half a year. What do you ask first?',
    answers: [
      {
        text: 'How much it earned',
        why: 'That follows from the ratio and the risk taken. It does not say whether it was luck.',
      },
      {
        text: 'How many were tried before it',
        right: true,
        why: 'Of sixty worthless ones the best shows more than 2 over so short a time. Without the number of trials the ratio says little.',
      },
      { text: 'Which model it uses', why: 'A good model does not make a lucky backtest less lucky.' },
    ],
  },
};
