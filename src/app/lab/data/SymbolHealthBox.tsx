/** The health of one symbol's quotes: coverage by day, and what was found in them. */

import { createMemo, For, Show } from 'solid-js';
import type { SymbolHealth } from '../../../quotes/types.ts';
import { Bars } from '../../components/Bars.tsx';
import { formatCount, formatDuration, formatQuantity } from '../../format.ts';
import { coverageOf } from './coverage.ts';
import { FindingItem, summariseFindings } from './FindingList.tsx';

export function SymbolHealthBox(props: { health: SymbolHealth }) {
  const coverage = createMemo(() => coverageOf(props.health.coverage));
  const found = () => summariseFindings(props.health.findings);
  return (
    <details class="small">
      <summary>
        <Show when={found()} fallback="Health: nothing amiss">
          Health: {found()}
        </Show>
      </summary>
      <div class="stack tight">
        <Show when={coverage()}>
          {(days) => (
            <>
              <Bars
                label={`Quotes a day of ${props.health.symbol}, ${days().first} to ${days().last}`}
                values={days().bars}
              />
              <p class="soft">
                Quotes {days().daysPerBar === 1 ? 'a day' : `every ${days().daysPerBar} days`}, {days().first} to{' '}
                {days().last}: {formatQuantity(days().daysWithQuotes, 'day')} with quotes, median{' '}
                {formatCount(days().medianQuotes)}, fewest {formatCount(days().thinnest.quotes)} on{' '}
                {days().thinnest.day}; longest pause within a day {formatDuration(longestPause(props.health))}.
                <Show when={days().missing.length > 0}>
                  {' '}
                  No quotes on {formatQuantity(days().missing.length, 'day')}: {few(days().missing)}.
                </Show>
              </p>
            </>
          )}
        </Show>
        <Show when={props.health.halfDays.length > 0}>
          <p class="soft">
            Taken for half days: {few(props.health.halfDays.map(({ day, close }) => `${day} (to ${close})`))}.
          </p>
        </Show>
        <ul class="plain">
          <For each={props.health.findings}>{(finding) => <FindingItem finding={finding} />}</For>
        </ul>
        <p class="soft">
          From {formatQuantity(props.health.files.length, 'file')}; a year has {props.health.daysPerYear} days of this
          market.
        </p>
      </div>
    </details>
  );
}

function longestPause({ coverage }: SymbolHealth): number {
  return Math.max(0, ...coverage.map(({ longestGapMs }) => longestGapMs)) / 1000;
}

function few(days: readonly string[]): string {
  return days.length <= 5 ? days.join(', ') : `${days.slice(0, 5).join(', ')} …`;
}
