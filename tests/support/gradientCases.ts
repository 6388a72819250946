/**
 * Runs the reference gradient cases of a family (losses, every parameter's gradient, a masked variant, 20 AdamW steps) as
 * training-step graphs on a back end.
 */

import { maskInput } from '../../src/models/graph/builder.ts';
import { sizeOf } from '../../src/models/graph/ir.ts';
import { flatten, unflatten } from '../../src/training/parameters.ts';
import { defaultOptimiser, type OptimiserSettings } from '../../src/training/step.ts';
import { initialState } from '../../src/training/trainer.ts';
import { tensorValues } from './caseFiles.ts';
import type { GoldenComparison } from './golden.ts';
import type { GradientEngine } from './gradients/engines.ts';
import type { GradientFolder, GradientMeta } from './gradients/folder.ts';
import { taskOf } from './gradients/task.ts';

/** Compares the loss and every parameter's gradient of one set: `''` (main), `variant` or a further one. */
export async function compareGradients(
  folder: GradientFolder,
  set: string,
  engine: GradientEngine,
  comparison: GoldenComparison,
): Promise<void> {
  const { model, layout, cases, meta } = folder;
  const prefix = set === '' ? '' : `${set}.`;
  const { shape, feeds, loss: lossOf, more } = taskOf(folder, set);
  const masks: Record<string, Float32Array> = {};
  if (set === 'variant') {
    for (const { name } of model.card.sites) masks[maskInput(name)] = tensorValues(cases, `variant.mask.${name}`);
  }
  const { architecture, weights } = model;
  const step = { ...shape, variants: set === 'variant' ? (1 as const) : (0 as const) };
  const task = { architecture, layout, shape: step, optimiser: optimiserOf(meta), loss: lossOf, weights };
  const parameters = flatten(layout, weights.values);
  const labels = engine.readsLabels ? (more?.labels ?? []) : [];
  const { loss, gradient, others } = await engine.gradient(task, parameters, { ...feeds, ...masks }, labels);
  const want = tensorValues(cases, `${prefix}loss`)[0]!;
  const { rtol } = meta.losses[`${prefix}loss`]!;
  comparison.number(`${prefix}loss`, loss, want, rtol * Math.abs(want));
  const tolerances = meta.tolerance[`${prefix}grad`]!;
  for (const [name, , got] of unflatten(layout, gradient)) {
    const stored = `${prefix}grad.${name}`;
    if (cases.tensors.has(stored)) {
      comparison.array(stored, got, tensorValues(cases, stored), tolerances[name]![0]!);
    }
  }
  if (engine.readsLabels) more?.compare(others, comparison);
}

/** Compares the losses of the AdamW run, the loss after it and the trained tensors. */
export async function compareAdamW(
  folder: GradientFolder,
  engine: GradientEngine,
  comparison: GoldenComparison,
): Promise<void> {
  const { model, layout, cases, meta } = folder;
  const { shape, feeds, loss: lossOf } = taskOf(folder, '');
  const optimiser = optimiserOf(meta);
  const { architecture, weights } = model;
  const task = { architecture, layout, shape: { ...shape, variants: 0 }, optimiser, loss: lossOf, weights } as const;
  const trainer = await engine.trainer(task, initialState(flatten(layout, weights.values)));
  try {
    const wanted = tensorValues(cases, 'adamw.losses');
    const bound = (i: number): number => meta.adamw.rtol_losses[Math.min(i, wanted.length - 1)]!;
    for (let i = 0; i < meta.adamw.steps; i++) {
      const { loss } = await trainer.step(feeds, meta.adamw.lr);
      comparison.number(`adamw.losses[${i}]`, loss, wanted[i]!, bound(i) * Math.abs(wanted[i]!));
    }
    const trained = unflatten(layout, (await trainer.readState()).parameters);
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
