/** Runs the reference cases whose tolerances are numbers a row: TimesFM and Chronos-Bolt. Works in node and in a browser. */

import { afterAll } from 'vitest';
import { openForward } from '../../../src/models/forward.ts';
import type { Runtime } from '../../../src/models/runtime/runtime.ts';
import { type CaseFolder, tensorValues } from '../caseFiles.ts';
import type { GoldenComparison } from '../golden.ts';
import type { Declare } from './declare.ts';
import { compareLabels, pooled, stackedMasks, storedLabels } from './pooling.ts';
import { requestOf } from './questions.ts';

/** Declares one test a case, and one for the dropout variants of each case that has such. */
export function declareSeriesCases(folder: CaseFolder, runtime: Runtime, declare: Declare): void {
  const { model, meta } = folder;
  const labels = storedLabels(folder);
  const rows = Math.max(...Object.keys(meta.cases).map((name) => requestOf(folder, name).rows));
  const passes = openForward(model, runtime);
  for (const name of Object.keys(meta.cases)) {
    declare(name, async (comparison) => {
      const { forward, first } = pooled(passes.forward, rows, labels);
      const forecasts = await requestOf(folder, name).ask(1, forward);
      // Where float64 outputs are stored, the official float32 intermediates are too far off to compare with.
      if (!meta.cases[name]!.call.store_f64) compareLabels(folder, name, first(), comparison);
      compareForecasts(folder, name, name, forecasts, 0, comparison);
    });
  }
  for (const [name, { count }] of Object.entries(meta.variants)) {
    declare(`${name}, ${count} variants`, async (comparison) => {
      const names = Array.from({ length: count }, (_, i) => `${name}.variant${i}`);
      const variants = openForward(model, runtime, count, stackedMasks(folder, names));
      try {
        const forecasts = await requestOf(folder, name).ask(count, variants.forward);
        for (const [v, one] of names.entries()) compareForecasts(folder, name, one, forecasts, v, comparison);
      } finally {
        await variants.release();
      }
    });
  }
  afterAll(passes.release);
}

/**
 * Compares outputs, row by row; float64 references decide where they are stored. `least` gives what a tolerance must at least be.
 */
export function compareForecasts(
  { cases, meta }: CaseFolder,
  caseName: string,
  prefix: string,
  forecasts: ReadonlyMap<string, readonly Float64Array[]>,
  variant: number,
  comparison: GoldenComparison,
  least: (output: string, index: number) => number = () => 0,
): void {
  for (const [output, { atol_per_row: bounds }] of Object.entries(meta.tolerance.recommended![caseName]!)) {
    if (!cases.tensors.has(`${prefix}.${output}`)) continue;
    const exact = `${prefix}.${output.replace('output.', 'output_f64.')}`;
    const want = tensorValues(cases, cases.tensors.has(exact) ? exact : `${prefix}.${output}`);
    const got = forecasts.get(output)?.[variant];
    if (!got) throw new Error(`the family gives no ${output}`);
    const factor = prefix === caseName ? 1 : 2;
    comparison.array(`${prefix}.${output}`, got, want, (i) =>
      Math.max(factor * bounds[Math.floor((i / want.length) * bounds.length)]!, least(output, i)),
    );
  }
}
