/** Runs: what must be there before one starts, what it is made of, and what becomes of its outcome. */

import { createEffect, createSignal, on } from 'solid-js';
import { unwrap } from 'solid-js/store';
import { BacktestPool } from '../../../../workers/backtests/client.ts';
import { withForecasts } from '../../../../workers/kept/client.ts';
import { RiskEngine } from '../../../../workers/risk/client.ts';
import type { History } from '../run/history.ts';
import { createImports } from '../run/imports.ts';
import { createKeptRuns } from '../run/keptRuns.ts';
import { createRecordedRuns } from '../run/recordedRuns.ts';
import { createRun, type RunInputs } from '../run/run.ts';
import type { createSettings } from '../settings/settings.ts';
import type { ModelPart } from './model.ts';
import type { PlanPart } from './plan.ts';
import type { QuotesPart } from './quotes.ts';

export function createRunsPart(
  settings: ReturnType<typeof createSettings>,
  { data }: QuotesPart,
  { engine, model }: ModelPart,
  { plan, studied, familyTime }: PlanPart,
  history: History,
) {
  const backtester = new BacktestPool();
  const riskEngine = new RiskEngine();
  const run = createRun({ backtester, resample: riskEngine.intervals, withForecasts });
  const kept = createKeptRuns(riskEngine.intervals);
  const recorded = createRecordedRuns(run, history);
  const [opened, setOpened] = createSignal<number>();

  createEffect(
    on(run.outcome, (outcome) => {
      if (outcome && !familyTime()) void kept.keep(outcome);
    }),
  );
  // A point opened in one run means nothing in the next.
  createEffect(on(run.outcome, () => setOpened(undefined), { defer: true }));

  const canRun = (): boolean =>
    !run.running() &&
    data.ready() &&
    model.state.status === 'ready' &&
    plan()?.problems.length === 0 &&
    Object.keys(settings.problems()).length === 0;

  const startRun = async (): Promise<void> => {
    const { loaded } = model.state;
    if (!loaded || !canRun()) return;
    const inputs: RunInputs = {
      embedded: { quotes: data.inUse().source === 'embedded', model: model.state.source === 'embedded' },
      backtestSeconds: plan()?.backtestSeconds ?? 0,
      grids: studied(),
      settings: settings.values(),
      series: data.inUse().series,
      forecaster: {
        ...unwrap(loaded),
        measure: (forecast) => engine.measure(forecast),
        forecast: (...request) => engine.forecast(...request),
        release: async () => {},
      },
    };
    recorded.begin(inputs);
    await run.start(inputs);
  };

  const imports = createImports(kept, history, riskEngine.intervals);
  return { run, kept, imports, riskEngine, backtester, opened, setOpened, canRun, startRun };
}

export type RunsPart = ReturnType<typeof createRunsPart>;
