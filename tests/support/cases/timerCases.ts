/** Runs the reference cases of Timer, of both layouts: single steps and roll-outs. Works in node and in a browser. */

import { afterAll } from 'vitest';
import type { Forward, OfficialOptions } from '../../../src/models/family.ts';
import { openForward } from '../../../src/models/forward.ts';
import type { Runtime } from '../../../src/models/runtime/runtime.ts';
import { seriesOf } from '../../../src/models/series.ts';
import { type CaseFolder, caseNames, contextOf, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { compareLabels, pooled, stackedMasks, storedLabels } from './pooling.ts';

/** Largest error of a scaled step, of a roll-out (in units of the scale), and of a level; see `tolerance` in meta.json. */
const STEP = 2e-4;
const ROLL_OUT = 1e-3;
const LEVEL = 4e-7;

/** Declares one test a case, and one for the dropout variants of case0. */
export function declareTimerCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const { model, cases } = folder;
  const labels = storedLabels(folder);
  const names = caseNames(cases).map((name) => ({ name, context: contextOf(cases, name) }));
  const rows = Math.max(...names.map(({ context }) => context.contexts * context.channels));
  const passes = openForward(model, runtime);
  for (const { name } of names) {
    declare(name, async (comparison) => {
      const { forward, first } = pooled(passes.forward, rows, labels);
      const answers = await answer(folder, name, 1, forward, first);
      if (isPrecise(cases, name)) compareLabels(folder, name, first(), comparison);
      compareAnswers(folder, name, name, answers, 0, comparison);
    });
  }
  const variants = new Set(
    [...cases.tensors.keys()].flatMap((key) => /^case0\.variant\d+(?=\.output)/.exec(key)?.[0] ?? []),
  );
  declare(`${variants.size} variants`, async (comparison) => {
    const prefixes = [...variants];
    const masked = openForward(model, runtime, prefixes.length, stackedMasks(folder, prefixes));
    try {
      const { forward, first } = pooled(masked.forward, 0, labels);
      const answers = await answer(folder, 'case0', prefixes.length, forward, first);
      for (const [v, prefix] of prefixes.entries()) compareAnswers(folder, 'case0', prefix, answers, v, comparison);
    } finally {
      await masked.release();
    }
  });
  afterAll(passes.release);
}

/** Rows of a context and channel after the other, for every variant. */
type Answers = ReadonlyMap<string, ArrayLike<number>>;

/** Everything a case stores, computed; `first` gives the tensors of the very first pass. */
async function answer(
  { cases, model, meta }: CaseFolder,
  name: string,
  variants: number,
  forward: Forward,
  first: () => Readonly<Record<string, Float32Array>>,
): Promise<Answers> {
  const series = seriesOf(contextOf(cases, name));
  const ask = async (horizon: number, options: OfficialOptions): Promise<Float64Array> => {
    const forecast = await model.architecture.rollOut!({ series, horizon, variants, options }, forward);
    return forecast.values;
  };
  const long = meta.cases[name]!.prediction_length!;
  const once = await ask(long, {});
  const scaled = first();
  if (!cases.tensors.has(`${name}.output.step`)) {
    const tokens = scaled['head.all_tokens']!;
    const units = unitsOf(cases, name);
    const width = tokens.length / (variants * series.length);
    const forecasts = Float64Array.from(tokens, (value, i) => {
      const { loc, scale } = units[Math.floor(i / width) % series.length]!;
      return value * scale + loc;
    });
    return new Map<string, ArrayLike<number>>([
      ['output.forecast', once],
      ['output.normalized', tokens],
      ['output.forward', forecasts],
    ]);
  }
  return new Map<string, ArrayLike<number>>([
    ['output.generate_norm_once', once],
    ['output.generate_nocache', await ask(long, { renormalise: 'everyStep' })],
    ['output.generate_cached', await ask(long, { renormalise: 'newestToken' })],
    ['output.step', await ask(model.card.horizon, {})],
    ['output.step_raw', await ask(model.card.horizon, { normalise: false })],
    ['output.step_normalized', scaled.forecast!],
  ]);
}

interface Unit {
  readonly loc: number;
  readonly scale: number;
}

/** The scaling of each row: in float64 where the case stores it, because the official float32 one loses price levels. */
function unitsOf(cases: CaseFolder['cases'], name: string): Unit[] {
  const [loc, low, scale] = ['loc', 'loc_lo', 'scale'].map((part) => tensorValues(cases, `${name}.ref64.${part}`)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return Array.from(loc, (value, row) => ({ loc: value + low[row]!, scale: scale[row]! }));
}

/**
 * Compares a case's or variant's outputs, row by row. The official code makes constant series NaN (hub), where the family
 * keeps the constant; where official float32 scaling is off by itself, the float64 references decide alone.
 */
function compareAnswers(
  { cases }: CaseFolder,
  name: string,
  prefix: string,
  answers: Answers,
  variant: number,
  comparison: GoldenComparison,
): void {
  const units = unitsOf(cases, name);
  const exact = `${name}.ref64.normalized`;
  const scaledName = scaledOutput(cases, name);
  const compare = (output: string, want: ArrayLike<number>, shape: readonly number[]): void => {
    const [, steps, channels = 1] = shape as [number, number, number?];
    const size = want.length;
    const all = answers.get(output)!;
    const values = Float64Array.from({ length: size }, (_, i) => {
      const row = Math.floor(i / (steps * channels)) * channels + (i % channels);
      return all[variant * size + row * steps + (Math.floor(i / channels) % steps)]!;
    });
    const unit = (i: number): Unit => units[Math.floor(i / (steps * channels)) * channels + (i % channels)]!;
    const kept = Float64Array.from(want, (value, i) => {
      if (!Number.isNaN(value)) return value;
      return output === scaledName ? values[i]! : unit(i).loc;
    });
    comparison.array(`${prefix}.${output}`, values, kept, (i) => toleranceOf(output, unit(i), kept[i]!));
  };
  for (const output of answers.keys()) {
    const stored = `${prefix}.${output}`;
    if (isPrecise(cases, name) || output === 'output.step_raw')
      compare(output, tensorValues(cases, stored), shapeOf(cases, stored));
  }
  if (prefix === name) compare(scaledName, tensorValues(cases, exact), shapeOf(cases, exact));
}

function toleranceOf(output: string, { loc, scale }: Unit, want: number): number {
  if (/normalized$/.test(output)) return STEP;
  if (/step_raw$/.test(output)) return STEP * Math.max(1, Math.abs(want));
  const relative = /step$|forward$/.test(output) ? STEP : ROLL_OUT;
  return relative * scale + LEVEL * Math.max(Math.abs(loc), 1);
}

function scaledOutput(cases: CaseFolder['cases'], name: string): 'output.step_normalized' | 'output.normalized' {
  return cases.tensors.has(`${name}.output.step`) ? 'output.step_normalized' : 'output.normalized';
}

/** Whether the official float32 scaling of a case is good enough to compare with. */
function isPrecise(cases: CaseFolder['cases'], name: string): boolean {
  const official = tensorValues(cases, `${name}.${scaledOutput(cases, name)}`);
  return largestDifference(tensorValues(cases, `${name}.ref64.normalized`), official) < STEP / 2;
}

/** NaN, which the official code gives for constant series, differs from nothing. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((max, value, i) => (Number.isNaN(value - b[i]!) ? max : Math.max(max, Math.abs(value - b[i]!))), 0);
}
