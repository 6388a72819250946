/** Which of the symbols that were read are used: found by their names, with what they take and what there is room for. */

import { createEffect, createMemo, createResource, createSignal, createUniqueId, on, Show, Suspense } from 'solid-js';
import { BYTES_PER_TICK, fitting, type GridSizes, type SeriesSize, totalTicks } from '../../../quotes/gridBudget.ts';
import { LongList } from '../../components/LongList.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';

export function SymbolsBox() {
  const { data, run } = useLab();
  const [opened, setOpened] = createSignal(false);
  const tooMany = () => data.state.problem?.code === 'quotes/grid-size' && data.grids().length === 0;
  const isOpen = () => opened() || tooMany();
  const [sizes] = createResource(
    // What it takes depends on the quotes and on how they are sampled.
    () => isOpen() && data.state.busy === undefined && { quotes: data.inUse().series, sampling: data.inUse().sampling },
    () => data.sizes().catch(() => undefined),
  );
  const blocked = () => run.running() || data.state.busy !== undefined;
  return (
    <details open={isOpen()} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        Symbols:{' '}
        {data.chosen()
          ? `${formatCount(data.chosen()!.length)} of ${formatCount(data.inUse().series.length)} in use`
          : `all ${formatCount(data.inUse().series.length)}`}
      </summary>
      {/* Of its own, or the whole page would wait with it. */}
      <Suspense fallback={<p class="soft">Counting ticks …</p>}>
        <Show when={sizes()}>
          {(found) => <Chooser found={found()} chosen={data.chosen()} blocked={blocked()} onChoose={data.choose} />}
        </Show>
      </Suspense>
    </details>
  );
}

function Chooser(props: {
  found: GridSizes;
  chosen: readonly string[] | undefined;
  blocked: boolean;
  onChoose: (symbols: readonly string[] | undefined) => void;
}) {
  const id = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const all = () => props.found.sizes;
  const [picked, setPicked] = createSignal<ReadonlySet<string>>(new Set());
  createEffect(
    on([all, () => props.chosen], () => setPicked(new Set(props.chosen ?? all().map(({ symbol }) => symbol)))),
  );
  const shown = createMemo(() => {
    const words = typed()
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean);
    return words.length === 0
      ? all()
      : all().filter(({ symbol }) => words.some((word) => symbol.toUpperCase().includes(word)));
  });
  const pickedSizes = createMemo(() => all().filter(({ symbol }) => picked().has(symbol)));
  const ticks = createMemo(() => totalTicks(pickedSizes()));
  const fits = () => ticks() <= props.found.mostTicks;
  const fitted = createMemo(() => fitting(props.found));
  const set = (symbols: readonly SeriesSize[], on: boolean) => {
    const next = new Set(picked());
    for (const { symbol } of symbols) {
      if (on) next.add(symbol);
      else next.delete(symbol);
    }
    setPicked(next);
  };
  const use = () =>
    props.onChoose(picked().size === all().length ? undefined : pickedSizes().map(({ symbol }) => symbol));
  return (
    <div class="stack">
      <p role="status">
        {formatQuantity(picked().size, 'symbol')} chosen: {formatCount(ticks())} ticks, about{' '}
        {formatBytes(ticks() * BYTES_PER_TICK)}; this device has room for{' '}
        {formatBytes(props.found.mostTicks * BYTES_PER_TICK)}
        {fits() ? '' : ', so choose fewer or take a longer step'}.
      </p>
      <div class="inline">
        <button type="button" disabled={props.blocked || picked().size === 0 || !fits()} onClick={use}>
          Use {formatQuantity(picked().size, 'symbol')}
        </button>
        <Show when={fitted().length < all().length}>
          <button type="button" onClick={() => setPicked(new Set(fitted()))}>
            Choose the {formatCount(fitted().length)} with the most quotes that fit
          </button>
        </Show>
      </div>
      <div class="inline">
        <label for={id}>Search symbols</label>
        <input
          id={id}
          type="search"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          placeholder="AAPL, MSFT"
        />
        <button type="button" onClick={() => set(shown(), true)}>
          Choose {typed() ? `these ${formatCount(shown().length)}` : 'all'}
        </button>
        <button type="button" onClick={() => set(shown(), false)}>
          Leave out {typed() ? `these ${formatCount(shown().length)}` : 'all'}
        </button>
      </div>
      <LongList class="symbol-choices" label="Symbols that were read" items={shown()} rowPx={32} columnPx={280}>
        {(size) => (
          <label class="symbol-choice">
            <input
              type="checkbox"
              checked={picked().has(size.symbol)}
              onChange={(event) => set([size], event.currentTarget.checked)}
            />
            <span>
              {size.symbol}{' '}
              <span class="soft small">
                {formatQuantity(size.quotes, 'quote')}, {formatQuantity(size.ticks, 'tick')}
              </span>
            </span>
          </label>
        )}
      </LongList>
      <Show when={shown().length === 0}>
        <p class="soft">No symbol has “{typed()}” in its name.</p>
      </Show>
    </div>
  );
}
