/** Runs ONNX models that this program did not emit: tensors of any type in, floats out. */

import type * as Ort from 'onnxruntime-web';
import { halfToFloat } from '../checkpoints/safetensors.ts';
import type { WeightStore } from '../checkpoints/weights.ts';
import { createSession, exclusively, failedRun, type Runtime } from './runtime.ts';
import { Watchdog } from './watchdog.ts';

/** Values to feed; they are converted to the type the model wants. */
export interface RawInput {
  readonly type: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface RawOutput {
  readonly type: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export class RawSession {
  private readonly watchdog: Watchdog;

  private constructor(
    private readonly session: Ort.InferenceSession,
    private readonly runtime: Runtime,
  ) {
    this.watchdog = new Watchdog(runtime.limits);
  }

  /** @throws UserError `runtime/create` when the back end refuses the model. */
  static async create(runtime: Runtime, model: Uint8Array, files: WeightStore['files']): Promise<RawSession> {
    return new RawSession(await createSession(runtime, model, files), runtime);
  }

  /** The named outputs. @throws UserError `runtime/run` */
  async run(inputs: Readonly<Record<string, RawInput>>, outputs: readonly string[]): Promise<RawOutput[]> {
    const { ort, backend } = this.runtime;
    const tensors: Record<string, Ort.Tensor> = {};
    for (const [name, { type, dims, values }] of Object.entries(inputs)) {
      tensors[name] = new ort.Tensor(ortType(type), typed(type, values), dims);
    }
    try {
      const run = () => this.session.run(tensors, [...outputs]);
      const results = await exclusively(() => (backend.provider === 'webgpu' ? this.watchdog.watch(run) : run()));
      return outputs.map((name) => {
        const { type, dims, data } = results[name]!;
        return { type, dims, values: asFloats(type, data) };
      });
    } catch (caught) {
      return failedRun(backend, caught);
    }
  }

  async release(): Promise<void> {
    await exclusively(() => this.session.release());
  }
}

function ortType(type: string): 'float32' | 'int32' | 'int64' | 'bool' | 'float64' | 'uint8' {
  if (type === 'int32' || type === 'int64' || type === 'bool' || type === 'float64' || type === 'uint8') return type;
  if (type === 'float32') return type;
  throw new TypeError(`a model that wants ${type} cannot be fed`);
}

function typed(type: string, values: Float32Array) {
  switch (type) {
    case 'int64':
      return BigInt64Array.from(values, (value) => BigInt(Math.round(value)));
    case 'int32':
      return Int32Array.from(values, Math.round);
    case 'bool':
    case 'uint8':
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    case 'float64':
      return Float64Array.from(values);
    default:
      return values;
  }
}

function asFloats(type: string, data: Ort.Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, halfToFloat);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
