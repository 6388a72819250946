/** TensorFlow.js as gradient cases use it. */

import { TensorflowTrainer } from '../../../src/training/tensorflow/trainer.ts';
import { initialState } from '../../../src/training/trainer.ts';
import type { GradientEngine } from './engines.ts';

/** Gradients by `tf.grads`; the library's back end is to be chosen before. */
export function tensorflowEngine(device: string): GradientEngine {
  return {
    readsLabels: false,
    trainer: async (task, start) => new TensorflowTrainer(device, task, start),
    gradient: async (task, parameters, feeds) => {
      const trainer = new TensorflowTrainer(device, task, initialState(parameters));
      try {
        return { ...(await trainer.gradient(feeds)), others: {} };
      } finally {
        await trainer.release();
      }
    },
  };
}
