/** Step 3: a backtest, tick by tick. */

import { createMemo, For, Show } from 'solid-js';
import {
  lessonConfig,
  lessonForecast,
  lessonMarket,
  surpriseBps,
  tellTicks,
} from '../../../analysis/lessons/market.ts';
import { LineSketch } from '../../charts/LineSketch.tsx';
import { formatFixed2 } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const TICKS = 80;

export const backtestLesson: Lesson = {
  id: 'backtest',
  title: 'A backtest, tick by tick',
  controls: [
    { id: 'tick', label: 'Tick', unit: '', min: 0, max: TICKS - 1, step: 1, start: 24 },
    { id: 'threshold', label: 'Threshold', unit: 'bps', min: 0.5, max: 6, step: 0.25, start: 1.5 },
    { id: 'spread', label: 'Spread', unit: 'bps', min: 0, max: 10, step: 0.5, start: 1 },
    seedControl,
  ],
  Body: (props) => {
    const market = createMemo(() => lessonMarket(TICKS, props.value('spread'), props.value('seed')));
    const prediction = createMemo(() => lessonForecast(market().mid, { variant: 0, dropoutRate: 0, seed: 1 }));
    const story = createMemo(() => tellTicks(market(), prediction(), lessonConfig(props.value('threshold'), 15)));
    const now = () => props.value('tick');
    const seen = (column: Float64Array) => column.subarray(0, now() + 1);
    const marks = () =>
      story().trades.flatMap((trade) => [
        { at: trade.entryTick, value: trade.entryPrice, hollow: trade.side === 'short' },
        { at: trade.exitTick, value: trade.exitPrice, hollow: trade.side === 'long' },
      ]);
    const surprise = () => surpriseBps(market().mid[now()] ?? 0, prediction()[now()] ?? Number.NaN);
    return (
      <>
        <p>
          A backtest replays the quotes and asks at every tick what the strategy would have done, knowing only the past.
          An order that is decided at one tick fills at the next: nobody trades at a price already gone by.
        </p>
        <LineSketch
          label={`Bid, ask and fills up to tick ${now()}`}
          lines={[
            { values: seen(market().ask), kind: 'step', tone: 'main' },
            { values: seen(market().bid), kind: 'step', tone: 'main' },
            { values: seen(prediction()), kind: 'line', tone: 'point', dashed: true },
            { values: market().mid, kind: 'line', tone: 'soft' },
          ]}
          marks={marks().filter(({ at }) => at <= now())}
          xLabel="tick"
          yLabel="price"
          formatY={formatFixed2}
        />
        <p class="readout" aria-live="polite">
          Tick {now()}: bid {formatFixed2(market().bid[now()] ?? 0)}, ask {formatFixed2(market().ask[now()] ?? 0)},
          surprise {formatFixed2(surprise())} bps, equity{' '}
          <strong>{formatFixed2(story().equityBps[now()] ?? 0)} bps</strong>.
        </p>
        <Show
          when={(story().events[now()] ?? []).length > 0}
          fallback={<p class="soft">Nothing is done at this tick.</p>}
        >
          <ul>
            <For each={story().events[now()]}>{(event) => <li>{event}</li>}</For>
          </ul>
        </Show>
        <p class="soft">
          Filled marks are purchases, hollow ones sales; the dashed line is the predicted mid, the faint one what the
          strategy does not know yet. Positions are left on an opposite surprise, after 15 ticks, or at the end.
        </p>
      </>
    );
  },
  question: {
    ask: 'At tick 30 the surprise says buy, and the ask is 100.00. At tick 31 the ask is 100.03. What do you pay?',
    answers: [
      { text: '100.00', why: 'That ask was seen when the decision was made. The order arrives one tick later.' },
      {
        text: '100.03',
        right: true,
        why: 'The order fills at the next tick’s ask. A backtest that fills at once flatters.',
      },
      {
        text: 'The mid of tick 31',
        why: 'Who takes buys at the ask. Only the accounts are kept at mids, to show the spread as a cost.',
      },
    ],
  },
};
