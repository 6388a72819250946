/** Runs training steps: holds parameters and moments, feeds batches, keeps count. Which device it runs on is the runtime's. */

import type { WeightStore } from '../models/checkpoints/weights.ts';
import { type Feeds, GraphSession, type Runtime } from '../models/runtime/runtime.ts';
import type { TrainableGraph } from './parameters.ts';
import type { OptimiserSettings } from './step.ts';

/** Everything a training run is after a number of steps; resuming from it continues exactly. */
export interface TrainingState {
  readonly steps: number;
  /** [P] each */
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface StepResult {
  /** Of the batch, before the update. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

/** The state before the first step. */
export function initialState(parameters: Float32Array): TrainingState {
  const zeros = (): Float32Array => new Float32Array(parameters.length);
  return { steps: 0, parameters, firstMoment: zeros(), secondMoment: zeros() };
}

export class Trainer {
  private constructor(
    private readonly session: GraphSession,
    private readonly optimiser: OptimiserSettings,
    private current: TrainingState,
  ) {}

  /** Compiles a training step (see `buildTrainingStep`); `weights` are those of the checkpoint that are not trained. */
  static async create(
    runtime: Runtime,
    graph: TrainableGraph,
    optimiser: OptimiserSettings,
    state: TrainingState,
    weights: WeightStore = noWeights,
  ): Promise<Trainer> {
    const session = await GraphSession.create(runtime, graph, weights);
    return new Trainer(session, optimiser, state);
  }

  get state(): TrainingState {
    return this.current;
  }

  /** One step on a batch. */
  async step(batch: Feeds, learningRate: number): Promise<StepResult> {
    const { parameters, firstMoment, secondMoment } = this.current;
    const steps = this.current.steps + 1;
    const results = await this.session.run({
      ...batch,
      parameters,
      firstMoment,
      secondMoment,
      learningRate: Float32Array.of(learningRate),
      firstCorrection: Float32Array.of(1 - this.optimiser.beta1 ** steps),
      secondCorrection: Float32Array.of(1 - this.optimiser.beta2 ** steps),
    });
    this.current = {
      steps,
      parameters: results.nextParameters!,
      firstMoment: results.nextFirstMoment!,
      secondMoment: results.nextSecondMoment!,
    };
    return { loss: results.loss![0]!, gradientNorm: results.gradientNorm![0]! };
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** Usually every weight is a piece of an input. */
const noWeights = {
  files: [],
  locate: (name: string): never => {
    throw new RangeError(`the training step asks for a stored weight: ${name}`);
  },
  values: (name: string): never => {
    throw new RangeError(`the training step asks for a stored weight: ${name}`);
  },
};
