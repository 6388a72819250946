/**
 * The first training engine: each step is one graph (`step.ts`) in onnxruntime-web. Parameters and moments stay on the device
 * from step to step and are read back only when asked for.
 */

import { describeBackend } from '../models/backend.ts';
import type { WeightStore } from '../models/checkpoints/weights.ts';
import type { Graph } from '../models/graph/builder.ts';
import { type Feeds, GraphSession, HeldTensor, type Runtime } from '../models/runtime/runtime.ts';
import { buildTrainingStep, forecastGraph, lossGraph, type TrainingTask } from './step.ts';
import { type StepResult, stepScalars, type Trainer, type TrainingState } from './trainer.ts';

/** Where a step's output goes in the next one. */
const carriedOn = {
  nextParameters: 'parameters',
  nextFirstMoment: 'firstMoment',
  nextSecondMoment: 'secondMoment',
} as const;

type Carried = Record<(typeof carriedOn)[keyof typeof carriedOn], Float32Array | HeldTensor>;

export class GraphTrainer implements Trainer {
  readonly engine = 'graph';
  /** Sessions without gradients, once they are asked for. */
  private readonly others = new Map<'loss' | 'forecast', Promise<GraphSession>>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly task: TrainingTask,
    private readonly session: GraphSession,
    private carried: Carried,
    private steps: number,
  ) {}

  /** Compiles a training step. @throws UserError `runtime/create` */
  static async create(runtime: Runtime, task: TrainingTask, start: TrainingState): Promise<GraphTrainer> {
    const graph = buildTrainingStep(task.architecture, task.layout, task.shape, task.optimiser, task);
    const held = new Set(Object.keys(carriedOn));
    const session = await GraphSession.create(runtime, graph, task.weights ?? noWeights, graph.outputs, held);
    return new GraphTrainer(runtime, task, session, carriedOf(start), start.steps);
  }

  get device(): string {
    return describeBackend(this.runtime.backend);
  }

  async step(batch: Feeds, learningRate: number): Promise<StepResult> {
    const scalars = stepScalars(this.task.optimiser, this.steps + 1, learningRate);
    const { values, held } = await this.session.runHolding({ ...batch, ...this.carried, ...scalars });
    const before = this.carried;
    const next = { ...before };
    for (const [output, input] of Object.entries(carriedOn)) next[input] = held.get(output)!;
    this.carried = next;
    this.steps++;
    disposeOf(before);
    return { loss: values.loss![0]!, gradientNorm: values.gradientNorm![0]! };
  }

  async loss(batch: Feeds): Promise<number> {
    return (await this.run('loss', batch))[0]!;
  }

  forecast(prepared: Feeds): Promise<Float32Array> {
    return this.run('forecast', prepared);
  }

  async readState(): Promise<TrainingState> {
    const read = async (name: keyof Carried): Promise<Float32Array> => {
      const value = this.carried[name];
      if (!(value instanceof HeldTensor)) return value;
      const values = await value.read();
      this.carried[name] = values;
      return values;
    };
    return {
      steps: this.steps,
      parameters: await read('parameters'),
      firstMoment: await read('firstMoment'),
      secondMoment: await read('secondMoment'),
    };
  }

  async restore(state: TrainingState): Promise<void> {
    disposeOf(this.carried);
    this.carried = carriedOf(state);
    this.steps = state.steps;
  }

  async release(): Promise<void> {
    disposeOf(this.carried);
    const others = await Promise.allSettled(this.others.values());
    this.others.clear();
    for (const other of others) if (other.status === 'fulfilled') await other.value.release();
    await this.session.release();
  }

  private async run(what: 'loss' | 'forecast', feeds: Feeds): Promise<Float32Array> {
    const session = this.others.get(what) ?? this.open(what);
    this.others.set(what, session);
    session.catch(() => this.others.delete(what));
    const { parameters } = this.carried;
    const { values } = await (await session).runHolding({ ...feeds, parameters });
    return values[what]!;
  }

  private open(what: 'loss' | 'forecast'): Promise<GraphSession> {
    const graph: Graph = what === 'loss' ? lossGraph(this.task).graph : forecastGraph(this.task);
    const outputs = new Map([...graph.outputs].filter(([name]) => name === what));
    return GraphSession.create(this.runtime, graph, this.task.weights ?? noWeights, outputs);
  }
}

function carriedOf({ parameters, firstMoment, secondMoment }: TrainingState): Carried {
  return { parameters, firstMoment, secondMoment };
}

function disposeOf(carried: Carried): void {
  for (const value of Object.values(carried)) if (value instanceof HeldTensor) value.dispose();
}

const missing = (name: string): never => {
  throw new RangeError(`the training step asks for a stored weight: ${name}`);
};
/** For graphs whose every weight is a piece of an input. */
const noWeights: WeightStore = { files: [], locate: missing, values: missing };
