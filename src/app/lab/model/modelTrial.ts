/** The model in use, tried: how long an answer takes on this device, and what it predicts on a stretch of the quotes. */

import { type Accessor, createEffect, on } from 'solid-js';
import { createStore } from 'solid-js/store';
import { cutGrid } from '../../../core/cutGrid.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Forecasts, Grid } from '../../../core/types.ts';
import { neededContext } from '../../../forecasts/neededContext.ts';
import { oneAnswerAtATime } from '../../../forecasts/oneAnswer.ts';
import { anyNotFinite, countNotFinite, notFiniteProblem } from '../../../models/finite.ts';
import type { ForecastSettings, ModelCard } from '../../../models/types.ts';
import { forecastSettingsOf, type RunSettings } from '../../../runs/settings.ts';

/** Forecasts of a preview, at most. */
const PREVIEW_TICKS = 240;
/** Enough for a fan. */
const MOST_VARIANTS = 16;

export interface Latency {
  /** One context by the model alone. */
  readonly aloneMs: number;
  /** Forward passes in batches, as a run makes them. */
  readonly passesPerSecond: number;
}

export interface Preview {
  readonly day: string;
  /** Ticks from the session's start to the last forecast. */
  readonly grid: Grid;
  readonly forecasts: Forecasts;
}

export interface ModelTrialState {
  readonly busy: 'measuring' | 'forecasting' | undefined;
  readonly latency: Latency | undefined;
  readonly preview: Preview | undefined;
  readonly problem: UserProblem | undefined;
}

export interface ModelTrialInputs {
  readonly card: Accessor<ModelCard | undefined>;
  readonly settings: Accessor<RunSettings>;
  readonly measure: (settings: ForecastSettings) => Promise<number>;
  readonly forecast: (grid: Grid, settings: ForecastSettings) => Promise<Forecasts>;
}

const nothing = { busy: undefined, latency: undefined, preview: undefined, problem: undefined } as const;

export function createModelTrial({ card, settings, measure, forecast }: ModelTrialInputs) {
  const [state, setState] = createStore<ModelTrialState>({ ...nothing });
  // What another model takes or predicts says nothing of this one.
  createEffect(on(card, () => setState(nothing), { defer: true }));

  const attempt = async (
    busy: 'measuring' | 'forecasting',
    work: () => Promise<Partial<ModelTrialState>>,
  ): Promise<void> => {
    if (state.busy) return;
    const model = card();
    setState({ busy, problem: undefined });
    try {
      const found = await work();
      if (card() === model) setState({ ...found, busy: undefined });
    } catch (caught) {
      if (card() === model) setState({ busy: undefined, ...(!isAbort(caught) && { problem: toProblem(caught) }) });
    }
  };

  return {
    state,
    measure: (): Promise<void> =>
      attempt('measuring', async () => {
        const forecastSettings = forecastSettingsOf(settings());
        const alone = await measure(oneAnswerAtATime(forecastSettings));
        return { latency: { aloneMs: 1000 * alone, passesPerSecond: 1 / (await measure(forecastSettings)) } };
      }),
    /** Forecasts the beginning of a session at every tick. */
    preview: (grid: Grid, session: number): Promise<void> =>
      attempt('forecasting', async () => {
        const model = card();
        if (!model) return {};
        const runSettings = settings();
        const context = neededContext(model, runSettings);
        const start = grid.sessionStarts[session] ?? 0;
        const end = grid.sessionStarts[session + 1] ?? grid.timeMs.length;
        const day = grid.sessionDays[session] ?? '';
        if (end - start < context) {
          const message = `The session of ${day} has ${end - start} ticks, and the model reads ${context}.`;
          const hint = 'Choose another session, or a finer resolution in the settings.';
          return { problem: { code: 'model/short-session', message, hint, where: grid.symbol } };
        }
        const stretch = cutGrid(grid, {
          start,
          endExclusive: Math.min(end, start + context - 1 + PREVIEW_TICKS),
          firstSession: session,
          endSessionExclusive: session + 1,
        });
        const variants = Math.min(MOST_VARIANTS, runSettings.variants);
        const wanted = { ...forecastSettingsOf({ ...runSettings, strideTicks: 1 }), variants };
        const forecasts = await forecast(stretch, wanted);
        const found = countNotFinite(forecasts, stretch, model, wanted);
        const problem = anyNotFinite(found) ? notFiniteProblem(found, found.due, model.name) : undefined;
        return { preview: { day, grid: stretch, forecasts }, problem };
      }),
  };
}

export type ModelTrial = ReturnType<typeof createModelTrial>;
