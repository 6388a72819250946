/** Runs that were saved to files, here or elsewhere: read back, put beside this session's runs and into the history. */

import { createStore } from 'solid-js/store';
import { fail, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { intervalsOf } from '../../../marketLine/slopeIntervals.ts';
import type { ModelCard } from '../../../models/types.ts';
import type { ImportedRun } from '../../../runs/importedRun.ts';
import type { RunManifest } from '../../../runs/runManifest.ts';
import { formatBytes } from '../../format.ts';
import type { DroppedFile } from '../data/droppedFiles.ts';
import { embeddedCheckpoints } from '../model/checkpointFiles.ts';
import type { History } from './history.ts';
import type { KeptRuns } from './keptRuns.ts';

export interface Imported {
  /** Key in the history. */
  readonly id: string;
  readonly file: string;
  readonly manifest: RunManifest;
}

export interface ImportsState {
  readonly busy: boolean;
  /** Runs imported in this session, the newest last. */
  readonly imported: readonly Imported[];
  /** One for each file that could not be read. */
  readonly problems: readonly UserProblem[];
}

/** As much of a file as tells what it is. */
const BEGINNING_BYTES = 4096;

/** Of a run of 5,000 configurations over hundreds of days: a browser cannot hold the text of much more. */
const MOST_BYTES = 256 * 2 ** 20;

/** Whether a dropped file is a saved run: told from its content. */
export async function isRunFile({ file }: DroppedFile): Promise<boolean> {
  if (!file.name.toLowerCase().endsWith('.json')) return false;
  const beginning = await file.slice(0, BEGINNING_BYTES).text();
  return /^\s*\{\s*"manifest"\s*:/.test(beginning) && beginning.includes('"market-line"');
}

export function createImports(kept: KeptRuns, history: History, resample: typeof intervalsOf) {
  const [state, setState] = createStore<ImportsState>({ busy: false, imported: [], problems: [] });

  const take = async ({ name, text }: { name: string; text: string }): Promise<void> => {
    const { readRunFile } = await import('../../../runs/importedRun.ts');
    const { manifest, summary, model } = readRunFile(text, name);
    const result = { ...summary, intervals: await resample(summary, manifest.settings.seed) };
    const embedded = {
      quotes: false,
      model: embeddedCheckpoints.some((each) => each.name === manifest.model.name),
    };
    await kept.adopt({ manifest, result });
    const id = await history.adopt({ manifest, result, embedded, card: cardOf(manifest, model) });
    setState(({ imported }) => ({ imported: [...imported, { id, file: name, manifest }] }));
  };

  return {
    state,
    /** What is wrong with one file is said, and the others are read. */
    add: async (files: readonly DroppedFile[]): Promise<void> => {
      setState({ busy: true, problems: [] });
      for (const { file } of files) {
        try {
          if (file.size > MOST_BYTES) {
            fail(
              'run/too-large',
              `The file has ${formatBytes(file.size)}; a saved run has no more than ${formatBytes(MOST_BYTES)}.`,
            );
          }
          await take({ name: file.name, text: await file.text() });
        } catch (caught) {
          setState(({ problems }) => ({ problems: [...problems, { where: file.name, ...toProblem(caught) }] }));
        }
      }
      setState({ busy: false });
    },
  };
}

function cardOf({ model }: RunManifest, facts: ImportedRun['model']): ModelCard {
  return { ...model, ...facts, channels: 1, metadata: {}, sites: [] };
}
