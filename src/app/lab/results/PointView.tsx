/** One configuration, opened: its rules in words, where its return and risk come from, its days, its equity and its trades. */

import { createEffect, createMemo, createResource, createSignal, For, on, Show } from 'solid-js';
import { hourlySums } from '../../../analysis/tearSheet.ts';
import { toProblem } from '../../../core/errors.ts';
import type { ConfigurationSummary } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { pointDetail } from '../../../runs/run.ts';
import { describeConfig } from '../../../strategy/config.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { formatBps, formatBpsTick, formatInstant } from '../../format.ts';
import { useLab } from '../lab.ts';
import type { RunOutcome } from '../run/run.ts';
import { PointFacts } from './PointFacts.tsx';
import { type PointSlice, sliceOf } from './point.ts';
import { CalendarTable, TearSheet } from './TearSheet.tsx';
import { TradeQuotes } from './TradeQuotes.tsx';
import { TradeTable } from './TradeTable.tsx';

export function PointView(props: { outcome: RunOutcome; configuration: ConfigurationSummary }) {
  const lab = useLab();
  const [symbol, setSymbol] = createSignal(0);
  const [variant, setVariant] = createSignal(0);
  const slice = createMemo<PointSlice>(() => sliceOf(props.outcome, symbol()));
  const [detail] = createResource(
    () => ({ at: slice(), variant: variant(), config: props.configuration.config }),
    // With its slice: while another symbol is being backtested, what is shown still belongs together.
    async ({ at, variant: row, config }) => ({
      ...(await pointDetail({ ...at, config, variant: row, backtester: lab.backtester })),
      slice: at,
    }),
  );
  const [shownTrade, setShownTrade] = createSignal(0);
  createEffect(on(detail, () => setShownTrade(0), { defer: true }));
  const title = () => `Configuration ${props.configuration.index}`;

  return (
    <article class="point stack" aria-labelledby="point-title">
      <header class="inline spread">
        <h3 id="point-title">{title()}</h3>
        <button type="button" class="quiet" onClick={() => lab.setOpened(undefined)}>
          Close
        </button>
      </header>
      <p class="sentence">{describeConfig(props.configuration.config)}.</p>
      <PointFacts
        configuration={props.configuration}
        naive={props.outcome.result.naive}
        each={periodWords[props.outcome.result.period].each}
      />
      <div class="inline">
        <label>
          Symbol
          <select value={symbol()} onChange={(event) => setSymbol(event.currentTarget.selectedIndex)}>
            <For each={props.outcome.result.symbols}>{(name, index) => <option value={index()}>{name}</option>}</For>
          </select>
        </label>
        <label>
          Model
          <select value={variant()} onChange={(event) => setVariant(event.currentTarget.selectedIndex)}>
            <option value="0">without dropout</option>
            <For each={Array.from({ length: props.outcome.result.variants }, (_, k) => k + 1)}>
              {(k) => <option value={k}>dropout variant {k}</option>}
            </For>
          </select>
        </label>
      </div>
      <TearSheet result={props.outcome.result} configuration={props.configuration.index} row={variant()} />
      <Show when={detail.error}>{(error) => <ProblemNote problem={toProblem(error())} />}</Show>
      <Show when={!detail.error && detail.latest} fallback={<p class="soft">Backtesting …</p>}>
        {(loaded) => (
          <>
            <TimeChart
              label={`Equity on ${loaded().slice.grid.symbol}, bps of one unit of notional`}
              kind="curve"
              values={loaded().equity}
              nameAt={(tick) => formatInstant(loaded().slice.grid.timeMs[tick] ?? Number.NaN, loaded().slice.timeZone)}
              marks={loaded().slice.marks}
              formatValue={formatBps}
              formatTick={formatBpsTick}
            />
            <CalendarTable
              caption={`By hour on ${loaded().slice.grid.symbol}, clock of ${loaded().slice.timeZone}`}
              unit="Days"
              sums={hourlySums(loaded().slice.grid.timeMs, loaded().equity, loaded().slice.timeZone)}
            />
            <TradeQuotes
              slice={loaded().slice}
              trades={loaded().result.trades ?? []}
              shown={shownTrade()}
              onShow={setShownTrade}
            />
            <TradeTable slice={loaded().slice} trades={loaded().result.trades ?? []} onShow={setShownTrade} />
          </>
        )}
      </Show>
    </article>
  );
}
