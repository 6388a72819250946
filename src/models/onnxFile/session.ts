/** Runs an instrumented ONNX forecaster: contexts and masks as its inputs want them, future steps out of its output. */

import { fail } from '../../core/errors.ts';
import type { RawInput, RawSession } from '../runtime/rawSession.ts';
import type { Feeds, Session } from '../runtime/runtime.ts';
import type { OnnxMapping } from '../types.ts';
import type { BatchDims } from './mapping.ts';
import type { OnnxFile } from './model.ts';
import type { MaskPlace } from './rewrite.ts';

/** Lays out the inputs of one run. */
export class Feeder {
  constructor(
    private readonly file: OnnxFile,
    private readonly mapping: OnnxMapping,
    readonly dims: BatchDims,
  ) {}

  /** `contexts` [N, L] as the mapped input, and everything else filled. */
  inputs(contexts: Float32Array): Record<string, RawInput> {
    const count = contexts.length / this.mapping.contextLength;
    const inputs: Record<string, RawInput> = {};
    for (const value of this.file.inputs) {
      const dims = this.dims.of(value, count);
      const size = dims.reduce((product, length) => product * length, 1);
      const filled = (): Float32Array => new Float32Array(size).fill(this.mapping.fill[value.name] ?? 0);
      const values = value.name === this.mapping.input ? contexts : filled();
      inputs[value.name] = { type: value.type, dims, values };
    }
    return inputs;
  }
}

/** Where the future steps are in an output: start and distance, in elements, within a context's own. */
export interface Steps {
  readonly horizon: number;
  readonly perContext: number;
  readonly start: number;
  readonly stride: number;
}

/** @throws UserError `checkpoint/onnx-mapping` for an axis the output does not have. */
export function readSteps(dims: readonly number[], { stepAxis, index, output }: OnnxMapping, where: string): Steps {
  const axis = stepAxis < 0 ? dims.length + stepAxis : stepAxis;
  const horizon = dims[axis];
  if (horizon === undefined) {
    return fail('checkpoint/onnx-mapping', `The output ${output} of shape [${dims}] has no axis ${stepAxis}.`, {
      where,
      hint: 'Choose the axis of the output that runs over future steps.',
    });
  }
  const perRow = dims.length > 1 && axis !== 0 ? dims.slice(1) : dims;
  const ownAxis = axis - (dims.length - perRow.length);
  const strides = perRow.map((_, a) => perRow.slice(a + 1).reduce((product, length) => product * length, 1));
  const start = perRow.reduce(
    (sum, length, a) => sum + (a === ownAxis ? 0 : Math.min(index, length - 1) * strides[a]!),
    0,
  );
  return { horizon, perContext: perRow.reduce((p, length) => p * length, 1), start, stride: strides[ownAxis]! };
}

export interface SessionParts {
  readonly session: RawSession;
  readonly feeder: Feeder;
  readonly mapping: OnnxMapping;
  readonly places: readonly MaskPlace[];
  readonly horizon: number;
  readonly variants: number;
  readonly contexts: number;
}

/** Variants one after the other, contexts in the batches the graph takes. */
export class OnnxSession implements Session {
  constructor(private readonly parts: SessionParts) {}

  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    const { session, feeder, mapping, places, horizon, variants, contexts } = this.parts;
    const values = feeds.context as Float32Array;
    const forecast = new Float32Array(variants * contexts * horizon);
    const batch = feeder.dims.fixedBatch ?? contexts;
    for (let variant = 0; variant < variants; variant++) {
      const masks = Object.fromEntries(places.map((place) => [place.input, maskOf(feeds, place, variant)]));
      for (let first = 0; first < contexts; first += batch) {
        const rows = takeRows(values, first, batch, mapping.contextLength);
        const [output] = await session.run({ ...feeder.inputs(rows), ...masks }, [mapping.output]);
        const steps = readSteps(output!.dims, mapping, mapping.output);
        for (let n = 0; n < Math.min(batch, contexts - first); n++) {
          for (let h = 0; h < horizon; h++) {
            const at = n * steps.perContext + steps.start + h * steps.stride;
            forecast[(variant * contexts + first + n) * horizon + h] = output!.values[at]!;
          }
        }
      }
    }
    return { forecast };
  }

  release(): Promise<void> {
    return this.parts.session.release();
  }
}

function maskOf(feeds: Feeds, { input, shape }: MaskPlace, variant: number): RawInput {
  const size = shape[0]!;
  const all = feeds[input] as Float32Array;
  return { type: 'float32', dims: shape, values: all.slice(variant * size, (variant + 1) * size) };
}

/** `count` rows from `first` on; beyond the last one it is repeated. */
function takeRows(values: Float32Array, first: number, count: number, length: number): Float32Array {
  const last = values.length / length - 1;
  const out = new Float32Array(count * length);
  for (let n = 0; n < count; n++) {
    const row = Math.min(first + n, last);
    out.set(values.subarray(row * length, (row + 1) * length), n * length);
  }
  return out;
}
