/**
 * Reverse-mode differentiation: appends to a graph the nodes that compute the gradient of a scalar. One rule per
 * operator, itself written in the graph language, so that every back end can run it.
 */

import type { Graph } from './builder.ts';
import { type Node, type OperationKind, sizeOf, type Tensor, type UnaryFunction } from './ir.ts';
import { type RecurrentWeights, unrolled } from './recurrence.ts';

/** Gradients with respect to the operands; undefined where none flows (indices, comparisons). */
type Rule<K extends OperationKind> = (
  g: Graph,
  node: Node & { readonly operation: { readonly kind: K } },
  upstream: Tensor,
) => readonly (Tensor | undefined)[];

/**
 * Gradient of `loss` (one element) with respect to each tensor of `targets`; undefined for those it does not depend on.
 * Targets are leaves: none is seen through another.
 */
export function differentiate(g: Graph, loss: Tensor, targets: readonly Tensor[]): (Tensor | undefined)[] {
  if (sizeOf(loss.shape) !== 1) throw new RangeError(`a loss has one element, not the shape [${loss.shape}]`);
  return pullBack(g, loss, g.constant(new Float32Array([1]), loss.shape), targets);
}

/** Gradients of the targets, given that of a tensor `y` that is made of them. */
function pullBack(g: Graph, y: Tensor, upstream: Tensor, targets: readonly Tensor[]): (Tensor | undefined)[] {
  const needed = dependents(g, targets);
  const leaves = new Set(targets.map((target) => target.id));
  const gradients = new Map<number, Contributions>([[y.id, { whole: upstream, slices: [] }]]);
  for (let id = y.id; id >= 0; id--) {
    const contributions = gradients.get(id);
    const node = g.nodes[id]!;
    if (!contributions || leaves.has(id) || !node.operands.some((operand) => needed.has(operand.id))) continue;
    const up = total(g, node.output.shape, contributions);
    const { operation, operands } = node;
    if (operation.kind === 'slice') {
      // Kept apart: the slices of one tensor are put together at once, not padded with zeros one by one.
      const { axis, start } = operation;
      contributionsOf(gradients, operands[0]!).slices.push({ axis, start, piece: up });
      continue;
    }
    const rule = rules[operation.kind] as Rule<OperationKind>;
    const parts = rule(g, node, up);
    operands.forEach((operand, i) => {
      const part = parts[i];
      if (!part || !needed.has(operand.id)) return;
      const sum = contributionsOf(gradients, operand);
      sum.whole = sum.whole ? g.add(sum.whole, part) : part;
    });
  }
  return targets.map((target) => {
    const contributions = gradients.get(target.id);
    return contributions && total(g, target.shape, contributions);
  });
}

/** What flows back into a tensor: gradients of all of it, and of slices. */
interface Contributions {
  whole?: Tensor;
  readonly slices: { readonly axis: number; readonly start: number; readonly piece: Tensor }[];
}

function contributionsOf(gradients: Map<number, Contributions>, tensor: Tensor): Contributions {
  const known = gradients.get(tensor.id);
  if (known) return known;
  const fresh: Contributions = { slices: [] };
  gradients.set(tensor.id, fresh);
  return fresh;
}

/** The sum of all contributions to a tensor. Slices along one axis that do not overlap become one concatenation. */
function total(g: Graph, shape: readonly number[], { whole, slices }: Contributions): Tensor {
  let sum = whole;
  let rest = [...slices].sort((a, b) => a.axis - b.axis || a.start - b.start);
  while (rest.length > 0) {
    const [{ axis }] = rest as [Contributions['slices'][number]];
    const parts: Tensor[] = [];
    const later: typeof rest = [];
    let end = 0;
    for (const slice of rest) {
      if (slice.axis !== axis || slice.start < end) {
        later.push(slice);
        continue;
      }
      parts.push(...zeros(g, shape, axis, slice.start - end), slice.piece);
      end = slice.start + slice.piece.shape[axis]!;
    }
    const joined = g.concat([...parts, ...zeros(g, shape, axis, shape[axis]! - end)], axis);
    sum = sum ? g.add(sum, joined) : joined;
    rest = later;
  }
  return sum!;
}

/** A block of zeros of so many places along an axis; nothing for none. */
function zeros(g: Graph, shape: readonly number[], axis: number, length: number): Tensor[] {
  const block = shape.map((size, a) => (a === axis ? length : size));
  return length > 0 ? [g.expand(g.scalar(0), block)] : [];
}

/** Ids of the tensors that depend on any of the targets. */
function dependents(g: Graph, targets: readonly Tensor[]): Set<number> {
  const needed = new Set(targets.map((target) => target.id));
  for (const node of g.nodes) {
    if (node.operands.some((operand) => needed.has(operand.id))) needed.add(node.output.id);
  }
  return needed;
}

/** Undoes broadcasting: sums a gradient over the axes along which an operand was repeated. */
function sumTo(g: Graph, gradient: Tensor, shape: readonly number[]): Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((size, axis) => ({ size, axis }))
    .filter(({ size, axis }) => axis < extra || (shape[axis - extra] === 1 && size !== 1))
    .map(({ axis }) => axis);
  return g.reshape(g.reduceSum(gradient, axes), shape);
}

/** [..., d] → [rows, d]. */
function asMatrix(g: Graph, x: Tensor): Tensor {
  const width = x.shape.at(-1)!;
  return g.reshape(x, [sizeOf(x.shape) / width, width]);
}

const derivatives: Record<UnaryFunction, (g: Graph, x: Tensor, y: Tensor, upstream: Tensor) => Tensor> = {
  neg: (g, _x, _y, up) => g.neg(up),
  exp: (g, _x, y, up) => g.mul(up, y),
  log: (g, x, _y, up) => g.div(up, x),
  sqrt: (g, _x, y, up) => g.div(g.mul(up, g.scalar(0.5)), y),
  tanh: (g, _x, y, up) => g.mul(up, g.sub(g.scalar(1), g.mul(y, y))),
  sigmoid: (g, _x, y, up) => g.mul(up, g.mul(y, g.sub(g.scalar(1), y))),
  relu: (g, x, _y, up) => g.mul(up, g.greater(x, g.scalar(0))),
  erf: (g, x, _y, up) => g.mul(up, g.mul(g.scalar(2 / Math.sqrt(Math.PI)), g.exp(g.neg(g.mul(x, x))))),
  gelu: (g, x, _y, up) => {
    const cumulative = g.mul(g.scalar(0.5), g.add(g.scalar(1), g.erf(g.mul(x, g.scalar(Math.SQRT1_2)))));
    const density = g.mul(g.scalar(1 / Math.sqrt(2 * Math.PI)), g.exp(g.mul(g.mul(x, x), g.scalar(-0.5))));
    return g.mul(up, g.add(cumulative, g.mul(x, density)));
  },
};

const rules: { readonly [K in OperationKind]: Rule<K> } = {
  input: () => [],
  weight: () => [],
  constant: () => [],
  toFloat: () => [undefined],
  unary: (g, node, up) => [derivatives[node.operation.fn](g, node.operands[0]!, node.output, up)],

  binary: (g, node, up) => {
    const [a, b] = node.operands as [Tensor, Tensor];
    switch (node.operation.fn) {
      case 'add':
        return [sumTo(g, up, a.shape), sumTo(g, up, b.shape)];
      case 'sub':
        return [sumTo(g, up, a.shape), sumTo(g, g.neg(up), b.shape)];
      case 'mul':
        return [sumTo(g, g.mul(up, b), a.shape), sumTo(g, g.mul(up, a), b.shape)];
      case 'div': {
        const toNumerator = g.div(up, b);
        return [sumTo(g, toNumerator, a.shape), sumTo(g, g.neg(g.mul(toNumerator, node.output)), b.shape)];
      }
      case 'greater':
        return [undefined, undefined];
    }
  },

  matmul: (g, node, up) => {
    const [a, b] = node.operands as [Tensor, Tensor];
    const toA = g.matmul(up, g.swapAxes(b, -1, -2));
    if (b.shape.length > 2 || a.shape.length === 2) return [toA, g.matmul(g.swapAxes(a, -1, -2), up)];
    return [toA, g.matmul(g.swapAxes(asMatrix(g, a), 0, 1), asMatrix(g, up))];
  },

  linear: (g, node, up) => {
    const [x, weight, bias] = node.operands as [Tensor, Tensor, Tensor | undefined];
    const rows = asMatrix(g, up);
    const toX = g.reshape(g.matmul(rows, weight), x.shape);
    const toWeight = g.matmul(g.swapAxes(rows, 0, 1), asMatrix(g, x));
    return bias ? [toX, toWeight, g.reshape(g.reduceSum(rows, [0]), bias.shape)] : [toX, toWeight];
  },

  reshape: (g, node, up) => [g.reshape(up, node.operands[0]!.shape)],

  transpose: (g, node, up) => {
    const { permutation } = node.operation;
    return [
      g.transpose(
        up,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ];
  },

  expand: (g, node, up) => [sumTo(g, up, node.operands[0]!.shape)],

  slice: () => {
    throw new Error('slices are put together where their tensor is met');
  },

  concat: (g, node, up) => {
    const { axis } = node.operation;
    let start = 0;
    return node.operands.map((part) => {
      const length = part.shape[axis]!;
      const piece = g.slice(up, axis, start, start + length);
      start += length;
      return piece;
    });
  },

  reduceSum: (g, node, up) => [g.expand(up, node.operands[0]!.shape)],

  softmax: (g, node, up) => {
    const y = node.output;
    const weighted = g.mul(up, y);
    const total = g.reduceSum(weighted, [y.shape.length - 1]);
    return [g.sub(weighted, g.mul(y, total))];
  },

  logSumExp: (g, node, up) => [g.mul(g.softmax(node.operands[0]!), up)],

  // The same layer written out, differentiated step by step.
  recurrent: (g, node, up) => {
    const [x, ...weights] = node.operands as [Tensor, ...RecurrentWeights];
    return pullBack(g, unrolled(g, node.operation.cell, x, weights), up, node.operands);
  },

  layerNorm: (g, node, up) => {
    const [x, gain] = node.operands as [Tensor, Tensor, Tensor];
    const last = [x.shape.length - 1];
    const centred = g.sub(x, g.reduceMean(x, last));
    const variance = g.reduceMean(g.mul(centred, centred), last);
    const deviation = g.sqrt(g.add(variance, g.scalar(node.operation.epsilon)));
    const normal = g.div(centred, deviation);
    const scaled = g.mul(up, gain);
    const projected = g.sub(
      g.sub(scaled, g.reduceMean(scaled, last)),
      g.mul(normal, g.reduceMean(g.mul(scaled, normal), last)),
    );
    return [g.div(projected, deviation), sumTo(g, g.mul(up, normal), gain.shape), sumTo(g, up, gain.shape)];
  },

  gather: (g, node, up) => {
    const [table, indices] = node.operands as [Tensor, Tensor];
    const [rows, width] = table.shape as [number, number];
    const count = sizeOf(indices.shape);
    const oneHot = g.reshape(g.oneHot(indices, rows), [count, rows]);
    return [g.matmul(g.swapAxes(oneHot, 0, 1), g.reshape(up, [count, width])), undefined];
  },
};
