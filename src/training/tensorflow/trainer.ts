/**
 * The second training engine: TensorFlow.js executes the forward graph, differentiates it by itself and takes AdamW steps.
 * Parameters and moments are flat vectors on the device, as in the first engine, so that states can be exchanged.
 */

import { reachable, sizeOf, type Tensor } from '../../models/graph/ir.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import type { TrainableGraph } from '../parameters.ts';
import { decayFactors, forecastGraph, lossGraph, type TrainingTask } from '../step.ts';
import { type StepResult, stepScalars, type Trainer, type TrainingState } from '../trainer.ts';
import { execute, type KnownValues, neededNodes } from './executor.ts';
import * as tf from './library.ts';

/** On the device, [P] each. A type: the library tidies objects whose every member it knows to be a tensor. */
type FlatState = {
  readonly parameters: tf.Tensor1D;
  readonly firstMoment: tf.Tensor1D;
  readonly secondMoment: tf.Tensor1D;
};

/** A graph with what it is executed for, and the stored weights it reads. */
interface Program {
  readonly graph: TrainableGraph;
  readonly wanted: Tensor;
  readonly weights: KnownValues;
}

export class TensorflowTrainer implements Trainer {
  readonly engine = 'tensorflow';
  private readonly decay: tf.Tensor1D;
  /** Stored weights, by name. */
  private readonly stored = new Map<string, tf.Tensor>();
  private readonly training: Program;
  private readonly programs = new Map<'loss' | 'forecast', Program>();
  private state: FlatState;
  private steps: number;

  /** The library's back end is to be chosen before. */
  constructor(
    readonly device: string,
    private readonly task: TrainingTask,
    start: TrainingState,
  ) {
    const { graph, loss } = lossGraph(task, task.shape.variants);
    this.training = this.program(graph, loss);
    this.decay = tf.tensor1d(decayFactors(task.layout, task.optimiser.weightDecay));
    this.state = toDevice(start);
    this.steps = start.steps;
  }

  async step(batch: Feeds, learningRate: number): Promise<StepResult> {
    const scalars = stepScalars(this.task.optimiser, this.steps + 1, learningRate);
    const { next, loss, norm } = tf.tidy(() => {
      const { value, gradient } = this.gradientOf(batch);
      const norm = tf.sqrt(tf.sum(tf.square(gradient)));
      return { next: this.adamW(this.clip(gradient, norm), scalars), loss: value, norm };
    });
    const before = this.state;
    this.state = next;
    this.steps++;
    disposeOf(before);
    const [[lossValue], [normValue]] = await Promise.all([loss.data(), norm.data()]);
    tf.dispose([loss, norm]);
    return { loss: lossValue!, gradientNorm: normValue! };
  }

  /** The loss of a batch, masks included, and its gradient [P]: for comparisons with the other engine. */
  async gradient(batch: Feeds): Promise<{ readonly loss: number; readonly gradient: Float32Array }> {
    const { value, gradient } = tf.tidy(() => this.gradientOf(batch));
    const [loss, values] = await Promise.all([value.data(), gradient.data()]);
    tf.dispose([value, gradient]);
    return { loss: loss[0]!, gradient: values as Float32Array };
  }

  async loss(batch: Feeds): Promise<number> {
    return (await this.run('loss', batch))[0]!;
  }

  forecast(prepared: Feeds): Promise<Float32Array> {
    return this.run('forecast', prepared);
  }

  async readState(): Promise<TrainingState> {
    const read = async (tensor: tf.Tensor1D) => (await tensor.data()) as Float32Array;
    const { parameters, firstMoment, secondMoment } = this.state;
    return {
      steps: this.steps,
      parameters: await read(parameters),
      firstMoment: await read(firstMoment),
      secondMoment: await read(secondMoment),
    };
  }

  async restore(state: TrainingState): Promise<void> {
    disposeOf(this.state);
    this.state = toDevice(state);
    this.steps = state.steps;
  }

  async release(): Promise<void> {
    disposeOf(this.state);
    tf.dispose([this.decay, ...this.stored.values()]);
    this.stored.clear();
  }

  private async run(what: 'loss' | 'forecast', feeds: Feeds): Promise<Float32Array> {
    const program = this.programs.get(what) ?? this.open(what);
    this.programs.set(what, program);
    const { graph, wanted, weights } = program;
    const result = tf.tidy(() => execute(graph, [wanted], feeds, new Map([...weights, ...this.pieces(graph)]))[0]!);
    const values = (await result.data()) as Float32Array;
    result.dispose();
    return values;
  }

  private open(what: 'loss' | 'forecast'): Program {
    if (what === 'forecast') {
      const graph = forecastGraph(this.task);
      return this.program(graph, graph.outputs.get('forecast')!);
    }
    const { graph, loss } = lossGraph(this.task);
    return this.program(graph, loss);
  }

  private program(graph: TrainableGraph, wanted: Tensor): Program {
    const pieces = new Map([...graph.pieces.values()].map(({ id }) => [id, true]));
    const weights = new Map<number, tf.Tensor>();
    for (const { operation, output } of neededNodes(graph, [wanted], pieces)) {
      if (operation.kind === 'weight') weights.set(output.id, this.weight(operation.name, output.shape));
    }
    return { graph, wanted, weights };
  }

  private weight(name: string, shape: readonly number[]): tf.Tensor {
    const known = this.stored.get(name);
    if (known) return known;
    if (!this.task.weights) throw new RangeError(`the training step asks for a stored weight: ${name}`);
    const tensor = tf.keep(tf.tensor(this.task.weights.values(name), [...shape], 'float32'));
    this.stored.set(name, tensor);
    return tensor;
  }

  /** The trained pieces of the flat vector, by the ids they have in a graph. */
  private pieces(graph: TrainableGraph): Map<number, tf.Tensor> {
    const pieces = new Map<number, tf.Tensor>();
    for (const { name, shape, offset } of this.task.layout.slots) {
      const piece = graph.pieces.get(name);
      if (!piece) continue;
      pieces.set(piece.id, tf.reshape(tf.slice(this.state.parameters, [offset], [sizeOf(shape)]), [...shape]));
    }
    return pieces;
  }

  /** The loss and the flat gradient [P], zero where the loss does not depend on a tensor. */
  private gradientOf(batch: Feeds): { readonly value: tf.Tensor; readonly gradient: tf.Tensor1D } {
    const { graph, wanted, weights } = this.training;
    const pieces = this.pieces(graph);
    const reached = reachable(graph.nodes, [wanted]);
    // The library refuses gradients with respect to what a value does not depend on.
    const ids = [...pieces.keys()].filter((id) => reached.has(id));
    const operands = ids.map((id) => pieces.get(id)!);
    const lossOf = (...given: tf.Tensor[]): tf.Scalar => {
      const known = new Map([...weights, ...pieces, ...ids.map((id, i) => [id, given[i]!] as const)]);
      return tf.reshape(execute(graph, [wanted], batch, known)[0]!, []);
    };
    const { value, grads } = tf.valueAndGrads(lossOf)(operands);
    const gradients = new Map(ids.map((id, i) => [id, grads[i]!]));
    const parts = this.task.layout.slots.map(({ name, shape }) => {
      const piece = graph.pieces.get(name);
      const gradient = piece && gradients.get(piece.id);
      return gradient ? tf.reshape(gradient, [sizeOf(shape)]) : tf.zeros([sizeOf(shape)]);
    });
    return { value, gradient: tf.concat1d(parts as tf.Tensor1D[]) };
  }

  /** g / max(1, norm / clipNorm). */
  private clip(gradient: tf.Tensor1D, norm: tf.Tensor): tf.Tensor1D {
    const { clipNorm } = this.task.optimiser;
    if (clipNorm === null) return gradient;
    return tf.div(gradient, tf.maximum(tf.mul(norm, 1 / clipNorm), 1));
  }

  /** Decoupled decay, bias-corrected moments (Loshchilov & Hutter, 2019). */
  private adamW(gradient: tf.Tensor1D, scalars: ReturnType<typeof stepScalars>): FlatState {
    const { beta1, beta2, epsilon } = this.task.optimiser;
    const { parameters, firstMoment: first, secondMoment: second } = this.state;
    const [rate, firstCorrection, secondCorrection] = [
      scalars.learningRate[0]!,
      scalars.firstCorrection[0]!,
      scalars.secondCorrection[0]!,
    ];
    const firstMoment: tf.Tensor1D = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
    const secondMoment: tf.Tensor1D = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const deviation = tf.add(tf.sqrt(tf.div(secondMoment, secondCorrection)), epsilon);
    const direction = tf.div(tf.div(firstMoment, firstCorrection), deviation);
    const change = tf.mul(tf.add(direction, tf.mul(parameters, this.decay)), rate);
    return { parameters: tf.sub(parameters, change), firstMoment, secondMoment };
  }
}

function toDevice({ parameters, firstMoment, secondMoment }: TrainingState): FlatState {
  // Copies: a back end may keep the very array it is given.
  const upload = (values: Float32Array): tf.Tensor1D => tf.tensor1d(values.slice());
  return {
    parameters: upload(parameters),
    firstMoment: upload(firstMoment),
    secondMoment: upload(secondMoment),
  };
}

function disposeOf({ parameters, firstMoment, secondMoment }: FlatState): void {
  tf.dispose([parameters, firstMoment, secondMoment]);
}
