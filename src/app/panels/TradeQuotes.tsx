/** Trades on the quotes: one trade at a time, to be zoomed to the tick. */

import { createEffect, createMemo, createSignal, on, Show } from 'solid-js';
import type { Trade } from '../../strategy/types.ts';
import { QuotesChart } from '../charts/QuotesChart.tsx';
import { formatBps, formatInstant, formatQuantity } from '../format.ts';
import type { PointSlice } from '../state/point.ts';
import { pan, quotesWindow, rangeAround, type TickRange, zoom } from '../state/quotesWindow.ts';

export function TradeQuotes(props: {
  slice: PointSlice;
  trades: readonly Trade[];
  /** Index of the trade in sight. */
  shown: number;
  onShow: (trade: number) => void;
}) {
  const tickCount = () => props.slice.grid.timeMs.length;
  const trade = () => props.trades[props.shown];
  const [range, setRange] = createSignal<TickRange>({ from: 0, endExclusive: 0 });
  createEffect(
    on([trade, () => props.slice], ([now]) => {
      if (now) setRange(rangeAround(now, tickCount()));
    }),
  );
  const window = createMemo(() => quotesWindow(props.slice, props.trades, range()));
  const clock = (tick: number): string =>
    formatInstant(props.slice.grid.timeMs[Math.round(tick)] ?? Number.NaN, props.slice.timeZone).slice(11);
  return (
    <Show when={trade()}>
      {(now) => (
        <section class="stack" aria-label="Trades on the quotes" data-testid="trade-quotes">
          <div class="inline">
            <button type="button" disabled={props.shown === 0} onClick={() => props.onShow(props.shown - 1)}>
              Trade before
            </button>
            <button
              type="button"
              disabled={props.shown >= props.trades.length - 1}
              onClick={() => props.onShow(props.shown + 1)}
            >
              Next trade
            </button>
            <button type="button" onClick={() => setRange(zoom(range(), 0.5, tickCount()))}>
              Zoom in
            </button>
            <button type="button" onClick={() => setRange(zoom(range(), 2, tickCount()))}>
              Zoom out
            </button>
            <button type="button" onClick={() => setRange(pan(range(), -0.5, tickCount()))}>
              Earlier
            </button>
            <button type="button" onClick={() => setRange(pan(range(), 0.5, tickCount()))}>
              Later
            </button>
          </div>
          <QuotesChart
            label={`Trade ${props.shown + 1} of ${props.trades.length} on ${props.slice.grid.symbol}: ${now().side}, ${formatBps(now().netReturn)} bps; ${formatQuantity(window().ticks.length, 'tick')}`}
            window={window()}
            nameAt={clock}
          />
        </section>
      )}
    </Show>
  );
}
