/** Public samples: which one is being fetched, how far it is, and what went wrong. */

import { createStore } from 'solid-js/store';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Progress } from '../../../core/types.ts';
import { SAMPLES_ADDRESS, type Sample } from '../../../quotes/samples.ts';
import { addressParameters } from '../../address.ts';
import { createServerChoice } from '../../serverChoice.ts';
import type { DroppedFile } from './droppedFiles.ts';
import { fetchSample } from './sampleFiles.ts';

export interface SamplesState {
  /** Id of the sample under way. */
  readonly fetching: string | undefined;
  readonly progress: Progress | undefined;
  readonly problem: UserProblem | undefined;
}

export function createSamples(useFiles: (files: readonly DroppedFile[]) => Promise<void>) {
  const server = createServerChoice('samples', SAMPLES_ADDRESS, addressParameters().samples);
  const [state, setState] = createStore<SamplesState>({
    fetching: undefined,
    progress: undefined,
    problem: undefined,
  });
  let current = new AbortController();

  return {
    state,
    /** Which server is asked, and whether that has to be agreed to. */
    server,
    fetch: async (sample: Sample): Promise<void> => {
      current.abort();
      current = new AbortController();
      const { signal } = current;
      setState({ fetching: sample.id, progress: undefined, problem: undefined });
      try {
        const files = await fetchSample(sample, server.address(), (progress) => setState({ progress }), signal);
        setState({ fetching: undefined });
        await useFiles(files);
      } catch (caught) {
        if (!isAbort(caught)) setState({ problem: toProblem(caught) });
      } finally {
        if (current.signal === signal) setState({ fetching: undefined, progress: undefined });
      }
    },
    cancel: (): void => current.abort(),
  };
}
