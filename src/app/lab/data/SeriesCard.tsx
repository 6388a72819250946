/** One symbol: its mid price on the grid in small, and what there is of it. */

import { createMemo, For, lazy, Show } from 'solid-js';
import type { Grid } from '../../../core/types.ts';
import type { SeriesSummary } from '../../../quotes/service.ts';
import type { SymbolHealth } from '../../../quotes/types.ts';
import { previewOf } from '../../charts/preview.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { Fold } from '../../components/Fold.tsx';
import { Part } from '../../components/Part.tsx';
import { formatCount, formatPrice, formatQuantity, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';
import { SymbolHealthBox } from './SymbolHealthBox.tsx';

const QuotesBrowser = lazy(async () => ({ default: (await import('./QuotesBrowser.tsx')).QuotesBrowser }));

export function SeriesCard(props: { grid: Grid; series: SeriesSummary | undefined; health: SymbolHealth | undefined }) {
  const { data } = useLab();
  const preview = createMemo(() => previewOf(props.grid));
  const days = () => {
    const { sessionDays } = props.grid;
    const [first, last] = [sessionDays[0], sessionDays.at(-1)];
    return first === last ? `${first}` : `${first} to ${last}`;
  };
  const range = () =>
    `${formatPrice(preview().mids[0] ?? Number.NaN)} to ${formatPrice(preview().mids.at(-1) ?? Number.NaN)}`;
  /** What may be wrong with the unit of the prices or the stamps belongs where one looks first. */
  const suspicions = () => {
    const { findings = [], files = [] } = props.health ?? {};
    const scaled = findings.find(({ kind }) => kind === 'scale')?.count ?? 0;
    const said = data.state.reports
      .filter(({ file, member }) => files.some((label) => label === (member ? `${file} › ${member}` : file)))
      .flatMap(({ notes }) => notes.filter((note) => note.startsWith('Suspicion')));
    const units = `Suspicion: ${formatQuantity(scaled, 'quote')} stand at 100 or more powers of ten times the others, so a unit may have changed.`;
    return [...(scaled > 0 ? [units] : []), ...new Set(said)];
  };
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
      <For each={suspicions()}>{(suspicion) => <p class="note warn small">{suspicion}</p>}</For>
      <Show when={props.health}>{(health) => <SymbolHealthBox health={health()} />}</Show>
    </article>
  );
}
