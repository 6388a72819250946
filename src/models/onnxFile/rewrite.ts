/**
 * Rewrites an ONNX file: fields that do not change are copied byte by byte, so that whatever this program does not know
 * stays as it was. The original is left alone; a new file is made.
 */

import { ProtobufWriter } from '../graph/onnx/protobuf.ts';
import type { OnnxFile, OnnxNode } from './model.ts';
import { readFields, textOf } from './wire.ts';

/** A mask to be multiplied onto a tensor. */
export interface MaskPlace {
  readonly node: OnnxNode;
  readonly tensor: string;
  /** Name of the new input, and its shape, which broadcasts to the tensor's. */
  readonly input: string;
  readonly shape: readonly number[];
  /** The tensor's elements are float16: the mask is converted. */
  readonly half: boolean;
}

const GRAPH = 7;
const NODE = 1;
const FLOAT = 1;
const HALF = 10;

/** The model with a mask input and a multiplication behind each place. Masks of ones change nothing. */
export function insertMasks(file: OnnxFile, places: readonly MaskPlace[]): Uint8Array {
  const byNode = new Map(places.map((place) => [place.node.field, place]));
  const graph = new ProtobufWriter();
  for (const field of file.graphFields) {
    const place = field.number === NODE ? byNode.get(field) : undefined;
    if (!place) graph.copy(field.raw);
    else for (const node of maskedNodes(place)) graph.bytes(NODE, node);
  }
  for (const { input, shape } of places) graph.bytes(11, floatInput(input, shape));
  return withGraph(file, graph);
}

/** The model with more of its tensors as outputs; their types are left for the runtime to tell. */
export function exposeTensors(file: OnnxFile, tensors: readonly string[]): Uint8Array {
  const graph = new ProtobufWriter();
  for (const field of file.graphFields) graph.copy(field.raw);
  const known = new Set(file.outputs.map(({ name }) => name));
  for (const name of tensors) if (!known.has(name)) graph.bytes(12, new ProtobufWriter().bytes(1, name));
  return withGraph(file, graph);
}

function withGraph(file: OnnxFile, graph: ProtobufWriter): Uint8Array {
  const model = new ProtobufWriter();
  for (const field of file.fields) {
    if (field.number === GRAPH) model.bytes(GRAPH, graph);
    else model.copy(field.raw);
  }
  return model.finish();
}

/** The operator under a new output name, and the multiplication that takes the old one. */
function maskedNodes({ node, tensor, input, half }: MaskPlace): ProtobufWriter[] {
  const bare = `${tensor}/before ${input}`;
  const renamed = new ProtobufWriter();
  for (const field of readFields(node.field.bytes, node.name)) {
    if (field.number === 2 && textOf(field) === tensor) renamed.bytes(2, bare);
    else renamed.copy(field.raw);
  }
  const mask = half ? `${input}/half` : input;
  const cast = new ProtobufWriter()
    .bytes(1, input)
    .bytes(2, mask)
    .bytes(3, `${input}/cast`)
    .bytes(4, 'Cast')
    .bytes(5, new ProtobufWriter().bytes(1, 'to').integer(3, HALF).integer(20, 2));
  const product = new ProtobufWriter()
    .bytes(1, bare)
    .bytes(1, mask)
    .bytes(2, tensor)
    .bytes(3, `${input}/apply`)
    .bytes(4, 'Mul');
  return half ? [renamed, cast, product] : [renamed, product];
}

function floatInput(name: string, shape: readonly number[]): ProtobufWriter {
  const dims = new ProtobufWriter();
  for (const length of shape) dims.bytes(1, new ProtobufWriter().integer(1, length));
  const tensor = new ProtobufWriter().integer(1, FLOAT).bytes(2, dims);
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor));
}
