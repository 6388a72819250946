/** Fine-tuning of the model in use, and families of tuned models that are run one after the other. */

import { unwrap } from 'solid-js/store';
import { TrainingEngine } from '../../../../workers/training/client.ts';
import { UserError } from '../../../core/errors.ts';
import type { KeptCheckpoint } from '../../../models/hub/library.ts';
import type { TradedTime } from '../../../training/fineTuning/walkForward.ts';
import { tunable } from '../run/inUse.ts';
import type { RunOutcome } from '../run/run.ts';
import type { createSettings } from '../settings/settings.ts';
import { createFamily } from '../tuning/family.ts';
import { createFineTuning } from '../tuning/fineTuning.ts';
import { until } from '../until.ts';
import type { ModelPart } from './model.ts';
import type { PlanPart } from './plan.ts';
import type { QuotesPart } from './quotes.ts';
import type { RunsPart } from './runs.ts';

export function createTuningPart(
  settings: ReturnType<typeof createSettings>,
  { loadedGrids }: QuotesPart,
  { engine, model, hub }: ModelPart,
  { plan, setFamilyTime }: PlanPart,
  { run, kept, canRun, startRun }: RunsPart,
) {
  const trainingEngine = new TrainingEngine();
  const tuning = createFineTuning({
    engine: trainingEngine,
    grids: loadedGrids,
    source: () => (model.state.status === 'ready' && model.state.loaded ? tunable(engine.source) : undefined),
    answers: () => engine.answers,
    preference: () => model.state.preference,
  });

  /** Runs with a kept checkpoint; the outcome, unless the run was stopped. */
  const runMember = async (checkpoint: KeptCheckpoint, time: TradedTime): Promise<RunOutcome | undefined> => {
    setFamilyTime(time);
    try {
      await model.openKept(() => hub.open(checkpoint.id));
      if (model.state.problem) throw new UserError(unwrap(model.state.problem));
      const hasFaults = (): boolean => Object.keys(settings.problems()).length > 0;
      await until(() => canRun() || hasFaults() || (plan()?.problems.length ?? 0) > 0);
      const problem = plan()?.problems[0];
      if (problem) throw new UserError(problem);
      await startRun();
      await until(() => !run.running());
      if (run.state.problem) throw new UserError(unwrap(run.state.problem));
      return run.state.status === 'finished' ? run.outcome() : undefined;
    } finally {
      setFamilyTime(undefined);
    }
  };

  const family = createFamily({
    engine: trainingEngine,
    tuning,
    runMember,
    join: kept.addFamily,
    cancelRun: run.cancel,
    kept: () => hub.state.kept,
    keep: hub.keep,
  });
  return { tuning, family };
}
