/** Where dropout goes in a graph that was not made for it: after activations and after recurrent layers. */

import type { OnnxFile, OnnxNode } from './model.ts';

/** A tensor behind which a mask can be multiplied. */
export interface CandidateSite {
  /** Name of the tensor, and of the operator that makes it. */
  readonly tensor: string;
  readonly node: OnnxNode;
  /** Axis of the features: the last, but the second behind a convolution. */
  readonly axis: 'last' | 'channel';
}

const activations = new Set([
  'Relu',
  'Gelu',
  'FastGelu',
  'QuickGelu',
  'BiasGelu',
  'Elu',
  'Selu',
  'Celu',
  'LeakyRelu',
  'PRelu',
  'ThresholdedRelu',
  'Softplus',
  'HardSwish',
  'Swish',
  'Mish',
]);
const recurrent = new Set(['LSTM', 'GRU', 'RNN']);
const convolutions = new Set(['Conv', 'ConvTranspose', 'BatchNormalization', 'InstanceNormalization', 'FusedConv']);
const products = new Set(['MatMul', 'Gemm', 'Reshape']);

/** The sites of a graph, in the order of its operators. */
export function findSites(file: OnnxFile): CandidateSite[] {
  const producers = new Map(file.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of file.nodes) {
    for (const name of node.inputs) consumers.set(name, [...(consumers.get(name) ?? []), node]);
  }
  const only = (name: string | undefined): OnnxNode | undefined => {
    const users = consumers.get(name ?? '') ?? [];
    return users.length === 1 ? users[0] : undefined;
  };
  const byConstant = (node: OnnxNode | undefined, operator: string): OnnxNode | undefined =>
    node?.operator === operator && node.inputs.some((name) => file.constants.has(name)) ? node : undefined;

  /** GELU written out: f(…) + 1, times x, perhaps times ½. */
  const writtenOut = (node: OnnxNode): OnnxNode | undefined => {
    const sum = byConstant(only(node.outputs[0]), 'Add');
    const product = sum && only(sum.outputs[0]);
    if (product?.operator !== 'Mul') return undefined;
    return byConstant(only(product.outputs[0]), 'Mul') ?? product;
  };
  /** x · σ(x) */
  const swish = (node: OnnxNode): OnnxNode | undefined => {
    const product = only(node.outputs[0]);
    return product?.operator === 'Mul' && product.inputs.includes(node.inputs[0]!) ? product : undefined;
  };
  const endOf = (node: OnnxNode): OnnxNode | undefined => {
    if (activations.has(node.operator) || recurrent.has(node.operator)) return node;
    if (node.operator === 'Erf') return writtenOut(node);
    if (node.operator === 'Sigmoid') return swish(node);
    if (node.operator !== 'Tanh') return undefined;
    const users = consumers.get(node.outputs[0] ?? '') ?? [];
    const plain = users.length > 0 && users.every(({ operator }) => products.has(operator));
    return plain ? node : writtenOut(node);
  };

  const behindConvolution = (node: OnnxNode): boolean => {
    const made = producers.get(node.inputs[0] ?? '');
    return made !== undefined && convolutions.has(made.operator);
  };
  const sites = new Map<string, CandidateSite>();
  for (const node of file.nodes) {
    const end = endOf(node);
    const tensor = end?.outputs[0];
    if (!end || !tensor) continue;
    sites.set(tensor, { tensor, node: end, axis: behindConvolution(node) ? 'channel' : 'last' });
  }
  const order = new Map(file.nodes.map((node, i) => [node, i]));
  return [...sites.values()].sort((a, b) => order.get(a.node)! - order.get(b.node)!);
}
