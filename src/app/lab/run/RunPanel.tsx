/** Step 4: what a run will be, the run itself with its progress, and how it ended. */

import { createMemo, For, lazy, Match, Show, Switch } from 'solid-js';
import type { SettingId } from '../../../runs/settings.ts';
import { Part } from '../../components/Part.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { Section } from '../../components/Section.tsx';
import { formatBytes, formatCompact, formatDuration, formatPercent, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';
import { HistoryBox } from './HistoryBox.tsx';

const InterimView = lazy(async () => ({ default: (await import('./InterimView.tsx')).InterimView }));

export function RunPanel() {
  const lab = useLab();
  const { run, plan } = lab;
  const faults = createMemo(() => Object.keys(lab.settings.problems()).length);
  return (
    <Section id="run" step={4} title="Run" intro="Everything is computed on this device.">
      <Show when={plan()} fallback={<p class="soft">The plan appears when quotes and a model are loaded.</p>}>
        {(now) => (
          <>
            <p data-testid="plan">
              {formatQuantity(now().contexts, 'forecast')} by the model and its {lab.settings.values().variants} dropout
              variants ({formatCompact(now().forwardPasses)} forward passes), then{' '}
              {formatQuantity(now().backtests, 'backtest')} on {formatQuantity(now().assets, 'symbol')} over{' '}
              {formatQuantity(now().days, 'day')}
              {now().period === 'day' ? '' : ` (${formatQuantity(now().periods, now().period)})`}.{' '}
              <Show when={now().estimatedSeconds !== null} fallback="Measuring how long this takes here …">
                About <strong>{formatDuration(now().estimatedSeconds ?? 0)}</strong>
                {`, ${formatBytes(now().predictionBytes)} of predictions.`}
              </Show>
            </p>
            <Show when={now().smaller}>
              {(smaller) => (
                <p class="note warn">
                  This takes hours. With {smaller().change} it would take about{' '}
                  {formatDuration(smaller().estimatedSeconds)}.{' '}
                  <button
                    type="button"
                    class="quiet"
                    disabled={run.running()}
                    onClick={() => {
                      for (const [id, value] of Object.entries(smaller().settings)) {
                        lab.settings.edit(id as SettingId, value);
                      }
                    }}
                  >
                    Make it smaller
                  </button>
                </p>
              )}
            </Show>
            <For each={now().problems}>{(problem) => <ProblemNote problem={problem} />}</For>
            <Show when={now().warnings.length > 0}>
              <ul class="note warn">
                <For each={now().warnings}>{(warning) => <li>{warning}</li>}</For>
              </ul>
            </Show>
          </>
        )}
      </Show>
      <Show when={faults() > 0}>
        <p class="note warn">{formatQuantity(faults(), 'setting')} above must be corrected first.</p>
      </Show>
      <div class="inline">
        <Show
          when={run.running()}
          fallback={
            <button type="button" class="primary" disabled={!lab.canRun()} onClick={() => void lab.startRun()}>
              {run.outcome() ? 'Run again' : 'Run'}
            </button>
          }
        >
          <Show
            when={run.state.status === 'paused'}
            fallback={
              <button type="button" onClick={run.pause}>
                Pause
              </button>
            }
          >
            <button type="button" class="primary" onClick={() => void run.resume()}>
              Resume
            </button>
          </Show>
          <button type="button" onClick={run.cancel}>
            Cancel
          </button>
        </Show>
      </div>
      <Switch>
        <Match when={run.state.progress}>
          {(progress) => (
            <>
              <ProgressBar progress={progress()} perSecond={run.state.perSecond} secondsLeft={run.state.secondsLeft} />
              <Show when={run.state.status === 'paused'}>
                <p role="status">Paused. What is finished is kept, also when this page is closed.</p>
              </Show>
            </>
          )}
        </Match>
        <Match when={run.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Match>
        <Match when={run.state.status === 'cancelled'}>
          <p role="status">
            Cancelled. {run.outcome() ? 'The results of the run before are kept.' : 'Nothing was lost.'} Days that were
            forecast are kept: the same run goes on from there.
          </p>
        </Match>
        <Match when={run.state.status === 'finished' && run.outcome()}>
          {(outcome) => (
            <p role="status">
              Finished in {formatDuration(outcome().seconds)}.
              <Show when={outcome().kept.keptPasses > 0}>
                {' '}
                {formatPercent(outcome().kept.keptPasses / outcome().kept.forwardPasses)} of the forecasts were kept
                from before.
              </Show>
            </p>
          )}
        </Match>
      </Switch>
      <Show when={run.state.notKept}>{(problem) => <ProblemNote problem={problem()} />}</Show>
      <Show when={run.slopes().length > 0 || (run.running() && run.interim())}>
        <Part name="The run so far">
          <InterimView />
        </Part>
      </Show>
      <HistoryBox />
    </Section>
  );
}
