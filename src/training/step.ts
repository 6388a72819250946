/**
 * One training step as one graph: forward pass, loss, gradients, clipping by global norm and AdamW (Loshchilov & Hutter,
 * 2019, decoupled decay, bias-corrected). Parameters and both moments go in and come out as flat vectors.
 */

import type { WeightStore } from '../models/checkpoints/weights.ts';
import type { BatchShape } from '../models/family.ts';
import type { Graph } from '../models/graph/builder.ts';
import { differentiate } from '../models/graph/gradients.ts';
import { sizeOf, type Tensor } from '../models/graph/ir.ts';
import type { Architecture } from '../models/registry.ts';
import { forecastError } from './losses.ts';
import { type ParameterLayout, TrainableGraph } from './parameters.ts';

export interface OptimiserSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled decay, of tensors with two axes or more. */
  readonly weightDecay: number;
  /** Largest global gradient norm; null: no clipping. */
  readonly clipNorm: number | null;
}

export const defaultOptimiser: OptimiserSettings = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

/** What a step is built for. */
export interface StepShape extends BatchShape {
  /** 1: dropout masks are inputs; 0: no dropout. */
  readonly variants: 0 | 1;
}

/** What is trained, on batches of which shape, to lower which loss. */
export interface TrainingTask {
  readonly architecture: Pick<Architecture, 'addTo'>;
  readonly layout: ParameterLayout;
  readonly shape: StepShape;
  readonly optimiser: OptimiserSettings;
  /** One element, of what the architecture left in the graph; absent: the weighted squared error of the forecast. */
  readonly loss?: (g: Graph) => Tensor;
  /** Weights that are not trained; absent: every weight is. */
  readonly weights?: WeightStore;
}

export interface StepOptions {
  /** Also give the gradient [P]. */
  readonly exposeGradient?: boolean;
  readonly loss?: TrainingTask['loss'];
}

/** What gives a loss: an architecture with trained pieces, and what is made of its outputs. */
export type LossTask = Pick<TrainingTask, 'architecture' | 'layout' | 'shape' | 'loss'>;

/** The forward pass up to the loss, without dropout unless `variants` says so: outputs `forecast`, where there is one, and `loss`. */
export function lossGraph(
  { architecture, layout, shape, loss: lossOf = forecastError }: LossTask,
  variants: StepShape['variants'] = 0,
): { readonly graph: TrainableGraph; readonly loss: Tensor } {
  const graph = new TrainableGraph(layout, variants);
  architecture.addTo(graph, shape);
  const loss = lossOf(graph);
  graph.output('loss', graph.reshape(loss, [1]));
  return { graph, loss };
}

/** The deterministic forecast of as many contexts as a batch has, by the parameters. */
export function forecastGraph({ architecture, layout, shape }: LossTask): TrainableGraph {
  const graph = new TrainableGraph(layout);
  architecture.addTo(graph, { contexts: shape.contexts, channels: shape.channels });
  return graph;
}

/**
 * Inputs: `parameters`, `firstMoment`, `secondMoment` [P]; `learningRate`, `firstCorrection` (1 − β₁ᵗ),
 * `secondCorrection` (1 − β₂ᵗ) [1]; what the architecture's `prepare` feeds, the loss's inputs and, with variants, masks.
 * Outputs: `nextParameters`, `nextFirstMoment`, `nextSecondMoment` [P], `loss` and `gradientNorm` (before clipping), and
 * with `exposeGradient` also `gradient` [P].
 */
export function buildTrainingStep(
  architecture: TrainingTask['architecture'],
  layout: ParameterLayout,
  shape: StepShape,
  settings: OptimiserSettings,
  { exposeGradient = false, loss: lossOf }: StepOptions = {},
): TrainableGraph {
  const task = { architecture, layout, shape, ...(lossOf && { loss: lossOf }) };
  const { graph: g, loss } = lossGraph(task, shape.variants);
  g.outputs.clear();
  const raw = flatGradient(g, loss);
  const norm = g.sqrt(g.reduceSum(g.mul(raw, raw), [0]));
  const { nextParameters, nextFirstMoment, nextSecondMoment } = adamW(g, clip(g, raw, norm, settings), settings);
  g.output('nextParameters', nextParameters);
  g.output('nextFirstMoment', nextFirstMoment);
  g.output('nextSecondMoment', nextSecondMoment);
  g.output('loss', g.reshape(loss, [1]));
  g.output('gradientNorm', norm);
  if (exposeGradient) g.output('gradient', raw);
  return g;
}

/** The gradient of the loss as one vector [P]; zero where the loss does not depend on a tensor. */
function flatGradient(g: TrainableGraph, loss: Tensor): Tensor {
  const { slots } = g.layout;
  const gradients = differentiate(
    g,
    loss,
    slots.map(({ name }) => g.pieces.get(name)!),
  );
  const parts = slots.map(({ shape }, i) => {
    const gradient = gradients[i];
    const size = sizeOf(shape);
    return gradient ? g.reshape(gradient, [size]) : g.expand(g.scalar(0), [size]);
  });
  return g.concat(parts, 0);
}

/** g / max(1, norm / clipNorm). */
function clip(g: TrainableGraph, gradient: Tensor, norm: Tensor, { clipNorm }: OptimiserSettings): Tensor {
  if (clipNorm === null) return gradient;
  const excess = g.relu(g.sub(g.mul(norm, g.scalar(1 / clipNorm)), g.scalar(1)));
  return g.div(gradient, g.add(excess, g.scalar(1)));
}

function adamW(
  g: TrainableGraph,
  gradient: Tensor,
  settings: OptimiserSettings,
): Record<'nextParameters' | 'nextFirstMoment' | 'nextSecondMoment', Tensor> {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const shape = [g.layout.size];
  const mix = (beta: number, old: Tensor, fresh: Tensor): Tensor =>
    g.add(g.mul(old, g.scalar(beta)), g.mul(fresh, g.scalar(1 - beta)));
  const nextFirstMoment = mix(beta1, g.input('firstMoment', shape), gradient);
  const nextSecondMoment = mix(beta2, g.input('secondMoment', shape), g.mul(gradient, gradient));
  const mean = g.div(nextFirstMoment, g.input('firstCorrection', [1]));
  const deviation = g.sqrt(g.div(nextSecondMoment, g.input('secondCorrection', [1])));
  const direction = g.div(mean, g.add(deviation, g.scalar(epsilon)));
  const decay = g.mul(g.parameters, g.constant(decayFactors(g.layout, weightDecay), shape));
  const change = g.mul(g.add(direction, decay), g.input('learningRate', [1]));
  return { nextParameters: g.sub(g.parameters, change), nextFirstMoment, nextSecondMoment };
}

/** [P] the decay of each element: biases and norms are not decayed. */
export function decayFactors(layout: ParameterLayout, weightDecay: number): Float32Array {
  const factors = new Float32Array(layout.size);
  for (const { shape, offset } of layout.slots) {
    if (shape.length >= 2) factors.fill(weightDecay, offset, offset + sizeOf(shape));
  }
  return factors;
}
