/** Quotes remembered in this browser, and everything else of the user's that it keeps: listed, used again, forgotten. */

import { createStore } from 'solid-js/store';
import type { StoredQuotesStore } from '../../../../workers/quotes/client.ts';
import { toProblem, type UserProblem } from '../../../core/errors.ts';
import type { StoredQuotes } from '../../../quotes/types.ts';
import type { createRecording } from './recording.ts';
import { forgetSamples } from './sampleFiles.ts';
import { forgetMappings } from './savedMappings.ts';

export interface StoredState {
  readonly quotes: readonly StoredQuotes[];
  readonly problem: UserProblem | undefined;
}

export function createStored(
  engine: StoredQuotesStore,
  recording: ReturnType<typeof createRecording>,
  forgetRuns: () => Promise<void>,
  forgetCheckpoints: () => Promise<void>,
) {
  const [state, setState] = createStore<StoredState>({ quotes: [], problem: undefined });

  /** Does one thing and lists what is left. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setState({ problem: undefined });
    try {
      await work();
      setState({ quotes: await engine.stored() });
    } catch (caught) {
      setState({ problem: toProblem(caught) });
    }
  };

  return {
    state,
    refresh: (): Promise<void> => attempt(async () => {}),
    forget: (key: string): Promise<void> => attempt(() => engine.forget(key)),
    /** Removes quotes, recordings, samples, column settings and runs, and with them, if so wanted, checkpoints. */
    forgetAll: (checkpointsToo: boolean): Promise<void> =>
      attempt(async () => {
        if (checkpointsToo) await forgetCheckpoints();
        await engine.forgetAll();
        for (const { name } of recording.state.kept) await recording.remove(name);
        await forgetSamples();
        forgetMappings();
        await forgetRuns();
      }),
  };
}
