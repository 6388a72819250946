/** Live recording: what is being recorded, how it stands, and the recordings kept on this device. */

import { createStore } from 'solid-js/store';
import type { RecorderEngine } from '../../../../workers/recorder/client.ts';
import { toProblem, type UserProblem } from '../../../core/errors.ts';
import { type VenueId, venues } from '../../../quotes/recording/bookTicker.ts';
import { parseSymbols, RECORDING_HEADER } from '../../../quotes/recording/recorder.ts';
import type { RecordingReport } from '../../../quotes/recording/service.ts';
import type { StoredRecording } from '../../../quotes/recording/storage.ts';
import { addressParameters } from '../../address.ts';
import { saveAs } from '../../export/download.ts';
import { createServerChoice } from '../../serverChoice.ts';
import type { DroppedFile } from './droppedFiles.ts';

/** Rows of a recording are this far apart at the least. */
const RECORDING_STEP_MS = 100;

export interface RecordingState {
  /** `idle` covers a recording that just ended. */
  readonly status: 'idle' | 'starting' | 'recording' | 'stopping';
  readonly report: RecordingReport | undefined;
  readonly problem: UserProblem | undefined;
  readonly kept: readonly StoredRecording[];
}

export function createRecording(engine: RecorderEngine, useFiles: (files: readonly DroppedFile[]) => Promise<void>) {
  const server = createServerChoice('streams', venues[0].address, addressParameters().stream);
  const [state, setState] = createStore<RecordingState>({
    status: 'idle',
    report: undefined,
    problem: undefined,
    kept: [],
  });

  /** Does one thing and shows what went wrong with it. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setState({ problem: undefined });
    try {
      await work();
      return true;
    } catch (caught) {
      setState({ problem: toProblem(caught) });
      return false;
    }
  };

  const refresh = async (): Promise<void> => setState({ kept: await engine.list() });

  const stop = async (): Promise<void> => {
    setState({ status: 'stopping' });
    await attempt(async () => {
      const { failure } = state.report ?? {};
      const file = await engine.stop();
      await refresh();
      if (failure) setState({ problem: failure });
      // A recording of nothing is no dataset: the status says why nothing came.
      if (file.size > RECORDING_HEADER.length) await useFiles([{ path: file.name, file }]);
    });
    setState({ status: 'idle' });
  };

  return {
    state,
    /** Which stream is listened to, and whether that has to be agreed to. */
    server,
    refresh: (): Promise<boolean> => attempt(refresh),
    start: async (venue: VenueId, typed: string): Promise<void> => {
      if (state.status !== 'idle') return;
      setState({ status: 'starting', report: undefined });
      const started = await attempt(async () => {
        const own = venues.find(({ id }) => id === venue)?.address ?? venues[0].address;
        const symbols = parseSymbols(typed);
        const from = { address: server.address(own), clicked: server.clicked() };
        await engine.start({ ...from, symbols, stepMs: RECORDING_STEP_MS }, (report) => {
          setState({ report });
          if (report.failure && state.status === 'recording') void stop();
        });
      });
      setState({ status: started ? 'recording' : 'idle' });
    },
    stop,
    /** Uses a recording of this or an earlier visit as quotes. */
    use: (name: string): Promise<boolean> =>
      attempt(async () => {
        const file = await engine.read(name);
        await useFiles([{ path: file.name, file }]);
      }),
    save: (name: string): Promise<boolean> => attempt(async () => saveAs(name, await engine.read(name))),
    remove: (name: string): Promise<boolean> =>
      attempt(async () => {
        await engine.remove(name);
        await refresh();
      }),
  };
}
