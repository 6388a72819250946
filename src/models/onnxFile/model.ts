/** What is read of an ONNX file (onnx.proto): its inputs, outputs, operators and where its weights are. Nothing is executed. */

import { fail } from '../../core/errors.ts';
import { type Field, integersOf, readFields, textOf } from './wire.ts';

/** ONNX element types this program can feed or read. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
};

export interface OnnxValue {
  readonly name: string;
  /** `float32` …; `other` where this program cannot feed it. */
  readonly type: string;
  /** A length, the name of a free one, or undefined where nothing is said. */
  readonly dims: readonly (number | string | undefined)[];
}

export interface OnnxNode {
  readonly field: Field;
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface OnnxFile {
  /** Fields of the model and of its graph, in order. */
  readonly fields: readonly Field[];
  readonly graphFields: readonly Field[];
  /** Those that have to be fed: without a default value. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  /** Names of tensors that are known beforehand. */
  readonly constants: ReadonlySet<string>;
  /** Elements of all floating-point initializers. */
  readonly parameters: number;
  /** Names of files that hold weights beside the model. */
  readonly dataFiles: readonly string[];
}

const GRAPH = 7;
const NODE = 1;
const INITIALIZER = 5;
const INPUT = 11;
const OUTPUT = 12;
const SPARSE_INITIALIZER = 15;
const EXTERNAL = 1;

/**
 * Reads a `.onnx` file.
 * @throws UserError `checkpoint/onnx`
 */
export function readOnnx(bytes: Uint8Array, where: string): OnnxFile {
  const refuse = (message: string): never =>
    fail('checkpoint/onnx', message, { where, hint: 'Export or copy the model again.' });
  const fields = readFields(bytes, where);
  const graphs = fields.filter(({ number }) => number === GRAPH);
  if (graphs.length !== 1) refuse(`The file holds ${graphs.length} graphs instead of one, so it is no ONNX model.`);
  const graphFields = readFields(graphs[0]!.bytes, where);
  const each = (number: number): Field[] => graphFields.filter((field) => field.number === number);
  const nodes = each(NODE).map((field) => readNode(field, where));
  const initializers = each(INITIALIZER).map((field) => readInitializer(field, where));
  const sparse = each(SPARSE_INITIALIZER).length;
  if (nodes.length === 0) refuse('The graph has no operators.');
  if (sparse > 0) refuse(`The graph has ${sparse} sparse weights, which are not supported.`);
  const known = new Set(initializers.map(({ name }) => name));
  const inputs = each(INPUT).map((field) => readValue(field, where));
  return {
    fields,
    graphFields,
    inputs: inputs.filter(({ name }) => !known.has(name)),
    outputs: each(OUTPUT).map((field) => readValue(field, where)),
    nodes,
    constants: new Set([...known, ...nodes.filter((node) => node.operator === 'Constant').flatMap((n) => n.outputs)]),
    parameters: initializers.reduce((sum, { elements }) => sum + elements, 0),
    dataFiles: [...new Set(initializers.flatMap(({ location }) => location ?? []))],
  };
}

function readNode(field: Field, where: string): OnnxNode {
  const fields = readFields(field.bytes, where);
  const texts = (number: number): string[] => fields.filter((one) => one.number === number).map(textOf);
  return { field, inputs: texts(1), outputs: texts(2), name: texts(3)[0] ?? '', operator: texts(4)[0] ?? '' };
}

/** TensorProto: dims 1, data_type 2, name 8, external_data 13, data_location 14. */
function readInitializer(
  field: Field,
  where: string,
): { name: string; elements: number; location: string | undefined } {
  const fields = readFields(field.bytes, where);
  const one = (number: number): Field | undefined => fields.find((each) => each.number === number);
  const dims = integersOf(fields, 1, where);
  const isFloat = [1, 10, 11, 16].includes(one(2)?.value ?? 0);
  const entries = fields
    .filter(({ number }) => number === 13)
    .map(({ bytes }) => {
      const pair = readFields(bytes, where);
      const text = (number: number): string => pair.filter((each) => each.number === number).map(textOf)[0] ?? '';
      return [text(1), text(2)] as const;
    });
  const name = one(8);
  return {
    name: name ? textOf(name) : '',
    elements: isFloat ? dims.reduce((product, length) => product * length, 1) : 0,
    location: one(14)?.value === EXTERNAL ? (entries.find(([key]) => key === 'location')?.[1] ?? '') : undefined,
  };
}

/** ValueInfoProto: name 1, type 2 → tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1, dim_param 2. */
function readValue(field: Field, where: string): OnnxValue {
  const inside = (fields: readonly Field[], number: number): Field[] => {
    const found = fields.find((each) => each.number === number);
    return found ? readFields(found.bytes, where) : [];
  };
  const fields = readFields(field.bytes, where);
  const tensor = inside(inside(fields, 2), 1);
  const type = tensor.find(({ number }) => number === 1)?.value ?? 0;
  const dims = inside(tensor, 2).map(({ bytes }) => {
    const [dim] = readFields(bytes, where);
    if (dim?.number === 1 && dim.value > 0) return dim.value;
    return dim?.number === 2 ? textOf(dim) : undefined;
  });
  const name = fields.find(({ number }) => number === 1);
  return { name: name ? textOf(name) : '', type: typeNames[type] ?? 'other', dims };
}
