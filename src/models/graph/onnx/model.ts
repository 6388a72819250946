/** Assembles an ONNX model file from nodes, initializers and value descriptions (onnx.proto, IR version 10). */

import { ProtobufWriter } from './protobuf.ts';

/** TensorProto.DataType. */
const elementType = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

export type Attribute = number | { readonly float: number } | readonly number[];

const OPSET = 20;
const MICROSOFT_DOMAIN = 'com.microsoft';
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const LOCATION_EXTERNAL = 1;

export class OnnxModel {
  private readonly graph = new ProtobufWriter();
  private readonly initializers = new Set<string>();
  private nodes = 0;

  /** Appends an operator of the standard domain; attributes are ints, `{float}` or lists of ints. */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain?: string,
  ): void {
    const node = new ProtobufWriter();
    for (const input of inputs) node.bytes(1, input);
    node.bytes(2, output);
    node.bytes(3, `${operator}_${this.nodes++}`);
    node.bytes(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.bytes(5, attribute(name, value));
    if (domain) node.bytes(7, domain);
    this.graph.bytes(1, node);
  }

  /** An operator of ONNX Runtime's own domain. */
  microsoftNode(...[operator, inputs, output, attributes]: Parameters<OnnxModel['node']>): void {
    this.node(operator, inputs, output, attributes, MICROSOFT_DOMAIN);
  }

  /** An initializer whose bytes are in the model. Repeating a name is allowed and does nothing. */
  initializer(name: string, type: ElementType, shape: readonly number[], data: ArrayBufferView): string {
    if (!this.initializers.has(name)) {
      const tensor = tensorHeader(name, type, shape);
      tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      this.addInitializer(name, tensor);
    }
    return name;
  }

  /** An initializer whose bytes lie in an external file, at an offset. Repeating a name is allowed and does nothing. */
  externalInitializer(
    name: string,
    type: ElementType,
    shape: readonly number[],
    location: string,
    byteOffset: number,
    byteLength: number,
  ): void {
    if (this.initializers.has(name)) return;
    const tensor = tensorHeader(name, type, shape);
    for (const [key, value] of Object.entries({ location, offset: byteOffset, length: byteLength })) {
      tensor.bytes(13, new ProtobufWriter().bytes(1, key).bytes(2, String(value)));
    }
    tensor.integer(14, LOCATION_EXTERNAL);
    this.addInitializer(name, tensor);
  }

  input(name: string, type: ElementType, shape: readonly number[]): void {
    this.graph.bytes(11, valueInfo(name, type, shape));
  }

  output(name: string, type: ElementType, shape: readonly number[]): void {
    this.graph.bytes(12, valueInfo(name, type, shape));
  }

  /** The bytes of the `.onnx` file. */
  finish(): Uint8Array {
    this.graph.bytes(2, 'graph');
    return new ProtobufWriter()
      .integer(1, 10)
      .bytes(2, 'pml-lab')
      .bytes(7, this.graph)
      .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, OPSET))
      .bytes(8, new ProtobufWriter().bytes(1, MICROSOFT_DOMAIN).integer(2, 1))
      .finish();
  }

  private addInitializer(name: string, tensor: ProtobufWriter): void {
    this.initializers.add(name);
    this.graph.bytes(5, tensor);
  }
}

function tensorHeader(name: string, type: ElementType, shape: readonly number[]): ProtobufWriter {
  const tensor = new ProtobufWriter();
  for (const length of shape) tensor.integer(1, length);
  return tensor.integer(2, elementType[type]).bytes(8, name);
}

function valueInfo(name: string, type: ElementType, shape: readonly number[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const length of shape) dimensions.bytes(1, new ProtobufWriter().integer(1, length));
  const tensorType = new ProtobufWriter().integer(1, elementType[type]).bytes(2, dimensions);
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensorType));
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const out = new ProtobufWriter().bytes(1, name);
  if (typeof value === 'number') return out.integer(3, value).integer(20, ATTRIBUTE_INT);
  if ('float' in value) return out.float(2, value.float).integer(20, ATTRIBUTE_FLOAT);
  for (const item of value) out.integer(8, item);
  return out.integer(20, ATTRIBUTE_INTS);
}
