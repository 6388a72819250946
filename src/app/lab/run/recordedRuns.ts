/** Writes every run into the history: that it began, how far it came, and what came of it. */

import { createEffect, on } from 'solid-js';
import { nameOf } from '../../../studies/figures/modelEntry.ts';
import type { History } from './history.ts';
import type { createRun, RunInputs } from './run.ts';
import { manifestOf } from './shownManifest.ts';

/** A page that is closed leaves no more than this unsaid. */
const EVERY_MS = 5_000;

export function createRecordedRuns(run: ReturnType<typeof createRun>, history: History) {
  let id: Promise<string> | undefined;
  let notedMs = 0;
  let noted = 0;

  const shareOf = (): number => {
    const { progress } = run.state;
    if (progress?.unit === 'backtests' || progress?.unit === 'replicates') return 1;
    return progress?.unit === 'forward passes' && progress.total > 0 ? progress.done / progress.total : noted;
  };

  createEffect(
    on(
      () => run.state.progress,
      () => {
        if (!id || run.state.status !== 'running') return;
        noted = shareOf();
        if (performance.now() - notedMs < EVERY_MS) return;
        notedMs = performance.now();
        void id.then((known) => history.change(known, { share: noted }));
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      () => run.state.status,
      async (status) => {
        const known = await id;
        if (!known) return;
        if (status === 'paused') await history.change(known, { share: noted });
        if (status === 'cancelled' || status === 'failed') {
          // Nothing was finished that could go on.
          await (noted > 0 ? history.change(known, { share: noted }) : history.remove(known));
          history.release(known);
        }
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      run.outcome,
      async (outcome) => {
        const known = await id;
        if (!outcome || !known) return;
        const manifest = await manifestOf(outcome);
        const { resultsOfRun } = await import('../../../studies/figures/runResults.ts');
        await history.finish(known, resultsOfRun({ ...outcome, manifest }), outcome.seconds);
      },
      { defer: true },
    ),
  );

  return {
    /** Before a run starts. */
    begin: (inputs: RunInputs): void => {
      noted = 0;
      notedMs = performance.now();
      const { forecaster, grids, settings, series } = inputs;
      const { card, backend } = forecaster;
      const symbols = grids.map(({ symbol }) => symbol);
      const title = `${nameOf(card)} on ${listed(symbols)}`;
      id = manifestOf({ grids, series, card, backend, settings }).then((manifest) =>
        history.begin({ kind: 'run', manifest, title }),
      );
    },
  };
}

const MOST_NAMED = 3;

function listed(symbols: readonly string[]): string {
  const more = symbols.length - MOST_NAMED;
  return more > 0 ? `${symbols.slice(0, MOST_NAMED).join(', ')} and ${more} more` : symbols.join(', ');
}
