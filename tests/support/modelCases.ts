/**
 * Runs the reference cases of a model family (a folder with config.json, model.safetensors, cases.safetensors, meta.json)
 * on a back end and compares outputs, intermediates and dropout variants. Works in node and in a browser.
 */

import { it } from 'vitest';
import { openArchitecture } from '../../src/models/registry.ts';
import type { Runtime } from '../../src/models/runtime/runtime.ts';
import { configOf, openCaseFolder } from './caseFiles.ts';
import { declareBaselineCases } from './cases/baselineCases.ts';
import { declareChronosCases } from './cases/chronosCases.ts';
import type { Declare } from './cases/declare.ts';
import { declareMoiraiCases } from './cases/moiraiCases.ts';
import { declareSeriesCases } from './cases/seriesCases.ts';
import { declareTimerCases } from './cases/timerCases.ts';
import { declareTtmCases } from './cases/ttmCases.ts';
import { GoldenComparison } from './golden.ts';

/** Declares the tests of one folder below the shared root: one a case, and one for the dropout variants of each kind. */
export async function testModelFolder(
  path: string,
  runtime: Runtime,
  read: (path: string) => Promise<Uint8Array>,
): Promise<void> {
  const folder = await openCaseFolder((file) => read(`${path}/${file}`));
  const declare: Declare = (name, compare) =>
    it(name, async (context) => {
      const comparison = new GoldenComparison(context, path, runtime.backend.provider);
      await compare(comparison);
      comparison.finish();
    });
  const { family } = folder.model.card;
  if (family === 'ttm') declareTtmCases(folder, runtime, declare);
  else if (family === 'timer') declareTimerCases(folder, runtime, declare);
  else if (family === 'chronos-t5') declareChronosCases(folder, runtime, declare);
  else if (folder.model.architecture.shape.reads) declareBaselineCases(folder, runtime, declare);
  else if (family === 'moirai') declareMoiraiCases(folder, runtime, declare);
  else declareSeriesCases(folder, runtime, declare);
}

/** Folders of reference cases (`timesfm-1/l2-d32-h4` …) whose config a family but TTM recognises; the others are not built. */
export async function builtFolders(
  list: (path: string) => Promise<readonly string[]>,
  read: (path: string) => Promise<Uint8Array>,
): Promise<string[]> {
  const built: string[] = [];
  for (const family of await list('golden')) {
    for (const folder of family === 'ttm' ? [] : await list(`golden/${family}`)) {
      const config = configOf((file) => read(`golden/${family}/${folder}/${file}`));
      const opens = await config
        .then((json) => openArchitecture(json, folder))
        .then(
          () => true,
          () => false,
        );
      if (opens) built.push(`${family}/${folder}`);
    }
  }
  return built;
}
