/** Which engine trains on a device: the faster of those that compute the same loss. */

import type { UserProblem } from '../core/errors.ts';
import type { ProviderPreference } from '../models/runtime/browser.ts';
import type { EngineSpeed } from './service.ts';
import type { EngineId } from './trainer.ts';

/** What measuring an engine gave, or why it cannot be used. */
export type EngineMeasurement = (EngineSpeed & Partial<Fallback>) | { readonly problem: UserProblem };
export type Measured = Readonly<Record<EngineId, EngineMeasurement>>;

/** Where an engine can be used on WASM only. */
export interface Fallback {
  readonly preference: 'wasm';
  /** Why not where it was wished. */
  readonly fallbackReason: string;
}

/**
 * Measures both engines, one after the other so that they do not slow each other down. TensorFlow.js is tried on WASM where it cannot be
 * used on WebGPU.
 *
 * @param measure an engine on a back end; what goes wrong with it is in the answer
 */
export async function measureEngines(
  measure: (engine: EngineId, preference: ProviderPreference) => Promise<EngineMeasurement>,
  preference: ProviderPreference,
): Promise<Measured> {
  const graph = await measure('graph', preference);
  const wished = withoutWrongOnes({ graph, tensorflow: await measure('tensorflow', preference) });
  if (preference === 'wasm' || !('problem' in wished.tensorflow)) return wished;
  const onWasm = withoutWrongOnes({ graph, tensorflow: await measure('tensorflow', 'wasm') });
  if ('problem' in onWasm.tensorflow) return wished;
  const { message: fallbackReason } = wished.tensorflow.problem;
  return { graph, tensorflow: { ...onWasm.tensorflow, preference: 'wasm', fallbackReason } };
}

/** Relative difference of the two engines' losses of one batch that rounding does not explain. */
const TOLERANCE = 1e-3;

/**
 * The training graph is the one that is proved on WASM and WebGPU: where TensorFlow.js computes another loss, as it does on some
 * WebGPU adapters, it is not used.
 */
export function withoutWrongOnes({ graph, tensorflow }: Measured): Measured {
  if ('problem' in graph || 'problem' in tensorflow) return { graph, tensorflow };
  const difference = Math.abs(tensorflow.firstLoss / graph.firstLoss - 1);
  if (difference < TOLERANCE) return { graph, tensorflow };
  const problem = {
    code: 'training/engine-differs',
    message: `${tensorflow.device} computes the loss ${tensorflow.firstLoss} here, and the training graph ${graph.firstLoss}.`,
    hint: 'Train with the training graph, or execute on WASM.',
  };
  return { graph, tensorflow: { problem } };
}

/** The engine that takes less time for a step, of those that work. */
export function fasterEngine(measured: Measured): EngineId {
  const seconds = (engine: EngineId): number => {
    const one = measured[engine];
    return 'problem' in one ? Number.POSITIVE_INFINITY : one.secondsPerStep;
  };
  return seconds('tensorflow') < seconds('graph') ? 'tensorflow' : 'graph';
}
