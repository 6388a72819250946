/** Quotes from all of them down to the tick, with a trade in sight where there are trades. */

import { createEffect, createMemo, createSignal, type JSX, on, untrack } from 'solid-js';
import type { Forecasts, Grid } from '../../../core/types.ts';
import type { Trade } from '../../../strategy/types.ts';
import { QuotesChart } from '../../charts/QuotesChart.tsx';
import { formatInstant, formatQuantity } from '../../format.ts';
import { pan, quotesSource, quotesWindow, rangeAround, type TickRange, zoom } from './quotesWindow.ts';

export function QuotesBrowser(props: {
  label: string;
  grid: Grid;
  timeZone: string;
  forecasts?: Forecasts;
  trades?: readonly Trade[];
  /** Comes into sight. */
  trade?: Trade | undefined;
  /** More buttons, before those of the chart. */
  children?: JSX.Element;
}) {
  const source = createMemo(() => quotesSource(props.grid, props.forecasts));
  const whole = (): TickRange => {
    const { tickCount } = source();
    return props.trade ? rangeAround(props.trade, tickCount) : { from: 0, endExclusive: tickCount };
  };
  const [range, setRange] = createSignal(untrack(whole));
  createEffect(on([source, () => props.trade], () => setRange(untrack(whole)), { defer: true }));
  const move = (share: number): void => void setRange((now) => pan(now, share, source().tickCount));
  const magnify = (factor: number, around?: number): void =>
    void setRange((now) => zoom(now, factor, source().tickCount, around));
  const shown = createMemo(() => quotesWindow(source(), props.trades ?? [], range()));
  const length = () => range().endExclusive - range().from;
  const days = () => {
    const { sessionStarts } = props.grid;
    return sessionStarts.filter((start) => start > range().from && start < range().endExclusive).length;
  };
  /** The clock, with the day where several are in sight. */
  const nameAt = (tick: number): string => {
    const whole = formatInstant(props.grid.timeMs[Math.round(tick)] ?? Number.NaN, props.timeZone);
    return days() > 0 ? whole.slice(5, 16) : whole.slice(11);
  };
  return (
    <>
      <div class="inline">
        {props.children}
        <button type="button" onClick={() => magnify(0.5)}>
          Zoom in
        </button>
        <button type="button" onClick={() => magnify(2)}>
          Zoom out
        </button>
        <button type="button" onClick={() => move(-0.5)}>
          Earlier
        </button>
        <button type="button" onClick={() => move(0.5)}>
          Later
        </button>
      </div>
      <QuotesChart
        label={`${props.label}; ${formatQuantity(length(), 'tick')}`}
        window={shown()}
        nameAt={nameAt}
        onPan={move}
        onZoom={magnify}
      />
    </>
  );
}
