/** One symbol: its mid price on the grid in small, and what there is of it. */

import { createMemo, lazy, Show } from 'solid-js';
import type { SeriesSummary } from '../../../../workers/quotes/worker.ts';
import type { Grid } from '../../../core/types.ts';
import type { SymbolHealth } from '../../../quotes/types.ts';
import { previewOf } from '../../charts/preview.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { Fold } from '../../components/Fold.tsx';
import { Part } from '../../components/Part.tsx';
import { formatCount, formatPrice, formatQuantity, formatShort } from '../../format.ts';
import { SymbolHealthBox } from './SymbolHealthBox.tsx';

const QuotesBrowser = lazy(async () => ({ default: (await import('./QuotesBrowser.tsx')).QuotesBrowser }));

export function SeriesCard(props: { grid: Grid; series: SeriesSummary | undefined; health: SymbolHealth | undefined }) {
  const preview = createMemo(() => previewOf(props.grid));
  const days = () => {
    const { sessionDays } = props.grid;
    const [first, last] = [sessionDays[0], sessionDays.at(-1)];
    return first === last ? `${first}` : `${first} to ${last}`;
  };
  const range = () =>
    `${formatPrice(preview().mids[0] ?? Number.NaN)} to ${formatPrice(preview().mids.at(-1) ?? Number.NaN)}`;
  const timeZone = () => {
    const calendar = props.series?.calendar;
    return calendar?.kind === 'exchange' ? calendar.timeZone : 'UTC';
  };
  return (
    <article class="series">
      <h3>{props.grid.symbol}</h3>
      <Show
        when={props.grid.timeMs.length > 0}
        fallback={
          <p class="soft small">
            None of its {formatQuantity(props.series?.rows ?? 0, 'quote')} lies within the sessions, so a run leaves it
            out. Change or switch off the session window to use it.
          </p>
        }
      >
        <Sparkline
          label={`Mid price of ${props.grid.symbol}, ${days()}: from ${range()}`}
          values={preview().mids}
          sessionStarts={preview().sessionStarts}
        />
        <p class="soft small">
          {days()} · {formatQuantity(props.grid.sessionDays.length, 'session')} ·{' '}
          {formatCount(props.grid.timeMs.length)} ticks
          <Show when={props.series}>{(series) => <> from {formatCount(series().rows)} quotes</>}</Show> · median spread{' '}
          {formatShort(preview().medianSpreadBps)} bps
        </p>
        <Fold title="Look closer, down to the tick">
          <Part name="Quotes">
            <QuotesBrowser label={`Quotes of ${props.grid.symbol}`} grid={props.grid} timeZone={timeZone()} />
          </Part>
        </Fold>
      </Show>
      <Show when={props.health}>{(health) => <SymbolHealthBox health={health()} />}</Show>
    </article>
  );
}
