/**
 * Executes graphs with onnxruntime-web. ONNX Runtime hangs or corrupts memory when two calls overlap in one module, so
 * everything here goes through one queue; there is no abort inside a call, so callers keep calls short.
 */

import type * as Ort from 'onnxruntime-web';
import { fail, UserError } from '../../core/errors.ts';
import { Turns } from '../../core/turns.ts';
import type { WeightStore } from '../checkpoints/weights.ts';
import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { emitOnnx } from '../graph/onnx/emit.ts';
import type { BackendInfo } from '../types.ts';
import { runProblem, withoutPaths } from './failure.ts';
import { Watchdog, type WatchdogLimits } from './watchdog.ts';

/** What this program uses of an onnxruntime-web module. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** A loaded onnxruntime-web and the back end it executes on. */
export interface Runtime {
  readonly ort: OrtModule;
  readonly backend: BackendInfo;
  /** Fail when WebGPU would leave an operator to the CPU. On in tests: such a graph is correct but slow. */
  readonly strict?: boolean;
  /** Largest buffer of the GPU, in bytes. */
  readonly bufferBytes?: number;
  /** How long a graphics processor may take; default: minutes at first, then by what it took. */
  readonly limits?: WatchdogLimits;
  /** Few variants and contexts at a time, after larger batches failed. */
  readonly smallBatches?: boolean;
  /** Whether the back end computes in float16. */
  readonly half?: boolean;
}

export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;

/** Feeds of which some are outputs of earlier runs. */
type HeldFeeds = Readonly<Record<string, Float32Array | Int32Array | HeldTensor>>;

/** An output that stays where it was computed, to be fed to a later run; whoever holds it disposes of it. */
export class HeldTensor {
  constructor(readonly tensor: Ort.Tensor) {}

  /** Its values, brought back from the device, where they are freed. */
  async read(): Promise<Float32Array> {
    const data = await exclusively(() => this.tensor.getData(true));
    if (!(data instanceof Float32Array)) throw new TypeError(`a held ${this.tensor.type} tensor is read as floats`);
    return data;
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** What a forecaster runs: values in, values out. */
export interface Session {
  run(feeds: Feeds): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

const calls = new Turns();

/** Runs `call` after every earlier one has settled: every use of ONNX Runtime goes through here. */
export function exclusively<T>(call: () => Promise<T>): Promise<T> {
  return calls.take(call);
}

/** A graph compiled for one back end; `release` it when done. */
export class GraphSession implements Session {
  private readonly watchdog: Watchdog;

  private constructor(
    private readonly session: Ort.InferenceSession,
    private readonly runtime: Runtime,
    private readonly inputs: ReadonlyMap<string, Tensor>,
    private readonly held: ReadonlySet<string>,
  ) {
    this.watchdog = new Watchdog(runtime.limits);
  }

  /**
   * Compiles what the named outputs (default: the graph's own) need. Those named in `held` stay on the device.
   * @throws UserError `runtime/create` when the back end refuses the graph.
   */
  static async create(
    runtime: Runtime,
    graph: Graph,
    weights: WeightStore,
    outputs: ReadonlyMap<string, Tensor> = graph.outputs,
    held: ReadonlySet<string> = new Set(),
  ): Promise<GraphSession> {
    if (runtime.bufferBytes !== undefined) checkBuffers(graph, weights, runtime.bufferBytes);
    const model = emitOnnx(graph, outputs, weights.locate);
    return new GraphSession(await createSession(runtime, model, weights.files, held), runtime, graph.inputs, held);
  }

  /**
   * Values of every float output that is not held, by name.
   * @throws UserError `runtime/run` when the back end fails, for instance because the GPU device was lost.
   */
  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    return (await this.runHolding(feeds)).values;
  }

  /** The same, with the outputs that stay on the device. */
  async runHolding(
    feeds: HeldFeeds,
  ): Promise<{ readonly values: Record<string, Float32Array>; readonly held: ReadonlyMap<string, HeldTensor> }> {
    const { ort, backend } = this.runtime;
    const tensors: Record<string, Ort.Tensor> = {};
    for (const name of this.session.inputNames) {
      const data = feeds[name];
      const declared = this.inputs.get(name);
      if (!data || !declared) throw new RangeError(`no data for the graph input ${name}`);
      if (data instanceof HeldTensor) tensors[name] = data.tensor;
      else
        tensors[name] =
          data instanceof Int32Array
            ? new ort.Tensor('int32', data, declared.shape)
            : new ort.Tensor('float32', data, declared.shape);
    }
    try {
      // WASM computes on this very thread: nobody is left to look at the clock, and the page does.
      const run = () => this.session.run(tensors);
      const results = await exclusively(() => (backend.provider === 'webgpu' ? this.watchdog.watch(run) : run()));
      const values: Record<string, Float32Array> = {};
      const held = new Map<string, HeldTensor>();
      for (const [name, tensor] of Object.entries(results)) {
        if (this.held.has(name)) held.set(name, new HeldTensor(tensor));
        else values[name] = tensor.data as Float32Array;
      }
      return { values, held };
    } catch (caught) {
      return failedRun(backend, caught);
    }
  }

  async release(): Promise<void> {
    await exclusively(() => this.session.release());
  }
}

/** @throws UserError `runtime/too-large` for a weight that no buffer of the GPU can hold. */
function checkBuffers(graph: Graph, weights: WeightStore, bufferBytes: number): void {
  for (const name of graph.weights.keys()) {
    const { type, byteLength } = weights.locate(name);
    const bytes = type === 'float16' ? 2 * byteLength : byteLength;
    if (bytes <= bufferBytes) continue;
    fail(
      'runtime/too-large',
      `The tensor ${name} takes ${megabytes(bytes)} in one piece, but a buffer of this GPU holds ${megabytes(bufferBytes)}.`,
      { hint: 'Choose int8 or int4 weights, or the WASM back end.' },
    );
  }
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${bytes} bytes` : `${Math.ceil(bytes / 1e6)} MB`;
}

/**
 * Compiles an ONNX model; external data are found by the names the model gives them. Outputs that are `held` stay where they are computed.
 * @throws UserError `runtime/create` when the back end refuses it.
 */
export async function createSession(
  runtime: Runtime,
  model: Uint8Array,
  externalData: WeightStore['files'],
  held: ReadonlySet<string> = new Set(),
): Promise<Ort.InferenceSession> {
  const { provider } = runtime.backend;
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: [provider],
    externalData: [...externalData],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(held.size > 0 &&
      provider === 'webgpu' && {
        preferredOutputLocation: Object.fromEntries([...held].map((name) => [name, 'gpu-buffer' as const])),
      }),
    ...(runtime.strict && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  };
  try {
    const create = () => runtime.ort.InferenceSession.create(model, options);
    return await exclusively(() => (provider === 'webgpu' ? new Watchdog(runtime.limits).watch(create) : create()));
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    const reason = withoutPaths(caught instanceof Error ? caught.message : String(caught));
    return fail('runtime/create', `The model could not be made ready on ${provider}: ${reason}.`, {
      hint: 'Choose the other back end, or a smaller model.',
    });
  }
}

/** @throws UserError `runtime/run`, or what kind of failure it is */
export function failedRun({ provider }: BackendInfo, caught: unknown): never {
  throw caught instanceof UserError ? caught : new UserError(runProblem(provider, caught));
}
