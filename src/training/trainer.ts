/**
 * What a training engine is: it holds parameters and moments, takes steps on batches and keeps count. `graphTrainer.ts` and
 * `tensorflow/trainer.ts` are the two; each reads the other's states.
 */

import type { Feeds } from '../models/runtime/runtime.ts';
import type { OptimiserSettings } from './step.ts';

/** Which engine trains: one ONNX graph a step, or TensorFlow.js. */
export type EngineId = 'graph' | 'tensorflow';

/** Everything a training run is after a number of steps; resuming from it continues exactly. */
export interface TrainingState {
  readonly steps: number;
  /** [P] each */
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface StepResult {
  /** Loss of the batch, before the update. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

export interface Trainer {
  readonly engine: EngineId;
  /** What executes it, for people: "WASM with 2 threads". */
  readonly device: string;
  /** One step on a batch. Parameters and moments stay where they are computed. */
  step(batch: Feeds, learningRate: number): Promise<StepResult>;
  /** The loss of a batch without dropout; nothing changes. */
  loss(batch: Feeds): Promise<number>;
  /** The forecast [1, N, C, H] of prepared contexts, as many as a batch has, in scaled units. */
  forecast(prepared: Feeds): Promise<Float32Array>;
  /** Brings parameters and moments back from the device. */
  readState(): Promise<TrainingState>;
  /** Goes on from a state, of this or the other engine. */
  restore(state: TrainingState): Promise<void>;
  release(): Promise<void>;
}

/** The state before the first step. */
export function initialState(parameters: Float32Array): TrainingState {
  const zeros = (): Float32Array => new Float32Array(parameters.length);
  return { steps: 0, parameters, firstMoment: zeros(), secondMoment: zeros() };
}

/** Inputs of an AdamW step beside parameters, moments and batch: the rate, and both bias corrections after so many steps. */
export function stepScalars(
  { beta1, beta2 }: OptimiserSettings,
  steps: number,
  learningRate: number,
): Readonly<Record<'learningRate' | 'firstCorrection' | 'secondCorrection', Float32Array>> {
  return {
    learningRate: Float32Array.of(learningRate),
    firstCorrection: Float32Array.of(1 - beta1 ** steps),
    secondCorrection: Float32Array.of(1 - beta2 ** steps),
  };
}
