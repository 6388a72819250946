/** The model in use: which checkpoint, where it came from, and what executes it. */

import { createStore } from 'solid-js/store';
import { isAbort, toProblem, type UserProblem } from '../../core/errors.ts';
import type { BackendInfo, CheckpointFiles, ModelCard } from '../../models/types.ts';
import { fetchEmbeddedCheckpoint, readCheckpoint } from '../engine/checkpointFiles.ts';
import type { DroppedFile } from '../engine/droppedFiles.ts';
import type { ModelEngine, ProviderPreference } from '../engine/modelEngine.ts';

export interface LoadedModel {
  readonly card: ModelCard;
  readonly backend: BackendInfo;
}

export interface ModelState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly source: 'embedded' | 'dropped';
  /** The model in use; a checkpoint that fails to load leaves the one before in use. */
  readonly loaded: LoadedModel | undefined;
  readonly problem: UserProblem | undefined;
  readonly preference: ProviderPreference;
  /** The file that is still missing, when half of a checkpoint was dropped. */
  readonly waitingFor: 'config.json' | 'model.safetensors' | undefined;
}

type FilesSource = (signal: AbortSignal) => Promise<CheckpointFiles>;

export function createModel(engine: ModelEngine) {
  const [state, setState] = createStore<ModelState>({
    status: 'loading',
    source: 'embedded',
    loaded: undefined,
    problem: undefined,
    preference: 'auto',
    waitingFor: undefined,
  });
  let dropped: { config?: DroppedFile; weights?: DroppedFile } = {};
  let current = new AbortController();
  let lastTried: { source: ModelState['source']; files: FilesSource } = {
    source: 'embedded',
    files: fetchEmbeddedCheckpoint,
  };

  /** Loads what `files` gives; a newer load cancels it. */
  const load = async (source: ModelState['source'], files: FilesSource): Promise<void> => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    lastTried = { source, files };
    setState({ status: 'loading', problem: undefined, waitingFor: undefined });
    try {
      const loaded = await engine.load(await files(signal), state.preference, signal);
      setState({ status: 'ready', loaded, source });
    } catch (caught) {
      if (signal.aborted || isAbort(caught)) return;
      setState({ status: state.loaded ? 'ready' : 'failed', problem: toProblem(caught) });
    }
  };

  return {
    state,
    openEmbedded: (): Promise<void> => load('embedded', fetchEmbeddedCheckpoint),
    /** Takes one or both files of a checkpoint; with only one it waits for the other. */
    addFiles: async (config: DroppedFile | undefined, weights: DroppedFile | undefined): Promise<void> => {
      dropped = { ...dropped, ...(config && { config }), ...(weights && { weights }) };
      const { config: configFile, weights: weightsFile } = dropped;
      if (configFile && weightsFile) {
        dropped = {};
        return load('dropped', () => readCheckpoint(configFile, weightsFile));
      }
      setState({ waitingFor: configFile ? 'model.safetensors' : 'config.json' });
    },
    /** Chooses what executes the model, and moves it there; without a model it tries the last one again. */
    prefer: async (preference: ProviderPreference): Promise<void> => {
      const inUse = state.loaded && engine.files;
      setState({ preference });
      return inUse ? load(state.source, async () => inUse) : load(lastTried.source, lastTried.files);
    },
  };
}

/** "WebGPU (nvidia ampere)", "WASM with 4 threads" */
export function describeBackend(backend: BackendInfo): string {
  if (backend.provider === 'webgpu') return `WebGPU (${backend.adapter ?? 'unknown adapter'})`;
  return backend.threads === 1 ? 'WASM on one thread' : `WASM with ${backend.threads} threads`;
}
