/** Trades on the quotes: one trade at a time, to be zoomed to the tick and out to the whole series. */

import { Show } from 'solid-js';
import type { Trade } from '../../../strategy/types.ts';
import { formatBps } from '../../format.ts';
import { QuotesBrowser } from '../data/QuotesBrowser.tsx';
import type { PointSlice } from './point.ts';

export function TradeQuotes(props: {
  slice: PointSlice;
  trades: readonly Trade[];
  /** Index of the trade in sight. */
  shown: number;
  onShow: (trade: number) => void;
}) {
  const trade = () => props.trades[props.shown];
  return (
    <Show when={trade()}>
      {(now) => (
        <section class="stack" aria-label="Trades on the quotes" data-testid="trade-quotes">
          <QuotesBrowser
            label={`Trade ${props.shown + 1} of ${props.trades.length} on ${props.slice.grid.symbol}: ${now().side}, ${formatBps(now().netReturn)} bps`}
            grid={props.slice.grid}
            forecasts={props.slice.forecasts}
            timeZone={props.slice.timeZone}
            trades={props.trades}
            trade={now()}
          >
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
          </QuotesBrowser>
        </section>
      )}
    </Show>
  );
}
