/** The training engines as gradient cases use them. The one of TensorFlow.js is in a file of its own, which node alone imports. */

import { type Feeds, GraphSession, type Runtime } from '../../../src/models/runtime/runtime.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { buildTrainingStep, type TrainingTask } from '../../../src/training/step.ts';
import type { Trainer, TrainingState } from '../../../src/training/trainer.ts';

export interface GradientEngine {
  /** Whether it can give labels of the graph beside the gradient. */
  readonly readsLabels: boolean;
  readonly gradient: (
    task: TrainingTask,
    parameters: Float32Array,
    feeds: Feeds,
    labels: readonly string[],
  ) => Promise<{
    readonly loss: number;
    /** [P] */
    readonly gradient: Float32Array;
    readonly others: Readonly<Record<string, Float32Array>>;
  }>;
  readonly trainer: (task: TrainingTask, start: TrainingState) => Promise<Trainer>;
}

/** Gradients by the graph language. */
export function graphEngine(runtime: Runtime): GradientEngine {
  return {
    readsLabels: true,
    trainer: (task, start) => GraphTrainer.create(runtime, task, start),
    gradient: async (task, parameters, feeds, labels) => {
      const options = { exposeGradient: true, loss: task.loss };
      const graph = buildTrainingStep(task.architecture, task.layout, task.shape, task.optimiser, options);
      const wanted = new Map([...graph.outputs].filter(([name]) => name === 'loss' || name === 'gradient'));
      for (const label of labels) wanted.set(label, graph.labels.get(label)!);
      const session = await GraphSession.create(runtime, graph, task.weights!, wanted);
      try {
        const { loss, gradient, ...others } = await session.run({ ...feeds, parameters });
        return { loss: loss![0]!, gradient: gradient!, others };
      } finally {
        await session.release();
      }
    },
  };
}
