/** An earlier run taken up again: it starts by itself as soon as its model and quotes are there. */

import { createEffect, createSignal } from 'solid-js';
import type { RunManifest } from '../../../runs/runManifest.ts';
import type { createOpenedStudy, OpenedStudy } from '../study/openedStudy.ts';
import type { RunsPart } from './runs.ts';

/** @returns what runs an earlier run again, or to its end: days that were forecast then are not forecast anew */
export function createGoingOn(
  { open, study, differences }: ReturnType<typeof createOpenedStudy>,
  { canRun, startRun }: RunsPart,
): (manifest: RunManifest) => Promise<void> {
  const [waiting, setWaiting] = createSignal<OpenedStudy>();
  createEffect(() => {
    const wanted = waiting();
    if (!wanted) return;
    const found = differences();
    if (study() !== wanted || (found && found.length > 0)) setWaiting(undefined);
    else if (found && canRun()) {
      setWaiting(undefined);
      void startRun();
    }
  });
  return async (manifest) => {
    await open(manifest);
    setWaiting(study());
  };
}
