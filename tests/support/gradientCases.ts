/**
 * Runs the reference gradient cases of a family (losses, every parameter's gradient, a masked variant, 20 AdamW steps) as
 * training-step graphs on a back end.
 */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { readSafetensors, type SafetensorsFile } from '../../src/models/checkpoints/safetensors.ts';
import { Graph, maskInput } from '../../src/models/graph/builder.ts';
import { sizeOf } from '../../src/models/graph/ir.ts';
import { type Feeds, GraphSession, type Runtime } from '../../src/models/runtime/runtime.ts';
import { flatten, layoutOf, type ParameterLayout, unflatten } from '../../src/training/parameters.ts';
import {
  buildTrainingStep,
  defaultOptimiser,
  type OptimiserSettings,
  type StepShape,
} from '../../src/training/step.ts';
import { initialState, Trainer } from '../../src/training/trainer.ts';
import { tensorValues } from './caseFiles.ts';
import type { GoldenComparison } from './golden.ts';

/** What is read of a gradient case's `meta.json`. */
interface GradientMeta {
  readonly weights: string;
  readonly config: string;
  readonly losses: Readonly<Record<string, { readonly rtol: number }>>;
  /** Per set and tensor: [absolute tolerance, …]. */
  readonly tolerance: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly adamw: {
    readonly steps: number;
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly rtol_losses: readonly number[];
    readonly final_tensors: Readonly<Record<string, { readonly atol_p99: number; readonly atol_max: number }>>;
  };
}

export interface GradientFolder {
  readonly model: LoadedModel;
  readonly layout: ParameterLayout;
  readonly cases: SafetensorsFile;
  readonly meta: GradientMeta;
}

/** `read` takes a path relative to the case folder. */
export async function openGradientFolder(read: (path: string) => Promise<Uint8Array>): Promise<GradientFolder> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const meta = JSON.parse(await text('meta.json')) as GradientMeta;
  const model = await openCheckpoint({
    name: 'golden',
    configJson: await text(meta.config),
    weights: await read(meta.weights),
  });
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts: 1, channels: model.card.channels });
  return { model, layout: layoutOf(graph), cases: readSafetensors(await read('cases.safetensors'), 'cases'), meta };
}

/** The batch of a folder: what the step is fed, without masks. `scaled`: the loss before un-scaling. */
function batchOf(
  { model, cases }: GradientFolder,
  scaled: boolean,
): { readonly shape: StepShape; readonly feeds: Feeds } {
  const [contexts, length, channels] = cases.tensors.get('inputs.context')!.shape as [number, number, number];
  const values = Float64Array.from(tensorValues(cases, 'inputs.context'));
  const { feeds, scaling } = model.architecture.prepare({ values, contexts, length, channels });
  const [, steps, kept] = cases.tensors.get('target')!.shape as [number, number, number];
  // Un-scaling the forecasts 0 and 1 gives each channel's loc and loc + scale.
  const size = contexts * kept * steps;
  const zeros = model.architecture.finish(new Float32Array(size), scaling);
  const ones = model.architecture.finish(new Float32Array(size).fill(1), scaling);
  const official = tensorValues(cases, 'target');
  const target = new Float32Array(size);
  const weight = new Float32Array(contexts * kept);
  for (let n = 0; n < contexts; n++) {
    for (let c = 0; c < kept; c++) {
      for (let h = 0; h < steps; h++) {
        const at = (n * steps + h) * kept + c;
        const scale = ones[at]! - zeros[at]!;
        target[(n * kept + c) * steps + h] = (official[at]! - zeros[at]!) / scale;
        weight[n * kept + c] = scaled ? 1 : scale * scale;
      }
    }
  }
  const frequency = cases.tensors.has('inputs.freq_token');
  if (frequency) throw new Error('gradient cases with a frequency prefix need their tokens fed');
  return { shape: { contexts, channels, variants: 0 }, feeds: { ...feeds, target, weight } };
}

/** Compares the loss and every parameter's gradient of one set: `''` (main), `variant` or `normalised`. */
export async function compareGradients(
  folder: GradientFolder,
  set: '' | 'variant' | 'normalised',
  runtime: Runtime,
  comparison: GoldenComparison,
): Promise<void> {
  const { model, layout, cases, meta } = folder;
  const prefix = set === '' ? '' : `${set}.`;
  const { shape, feeds } = batchOf(folder, set === 'normalised');
  const masks: Record<string, Float32Array> = {};
  if (set === 'variant') {
    for (const { name } of model.card.sites) masks[maskInput(name)] = tensorValues(cases, `variant.mask.${name}`);
  }
  const step: StepShape = { ...shape, variants: set === 'variant' ? 1 : 0 };
  const optimiser = optimiserOf(meta);
  const graph = buildTrainingStep(model.architecture, layout, step, optimiser, true);
  const wanted = new Map([...graph.outputs].filter(([name]) => name === 'loss' || name === 'gradient'));
  const session = await GraphSession.create(runtime, graph, { ...model.weights, files: [] }, wanted);
  try {
    const parameters = flatten(layout, model.weights.values);
    const { loss, gradient } = await session.run({ ...feeds, ...masks, parameters });
    const want = tensorValues(cases, `${prefix}loss`)[0]!;
    const { rtol } = meta.losses[`${prefix}loss`]!;
    comparison.number(`${prefix}loss`, loss![0]!, want, rtol * Math.abs(want));
    const tolerances = meta.tolerance[`${prefix}grad`]!;
    for (const [name, , got] of unflatten(layout, gradient!)) {
      const stored = `${prefix}grad.${name}`;
      if (cases.tensors.has(stored)) {
        comparison.array(stored, got, tensorValues(cases, stored), tolerances[name]![0]!);
      }
    }
  } finally {
    await session.release();
  }
}

/** Compares the losses of the AdamW run, the loss after it and the trained tensors. */
export async function compareAdamW(
  folder: GradientFolder,
  runtime: Runtime,
  comparison: GoldenComparison,
): Promise<void> {
  const { model, layout, cases, meta } = folder;
  const { shape, feeds } = batchOf(folder, false);
  const optimiser = optimiserOf(meta);
  const graph = buildTrainingStep(model.architecture, layout, shape, optimiser);
  const trainer = await Trainer.create(runtime, graph, optimiser, initialState(flatten(layout, model.weights.values)));
  try {
    const wanted = tensorValues(cases, 'adamw.losses');
    const bound = (i: number): number => meta.adamw.rtol_losses[Math.min(i, wanted.length - 1)]!;
    for (let i = 0; i < meta.adamw.steps; i++) {
      const { loss } = await trainer.step(feeds, meta.adamw.lr);
      comparison.number(`adamw.losses[${i}]`, loss, wanted[i]!, bound(i) * Math.abs(wanted[i]!));
    }
    const trained = unflatten(layout, trainer.state.parameters);
    const after = tensorValues(cases, 'adamw.loss_after')[0]!;
    const { loss } = await trainer.step(feeds, 0);
    comparison.number('adamw.loss_after', loss, after, bound(meta.adamw.steps) * Math.abs(after));
    for (const [name, tensorShape, got] of trained) {
      if (!cases.tensors.has(`adamw.final.${name}`)) continue;
      const want = tensorValues(cases, `adamw.final.${name}`);
      const { atol_p99: usual, atol_max: most } = meta.adamw.final_tensors[name]!;
      comparison.array(`adamw.final.${name}`, got, want, most);
      const errors = Float64Array.from(got, (value, i) => Math.abs(value - want[i]!)).sort();
      const percentile = errors[Math.ceil(0.99 * sizeOf(tensorShape)) - 1]!;
      comparison.number(`adamw.final.${name}, 99th percentile`, percentile, 0, usual);
    }
  } finally {
    await trainer.release();
  }
}

function optimiserOf({ adamw }: GradientMeta): OptimiserSettings {
  const [beta1, beta2] = adamw.betas;
  return { ...defaultOptimiser, beta1, beta2, epsilon: adamw.eps, weightDecay: adamw.weight_decay, clipNorm: null };
}
