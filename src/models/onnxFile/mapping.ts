/**
 * How a dropped ONNX forecaster is fed and read: a suggestion from its inputs and outputs, and the checks of what the user
 * made of it. A forecaster of one series reads N contexts of L values; axes beside those two have the length 1.
 */

import { fail } from '../../core/errors.ts';
import type { OnnxMapping } from '../types.ts';
import type { OnnxFile, OnnxValue } from './model.ts';

/** Context of a graph that takes any length, unless the user says another. */
const USUAL_CONTEXT = 512;
const feedable = ['float32', 'float64', 'int32', 'int64', 'bool', 'uint8'];

/** Lengths of an input's axes for a batch. */
export interface BatchDims {
  /** Contexts of a batch where the graph fixes it; undefined where any number will do. */
  readonly fixedBatch: number | undefined;
  readonly of: (value: OnnxValue, contexts: number) => number[];
}

/**
 * The mapping that the names and shapes suggest.
 * @throws UserError `checkpoint/onnx-input` for a graph without any input that could take prices.
 */
export function suggestMapping(file: OnnxFile, where: string): OnnxMapping {
  const input = [...file.inputs].filter(isFloat).sort((a, b) => contextScore(b) - contextScore(a))[0];
  const output = file.outputs.filter(isFloat)[0];
  if (!input || !output) {
    return fail(
      'checkpoint/onnx-input',
      `The graph has no floating-point ${input ? 'output' : 'input'}: ${describe(input ? file.outputs : file.inputs)}.`,
      { where, hint: 'A forecaster reads past values as float32 and returns future ones.' },
    );
  }
  const fill: Record<string, number> = {};
  for (const other of file.inputs) {
    if (other !== input) fill[other.name] = /mask|observed|valid/i.test(other.name) ? 1 : 0;
  }
  const length = contextLengthOf(input);
  return {
    input: input.name,
    contextLength: length ?? USUAL_CONTEXT,
    scaling: 'standardise',
    fill,
    output: output.name,
    stepAxis: stepAxisOf(output),
    index: 0,
  };
}

/**
 * Checks a mapping against the graph and works out how its inputs are shaped.
 * @throws UserError `checkpoint/onnx-mapping` saying which choice does not fit.
 */
export function checkMapping(file: OnnxFile, mapping: OnnxMapping, where: string): BatchDims {
  const refuse = (message: string): never =>
    fail('checkpoint/onnx-mapping', message, { where, hint: 'Change what the inputs and outputs stand for.' });
  const input = file.inputs.find(({ name }) => name === mapping.input);
  if (!input) return refuse(`The graph has no input ${mapping.input}.`);
  if (!file.outputs.some(({ name }) => name === mapping.output)) refuse(`The graph has no output ${mapping.output}.`);
  const { contextLength } = mapping;
  if (!Number.isInteger(contextLength) || contextLength < 2)
    refuse(`A context of ${contextLength} values is no context.`);
  const fixed = contextLengthOf(input);
  if (fixed !== undefined && fixed !== contextLength) {
    refuse(`The input ${input.name} takes ${fixed} values, not ${contextLength}.`);
  }
  for (const other of file.inputs) {
    if (!feedable.includes(other.type)) refuse(`The input ${other.name} is of a type that cannot be fed.`);
    if (other !== input && mapping.fill[other.name] === undefined) {
      refuse(`The input ${other.name} needs a value to be filled with.`);
    }
  }
  const timeAxis = timeAxisOf(input);
  const wide = input.dims.find((dim, axis) => axis !== timeAxis && axis !== 0 && typeof dim === 'number' && dim > 1);
  if (wide !== undefined) {
    refuse(
      `The input ${input.name} of shape ${shapeText(input)} reads ${wide} series together; one is forecast at a time.`,
    );
  }
  return batchDims(input, timeAxis, contextLength);
}

/** "[batch, 512, 1]" */
function shapeText({ dims }: OnnxValue): string {
  return `[${dims.map((dim) => dim ?? '?').join(', ')}]`;
}

function batchDims(input: OnnxValue, timeAxis: number, contextLength: number): BatchDims {
  const batched = input.dims.length > 1 && timeAxis !== 0;
  const [first] = input.dims;
  const fixedBatch = !batched ? 1 : typeof first === 'number' ? first : undefined;
  return {
    fixedBatch,
    of: (value, contexts) => {
      const free = (dim: number | string | undefined, axis: number): number => {
        if (typeof dim === 'number') return dim;
        if (value === input) return axis === timeAxis ? contextLength : batched && axis === 0 ? contexts : 1;
        // A free axis of the same name has the same length; otherwise the first is the batch, the next the time.
        const twin = typeof dim === 'string' ? input.dims.indexOf(dim) : -1;
        if (twin >= 0) return free(input.dims[twin], twin) === 1 && twin === 0 ? contexts : lengthOf(twin, contexts);
        return axis === 0 ? contexts : contextLength;
      };
      return value.dims.map(free);
    },
  };

  function lengthOf(axis: number, contexts: number): number {
    return axis === timeAxis ? contextLength : axis === 0 ? contexts : 1;
  }
}

/** The axis that runs over time: the longest behind the batch's, a free one before one of a fixed length 1. */
function timeAxisOf({ dims }: OnnxValue): number {
  if (dims.length < 2) return 0;
  let best = 1;
  for (let axis = 2; axis < dims.length; axis++) if (weight(dims[axis]) > weight(dims[best])) best = axis;
  return best;
}

function weight(dim: number | string | undefined): number {
  return typeof dim === 'number' ? dim : 1.5;
}

function contextLengthOf(input: OnnxValue): number | undefined {
  const length = input.dims[timeAxisOf(input)];
  return typeof length === 'number' ? length : undefined;
}

function stepAxisOf(output: OnnxValue): number {
  const rank = output.dims.length;
  return rank === 0 ? -1 : timeAxisOf(output) - rank;
}

function isFloat({ type }: OnnxValue): boolean {
  return type === 'float32' || type === 'float64';
}

function contextScore(value: OnnxValue): number {
  const named = /context|past|target|series|values|input|^x$/i.test(value.name) ? 1e6 : 0;
  const masks = /mask|observed|time|stamp|freq|static|future/i.test(value.name) ? -1e9 : 0;
  return named + masks + weight(value.dims[timeAxisOf(value)]);
}

function describe(values: readonly OnnxValue[]): string {
  return values.map((value) => `${value.name} ${value.type} ${shapeText(value)}`).join(', ') || 'none at all';
}
