/** Files go where they belong, wherever on the page they were dropped. */

import { createSignal } from 'solid-js';
import type { UserProblem } from '../../../core/errors.ts';
import type { DroppedFile } from '../data/droppedFiles.ts';
import { sortFiles } from '../model/checkpointFiles.ts';
import { isRunFile } from '../run/imports.ts';
import type { ModelPart } from './model.ts';
import type { QuotesPart } from './quotes.ts';
import type { RunsPart } from './runs.ts';

export function createDrops({ data }: QuotesPart, { model }: ModelPart, { run, imports }: RunsPart) {
  const [notTaken, setNotTaken] = createSignal<UserProblem>();
  return {
    dropFiles: async (files: readonly DroppedFile[]): Promise<void> => {
      if (run.running()) {
        setNotTaken(runningProblem(files.map(({ path }) => path)));
        return;
      }
      setNotTaken(undefined);
      const isRun = await Promise.all(files.map(isRunFile));
      const runs = files.filter((_, i) => isRun[i]);
      if (runs.length > 0) void imports.add(runs);
      const { config, weights, quotes } = await sortFiles(files.filter((_, i) => !isRun[i]));
      if (config || weights.length > 0) void model.addFiles(config, weights);
      if (quotes.length > 0) void data.addFiles(quotes);
    },
    /** Why files that were dropped last were not taken. */
    notTaken: (): UserProblem | undefined => (run.running() ? notTaken() : undefined),
  };
}

function runningProblem(names: readonly string[]): UserProblem {
  return {
    code: 'page/run-under-way',
    message: `A run is under way, and what it is made of does not change: ${names.length === 1 ? 'the file was' : `${names.length} files were`} not taken.`,
    where: names.slice(0, 3).join(', '),
    hint: 'Drop them again when it has finished, or cancel it first: finished days are kept.',
  };
}
