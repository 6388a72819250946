/** Checkpoints from a hub: the one looked up, the one being downloaded, and those kept on this device. */

import { createStore, unwrap } from 'solid-js/store';
import type { HubEngine } from '../../../../workers/hub/client.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import { standingOf } from '../../../core/hosts.ts';
import { readDeviceFacts } from '../../../models/hub/device.ts';
import type { DeviceFacts } from '../../../models/hub/fit.ts';
import type { DownloadProgress, HubAccess, KeptCheckpoint } from '../../../models/hub/library.ts';
import { defaultHub, type HubRepository } from '../../../models/hub/repository.ts';
import type { CheckpointFiles } from '../../../models/types.ts';
import { addressParameters } from '../../address.ts';
import { createServerChoice } from '../../serverChoice.ts';

/** The download that runs, or the last one. */
export interface DownloadState {
  readonly repository: HubRepository;
  readonly status: 'running' | 'paused' | 'failed';
  readonly progress: DownloadProgress | undefined;
  readonly problem: UserProblem | undefined;
}

export interface HubState {
  readonly looking: boolean;
  readonly found: HubRepository | undefined;
  readonly problem: UserProblem | undefined;
  readonly download: DownloadState | undefined;
  readonly kept: readonly KeptCheckpoint[];
  readonly device: DeviceFacts | undefined;
  /** A repository was refused without a token, or with this one. */
  readonly needsToken: boolean;
}

export function createHub(engine: HubEngine) {
  const server = createServerChoice('models', defaultHub, addressParameters().hub);
  const [state, setState] = createStore<HubState>({
    looking: false,
    found: undefined,
    problem: undefined,
    download: undefined,
    kept: [],
    device: undefined,
    needsToken: false,
  });
  /** Held here and nowhere else: it goes when the page does. */
  let token = '';
  let looking = new AbortController();
  let downloading = new AbortController();

  /** Hubs that a button to resume from them named. */
  const resumedFrom = new Set<string>();

  const access = (base = server.address()): HubAccess => ({
    base,
    clicked: server.clicked() || resumedFrom.has(base),
    ...(token && { token }),
  });

  const noteProblem = (caught: unknown): UserProblem => {
    const problem = toProblem(caught);
    if (problem.code === 'hub/gated' && standingOf(server.address(), 'models') === 'official') {
      setState({ needsToken: true });
    }
    return problem;
  };

  /** Lists what is kept and asks how much room there is. A browser without storage has none. */
  const refresh = async (): Promise<void> => {
    const [kept, device] = await Promise.all([engine.list().catch(() => []), readDeviceFacts().catch(() => undefined)]);
    setState({ kept, device });
  };

  const update = (changes: Partial<DownloadState>): void =>
    setState(({ download: now }) => (now ? { download: { ...now, ...changes } } : {}));

  const download = async (repository: HubRepository): Promise<KeptCheckpoint | undefined> => {
    downloading.abort();
    downloading = new AbortController();
    const { signal } = downloading;
    setState({
      download: { repository, status: 'running', progress: undefined, problem: undefined },
      problem: undefined,
    });
    try {
      const onProgress = (progress: DownloadProgress): void => {
        if (!signal.aborted) update({ progress });
      };
      // What comes out of the store cannot be sent to a worker.
      const kept = await engine.download(unwrap(repository), access(repository.hub), onProgress, signal);
      setState({ download: undefined, found: undefined, needsToken: false });
      return kept;
    } catch (caught) {
      if (signal !== downloading.signal) return undefined; // Another download took its place.
      const paused = signal.aborted || isAbort(caught);
      const problem = paused ? undefined : noteProblem(caught);
      update({ status: paused ? 'paused' : 'failed', problem });
      return undefined;
    } finally {
      await refresh();
    }
  };

  return {
    state,
    /** Which hub is asked, and whether that has to be agreed to. */
    server,
    refresh,
    setToken: (typed: string): void => {
      token = typed.trim();
    },
    /** Asks the hub about a repository; a newer question cancels it. */
    lookUp: async (typed: string): Promise<void> => {
      looking.abort();
      looking = new AbortController();
      const { signal } = looking;
      setState({ looking: true, found: undefined, problem: undefined });
      try {
        const found = await engine.lookUp(typed, access(), signal);
        setState({ looking: false, found, needsToken: false });
      } catch (caught) {
        if (!signal.aborted) setState({ looking: false, problem: noteProblem(caught) });
      }
    },
    download,
    pause: (): void => downloading.abort(),
    /** Goes on with a download, from the hub it came from: the button names it where it is not the official one. */
    resume: async (id: string): Promise<KeptCheckpoint | undefined> => {
      const repository = await engine.resumable(id);
      resumedFrom.add(repository.hub);
      return download(repository);
    },
    open: (id: string) => engine.open(id),
    /** Keeps a checkpoint that was made on this page. */
    keep: async (files: CheckpointFiles): Promise<KeptCheckpoint> => {
      const kept = await engine.keep(files);
      await refresh();
      return kept;
    },
    /** Every checkpoint on this device, downloads that were not finished too. */
    removeAll: async (): Promise<void> => {
      if (state.download?.status === 'running') downloading.abort();
      setState({ download: undefined });
      for (const { id } of await engine.list()) await engine.remove(id);
      await refresh();
    },
    remove: async (id: string): Promise<void> => {
      if (state.download?.status === 'running') downloading.abort();
      setState({ download: undefined });
      await engine.remove(id);
      await refresh();
    },
    dismiss: (): void => setState({ found: undefined, problem: undefined, looking: false }),
  };
}
