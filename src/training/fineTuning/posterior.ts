/** How sure a finished training is of its weights: SWAG goes on training and collects, Laplace measures the loss around the head. */

import type { UserProblem } from '../../core/errors.ts';
import { nextTask } from '../../core/yielding.ts';
import { overlayWeights } from '../../models/checkpoints/weights.ts';
import type { GaussianPosterior } from '../../models/posterior/gaussian.ts';
import { flatten } from '../parameters.ts';
import { FisherDiagonal } from '../posterior/laplace.ts';
import { SwagMoments } from '../posterior/swag.ts';
import { defaultOptimiser, type TrainingTask } from '../step.ts';
import { initialState, type Trainer, type TrainingState } from '../trainer.ts';
import { Batches } from './batches.ts';
import type { PreparedFineTuning } from './prepare.ts';
import type { FineTuneSettings } from './settings.ts';
import { trainableLayout, trainedValues } from './trainable.ts';

/** Steps before SWAG's first snapshot, while the optimiser finds its moments; steps between two; snapshots. */
const SETTLING_STEPS = 20;
const STEPS_A_SNAPSHOT = 5;
const SNAPSHOTS = 20;

/** Windows whose gradients Laplace reads at most, one at a time. */
const CURVATURE_WINDOWS = 256;

export interface FittedPosterior {
  /** [P] the weights to keep: SWAG's mean, or those that were there. */
  readonly parameters: Float32Array;
  readonly posterior: GaussianPosterior;
  /** What it was made of, for the file. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * @param parameters [P] of the finished training
 * @param open makes a trainer of another task ready
 * @returns a problem where no posterior could be found: the training stays what it is
 * @throws AbortError within a step of the signal
 */
export function fitPosterior(
  prepared: PreparedFineTuning,
  parameters: Float32Array,
  trainer: Trainer,
  open: (task: TrainingTask, start: TrainingState) => Promise<Trainer>,
  signal?: AbortSignal,
): Promise<FittedPosterior | UserProblem> {
  return prepared.settings.posterior === 'swag'
    ? fitSwag(prepared, parameters, trainer, signal)
    : fitLaplace(prepared, parameters, open, signal);
}

async function fitSwag(
  prepared: PreparedFineTuning,
  parameters: Float32Array,
  trainer: Trainer,
  signal: AbortSignal | undefined,
): Promise<FittedPosterior | UserProblem> {
  const { settings, training, task } = prepared;
  const batches = new Batches(prepared);
  const moments = new SwagMoments(parameters.length);
  await trainer.restore({ ...prepared.start, parameters });
  for (let step = 0; step < SETTLING_STEPS + SNAPSHOTS * STEPS_A_SNAPSHOT; step++) {
    signal?.throwIfAborted();
    // Batches go on where those of the training end.
    const { loss } = await trainer.step(batches.at(settings.steps + step, training), settings.learningRate);
    if (!Number.isFinite(loss)) return lost('The loss was no longer a number while SWAG went on training.');
    const collected = step - SETTLING_STEPS + 1;
    if (collected > 0 && collected % STEPS_A_SNAPSHOT === 0) moments.add((await trainer.readState()).parameters);
    await nextTask();
  }
  return {
    parameters: await batches.settled(moments.centre()),
    posterior: moments.posterior(task.layout),
    provenance: { snapshots: String(SNAPSHOTS), stepsASnapshot: String(STEPS_A_SNAPSHOT) },
  };
}

async function fitLaplace(
  prepared: PreparedFineTuning,
  parameters: Float32Array,
  open: (task: TrainingTask, start: TrainingState) => Promise<Trainer>,
  signal: AbortSignal | undefined,
): Promise<FittedPosterior | UserProblem> {
  const { settings, training, task, model, objective } = prepared;
  const layout = trainableLayout(model.architecture, { ...settings, trainable: 'head' });
  const tuned = new Map(
    task.layout.slots.map(({ name }) => {
      return [name, trainedValues(task.layout, parameters, name, () => model.weights.values(name))!] as const;
    }),
  );
  const weights = overlayWeights(model.weights, tuned);
  const start = initialState(flatten(layout, weights.values));
  const optimiser = { ...defaultOptimiser, weightDecay: 0, clipNorm: null };
  // One window has no moments of its own: batch norms read the running ones.
  const shape = { ...task.shape, contexts: 1, variants: 0 as const, batchStatistics: false };
  const one = { ...task, layout, weights, optimiser, shape };
  const trainer = await open(one, start);
  const batches = new Batches(prepared);
  const fisher = new FisherDiagonal(layout.slots);
  const count = Math.min(CURVATURE_WINDOWS, training.places.length);
  try {
    for (let n = 0; n < count; n++) {
      signal?.throwIfAborted();
      const place = training.places[Math.floor((n * training.places.length) / count)]!;
      await trainer.restore(start);
      const { loss } = await trainer.step(objective.feeds([batches.window(place, training.shape)]), 0);
      if (!Number.isFinite(loss)) return lost('The loss of a window is no number.');
      // After one step from nothing the second moment is (1 − β₂)·g².
      const { secondMoment } = await trainer.readState();
      fisher.add(
        loss,
        secondMoment.map((moment) => moment / (1 - optimiser.beta2)),
        layout,
      );
      await nextTask();
    }
  } finally {
    await trainer.release();
  }
  return {
    parameters,
    posterior: fisher.posterior((name) => weights.values(name), likelihoods[settings.loss]),
    provenance: { windows: String(count) },
  };
}

/** What each loss is the logarithm of. A window counts as one observation, because its steps ahead move together. */
const likelihoods: Readonly<Record<FineTuneSettings['loss'], 'squared' | 'absolute' | 'nats'>> = {
  mse: 'squared',
  huber: 'squared',
  mae: 'absolute',
  quantile: 'absolute',
  quantiles: 'absolute',
  crossEntropy: 'nats',
  mixture: 'nats',
};

function lost(message: string): UserProblem {
  return {
    code: 'training/posterior',
    message: `There is no posterior: ${message}`,
    hint: 'The trained weights are kept. Lower the learning rate to find one.',
  };
}
