/**
 * Runs the reference gradient cases of a family (losses, every parameter's gradient, a masked variant, 20 AdamW steps) as
 * training-step graphs on a back end.
 */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { readSafetensors, type SafetensorsFile } from '../../src/models/checkpoints/safetensors.ts';
import { Graph, maskInput } from '../../src/models/graph/builder.ts';
import { sizeOf } from '../../src/models/graph/ir.ts';
import { type Architecture, openArchitecture } from '../../src/models/registry.ts';
import { type Feeds, GraphSession, type Runtime } from '../../src/models/runtime/runtime.ts';
import { flatten, layoutOf, type ParameterLayout, unflatten } from '../../src/training/parameters.ts';
import {
  buildTrainingStep,
  defaultOptimiser,
  type OptimiserSettings,
  type StepShape,
} from '../../src/training/step.ts';
import { initialState, Trainer } from '../../src/training/trainer.ts';
import { configOf, integerValues, shapeOf, tensorValues } from './caseFiles.ts';
import type { GoldenComparison } from './golden.ts';

/** What is read of a gradient case's `meta.json`. */
interface GradientMeta {
  readonly family: string;
  readonly case: string;
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

/** A loss of a case folder: the main one (`''`), or a block of further ones. */
export type LossSet = '' | 'variant' | 'normalised' | 'last';

/** What a folder's losses compare with the target, as far as they are squared errors of one pass. */
interface SquaredError {
  /** Output or label of the graph. */
  readonly output: 'forecast' | 'mean';
  readonly sets: readonly LossSet[];
  /** Sets whose error is taken before un-scaling. */
  readonly scaled: readonly LossSet[];
}

/** The losses that are built, by `family/case` of a folder's `meta.json`. */
const squaredErrors: readonly (readonly [RegExp, SquaredError])[] = [
  [/^ttm\//, { output: 'forecast', sets: ['', 'variant', 'normalised'], scaled: ['normalised'] }],
  [/^timesfm-[12]\//, { output: 'mean', sets: ['', 'variant', 'normalised'], scaled: ['normalised'] }],
  // The transformers port (hf-…) trains on quantiles and mirrored series: no squared error of one pass.
  [/^timesfm-2\.5\/(?!hf-)/, { output: 'forecast', sets: ['', 'variant'], scaled: ['', 'variant'] }],
  [/^timer\/repo-/, { output: 'forecast', sets: ['', 'variant', 'normalised'], scaled: ['normalised'] }],
  // The main loss is over all tokens.
  [/^timer\/hub-/, { output: 'forecast', sets: ['last'], scaled: ['last'] }],
];

function squaredErrorOf(meta: Pick<GradientMeta, 'family' | 'case'>): SquaredError | undefined {
  return squaredErrors.find(([pattern]) => pattern.test(`${meta.family}/${meta.case}`))?.[1];
}

/** The losses of a folder that can be built, given its `meta.json` and the text of its config; none for unknown families. */
export function builtLosses(
  meta: Pick<GradientMeta, 'family' | 'case' | 'losses'>,
  configJson: string,
): readonly LossSet[] {
  try {
    openArchitecture(configJson, meta.family);
  } catch {
    return [];
  }
  const sets = squaredErrorOf(meta)?.sets ?? [];
  return sets.filter((set) => `${set}${set && '.'}loss` in meta.losses);
}

/** `read` takes a path relative to the case folder. */
export async function openGradientFolder(read: (path: string) => Promise<Uint8Array>): Promise<GradientFolder> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const meta = JSON.parse(await text('meta.json')) as GradientMeta;
  const model = await openCheckpoint({
    name: 'golden',
    configJson: await configOf(read, meta.config),
    weights: await read(meta.weights),
  });
  const graph = new Graph();
  const architecture = comparing(model.architecture, squaredErrorOf(meta)!.output);
  architecture.addTo(graph, { contexts: 1, channels: model.card.channels });
  return {
    model: { ...model, architecture },
    layout: layoutOf(graph),
    cases: readSafetensors(await read('cases.safetensors'), 'cases'),
    meta,
  };
}

/** The architecture with another label of its graph in the place of its forecast. */
function comparing(architecture: Architecture, output: string): Architecture {
  return {
    ...architecture,
    addTo: (g, batch) => {
      architecture.addTo(g, batch);
      g.outputs.set('forecast', g.labels.get(output) ?? g.outputs.get('forecast')!);
    },
  };
}

/** 1 where observed, from the padding some families' inputs come with. */
function paddingOf(cases: SafetensorsFile): Uint8Array | undefined {
  if (cases.tensors.has('inputs.padding'))
    return Uint8Array.from(tensorValues(cases, 'inputs.padding'), (flag) => 1 - flag);
  if (cases.tensors.has('inputs.mask')) return Uint8Array.from(integerValues(cases, 'inputs.mask'), (flag) => 1 - flag);
  return undefined;
}

/** The batch of a folder: what the step is fed, without masks. `scaled`: the loss before un-scaling. */
function batchOf(
  { model, cases }: GradientFolder,
  scaled: boolean,
): { readonly shape: StepShape; readonly feeds: Feeds } {
  const [contexts, length, channels = 1] = shapeOf(cases, 'inputs.context') as [number, number, number?];
  const values = Float64Array.from(tensorValues(cases, 'inputs.context'));
  const observed = paddingOf(cases);
  const prepared = model.architecture.prepare({ values, contexts, length, channels, ...(observed && { observed }) });
  const { scaling } = prepared;
  const frequency = cases.tensors.has('inputs.freq') && {
    frequency: Int32Array.from(integerValues(cases, 'inputs.freq')),
  };
  const feeds = { ...prepared.feeds, ...frequency };
  const [, steps, kept = 1] = shapeOf(cases, 'target') as [number, number, number?];
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
  if (cases.tensors.has('inputs.freq_token'))
    throw new Error('gradient cases with a frequency prefix need their tokens fed');
  return { shape: { contexts, channels, length, variants: 0 }, feeds: { ...feeds, target, weight } };
}

/** Compares the loss and every parameter's gradient of one set: `''` (main), `variant` or `normalised`. */
export async function compareGradients(
  folder: GradientFolder,
  set: LossSet,
  runtime: Runtime,
  comparison: GoldenComparison,
): Promise<void> {
  const { model, layout, cases, meta } = folder;
  const prefix = set === '' ? '' : `${set}.`;
  const { shape, feeds } = batchOf(folder, squaredErrorOf(meta)!.scaled.includes(set));
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
  const { shape, feeds } = batchOf(folder, squaredErrorOf(meta)!.scaled.includes(''));
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
