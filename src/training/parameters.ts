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

/** Low-rank changes of matrices that are not trained themselves (LoRA, arXiv:2106.09685): W + scale · B A. */
export interface Adapters {
  readonly scale: number;
  /** Names of the matrices W. */
  readonly names: ReadonlySet<string>;
}

export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[];
  /** P: elements of the flat vector. */
  readonly size: number;
  readonly adapters?: Adapters;
}

/** Names of the slots of a matrix's adapter: A [rank, in] and B [out, rank]. */
export function adapterSlots(name: string): { readonly a: string; readonly b: string } {
  return { a: `${name}.lora_A`, b: `${name}.lora_B` };
}

/** The layout of a graph's trained weights, in the order the architecture declares them. */
export function layoutOf(graph: Graph): ParameterLayout {
  return layOut([...graph.weights].filter(([name]) => !graph.statistics.has(name)));
}

/** One slot behind the other. */
export function layOut(
  tensors: Iterable<readonly [name: string, tensor: { readonly shape: readonly number[] }]>,
): ParameterLayout {
  let size = 0;
  const slots = Array.from(tensors, ([name, { shape }]) => {
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
  private readonly slots: ReadonlyMap<string, ParameterSlot>;
  /** Matrices with what their adapters add. */
  private readonly sums = new Map<string, Tensor>();

  constructor(
    readonly layout: ParameterLayout,
    variants = 0,
  ) {
    super(variants);
    this.slots = new Map(layout.slots.map((slot) => [slot.name, slot]));
    this.parameters = this.input('parameters', [layout.size]);
  }

  override weight(name: string, shape: readonly number[]): Tensor {
    const { adapters } = this.layout;
    if (adapters?.names.has(name)) return this.adapted(name, shape, adapters.scale);
    const slot = this.slots.get(name);
    if (!slot) return super.weight(name, shape);
    if (String(slot.shape) !== String(shape)) throw new RangeError(`${name} is not laid out as [${shape}]`);
    return this.piece(slot);
  }

  /** W + scale · B A, once for all uses of the matrix. */
  private adapted(name: string, shape: readonly number[], scale: number): Tensor {
    const known = this.sums.get(name);
    if (known) return known;
    const { a, b } = adapterSlots(name);
    const change = this.matmul(this.piece(this.slots.get(b)!), this.piece(this.slots.get(a)!));
    const sum = this.add(super.weight(name, shape), this.mul(change, this.scalar(scale)));
    this.sums.set(name, sum);
    return sum;
  }

  private piece({ name, shape, offset }: ParameterSlot): Tensor {
    const known = this.pieces.get(name);
    if (known) return known;
    const piece = this.reshape(this.slice(this.parameters, 0, offset, offset + sizeOf(shape)), shape);
    this.pieces.set(name, piece);
    return piece;
  }

  override recurrent(cell: RecurrentCell, x: Tensor, weights: RecurrentWeights): Tensor {
    return unrolled(this, cell, x, weights);
  }
}
