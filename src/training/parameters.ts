/**
 * A model's parameters as one flat vector: the optimiser then is a handful of operators instead of hundreds, and a
 * training state is three arrays.
 */

import { Graph } from '../models/graph/builder.ts';
import { type RecurrentCell, sizeOf, type Tensor } from '../models/graph/ir.ts';
import { type RecurrentWeights, unrolled } from '../models/graph/recurrence.ts';

/** Where one tensor lies in the flat vector. */
export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[];
  /** P: elements of the flat vector. */
  readonly size: number;
}

/** The layout of a graph's trained weights, in the order the architecture declares them. */
export function layoutOf(graph: Graph): ParameterLayout {
  let size = 0;
  const trained = [...graph.weights].filter(([name]) => !graph.statistics.has(name));
  const slots = trained.map(([name, { shape }]) => {
    const slot = { name, shape, offset: size };
    size += sizeOf(shape);
    return slot;
  });
  return { slots, size };
}

/** Gathers tensors into the flat vector [P]. */
export function flatten(layout: ParameterLayout, values: (name: string) => Float32Array): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, offset } of layout.slots) flat.set(values(name), offset);
  return flat;
}

/** The tensors of a flat vector, as views of it. */
export function unflatten(
  layout: ParameterLayout,
  flat: Float32Array,
): (readonly [name: string, shape: readonly number[], values: Float32Array])[] {
  return layout.slots.map(({ name, shape, offset }) => [name, shape, flat.subarray(offset, offset + sizeOf(shape))]);
}

/**
 * A graph whose weights are pieces of one input `parameters` [P], so that they can be trained; those that are not laid out stay
 * weights of the checkpoint. Recurrent layers are written out, because that is what their gradients are made of.
 */
export class TrainableGraph extends Graph {
  readonly parameters: Tensor;
  /** The pieces, by official name. */
  readonly pieces = new Map<string, Tensor>();

  constructor(
    readonly layout: ParameterLayout,
    variants = 0,
  ) {
    super(variants);
    this.parameters = this.input('parameters', [layout.size]);
  }

  override weight(name: string, shape: readonly number[]): Tensor {
    const known = this.pieces.get(name);
    if (known) return known;
    const slot = this.layout.slots.find((candidate) => candidate.name === name);
    if (!slot) return super.weight(name, shape);
    if (String(slot.shape) !== String(shape)) throw new RangeError(`${name} is not laid out as [${shape}]`);
    const { offset } = slot;
    const piece = this.reshape(this.slice(this.parameters, 0, offset, offset + sizeOf(shape)), shape);
    this.pieces.set(name, piece);
    return piece;
  }

  override recurrent(cell: RecurrentCell, x: Tensor, weights: RecurrentWeights): Tensor {
    return unrolled(this, cell, x, weights);
  }
}
