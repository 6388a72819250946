/** The model in use: which checkpoint, where it came from, in which precision, and what executes it. */

import { createStore, unwrap } from 'solid-js/store';
import type {
  CheckpointSource,
  ModelEngine,
  OnnxInspection,
  ProviderPreference,
} from '../../../../workers/model/client.ts';
import { fetchEmbeddedCheckpoint } from '../../../../workers/model/embeddedFiles.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import { leavingUnused } from '../../../models/checkpoints/inferredConfig.ts';
import type { ReadyModel } from '../../../models/service.ts';
import type { CheckpointFolder, OnnxMapping, Precision } from '../../../models/types.ts';
import type { DroppedFile } from '../data/droppedFiles.ts';
import { defaultEmbedded, readCheckpoint } from './checkpointFiles.ts';

export interface ModelState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly source: 'embedded' | 'dropped' | 'kept';
  /** Which of the embedded checkpoints is chosen, whether it is in use or not. */
  readonly embedded: string;
  /** The model in use; a checkpoint that fails to load leaves the one before in use. */
  readonly loaded: ReadyModel | undefined;
  readonly problem: UserProblem | undefined;
  readonly preference: ProviderPreference;
  readonly precision: Precision;
  /** The file that is still missing, when half of a checkpoint was dropped. */
  readonly waitingFor: 'config.json' | 'model.safetensors' | undefined;
  /** A dropped ONNX model whose inputs and outputs are to be mapped. */
  readonly mapping: OnnxInspection | undefined;
}

type FilesSource = (signal: AbortSignal) => Promise<CheckpointSource>;
type Answers = Readonly<Record<string, string>>;

export function createModel(engine: ModelEngine) {
  const [state, setState] = createStore<ModelState>({
    status: 'loading',
    source: 'embedded',
    embedded: defaultEmbedded,
    loaded: undefined,
    problem: undefined,
    preference: 'auto',
    precision: 'f32',
    waitingFor: undefined,
    mapping: undefined,
  });
  engine.onBackend = (backend) => {
    if (state.loaded) setState({ loaded: { ...unwrap(state.loaded), backend } });
  };
  let dropped: { config?: DroppedFile; weights?: readonly DroppedFile[] } = {};
  let unmapped: CheckpointFolder | undefined;
  let answers: Answers = {};
  let current = new AbortController();
  let lastTried: { source: ModelState['source']; files: FilesSource } = {
    source: 'embedded',
    files: (signal) => fetchEmbeddedCheckpoint(state.embedded, document.baseURI, signal),
  };

  /** Loads what `files` gives; a newer load cancels it. */
  const load = async (source: ModelState['source'], files: FilesSource): Promise<void> => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    lastTried = { source, files };
    setState({ status: 'loading', problem: undefined, waitingFor: undefined, mapping: undefined });
    try {
      const choices = { precision: state.precision, answers };
      const loaded = await engine.load(await files(signal), state.preference, choices, signal);
      setState({ status: 'ready', loaded, source });
    } catch (caught) {
      if (signal.aborted || isAbort(caught)) return;
      setState({ status: state.loaded ? 'ready' : 'failed', problem: toProblem(caught) });
    }
  };

  /** The same checkpoint again, with other choices; without a model the last one that was tried. */
  const again = (): Promise<void> => {
    const inUse = state.loaded && engine.source;
    return inUse ? load(state.source, async () => inUse) : load(lastTried.source, lastTried.files);
  };

  const openFolder = async (source: 'dropped' | 'kept', files: () => Promise<CheckpointFolder>): Promise<void> => {
    answers = {};
    try {
      const folder = await files();
      if (!folder.files.some(({ path }) => path.toLowerCase().endsWith('.onnx')))
        return load(source, async () => folder);
      const mapping = await engine.inspect(folder);
      unmapped = folder;
      setState({ mapping, problem: undefined, waitingFor: undefined });
    } catch (caught) {
      setState({ problem: toProblem(caught) });
    }
  };

  const openDropped = (): Promise<void> => {
    const { config, weights = [] } = dropped;
    dropped = {};
    return openFolder('dropped', () => readCheckpoint(config, weights));
  };

  return {
    state,
    /** Opens an embedded checkpoint; without a name the one chosen last. */
    openEmbedded: (name = state.embedded, precision = state.precision): Promise<void> => {
      answers = {};
      setState({ embedded: name, precision });
      return load('embedded', (signal) => fetchEmbeddedCheckpoint(name, document.baseURI, signal));
    },
    /** Takes the files of a checkpoint; with only its config, or only weights that should have one, it waits for the rest. */
    addFiles: async (config: DroppedFile | undefined, weights: readonly DroppedFile[]): Promise<void> => {
      dropped = { ...dropped, ...(config && { config }), ...(weights.length > 0 && { weights }) };
      if (!dropped.weights) return setState({ waitingFor: 'model.safetensors' });
      const needsConfig = dropped.weights.some(({ file }) => /\.(safetensors|bin)$/.test(file.name));
      if (!dropped.config && needsConfig) return setState({ waitingFor: 'config.json' });
      return openDropped();
    },
    /** Goes on without the config that is waited for: the architecture is told from the tensors. */
    openWithoutConfig: openDropped,
    /** Opens a checkpoint kept on this device. */
    openKept: (files: () => Promise<CheckpointFolder>): Promise<void> => openFolder('kept', files),
    /** Loads the dropped ONNX model with what its inputs and outputs stand for. */
    mapOnnx: async (mapping: OnnxMapping): Promise<void> => {
      const folder = unmapped;
      // What comes out of the store cannot be sent to a worker.
      if (folder) await load('dropped', async () => ({ ...folder, mapping: unwrap(mapping) }));
    },
    cancelMapping: (): void => setState({ mapping: undefined }),
    /** Settles what a checkpoint without config leaves open. */
    answer: (field: string, value: string): Promise<void> => {
      answers = { ...answers, [field]: value };
      return again();
    },
    /** Opens the checkpoint that was refused for tensors that nothing reads, without them. */
    openWithoutUnused: (): Promise<void> => {
      answers = { ...answers, [leavingUnused.field]: leavingUnused.value };
      return load(lastTried.source, lastTried.files);
    },
    /** Chooses what executes the model, and moves it there. */
    prefer: (preference: ProviderPreference): Promise<void> => {
      setState({ preference });
      return again();
    },
    /** Chooses how weights are stored, and stores them so. */
    usePrecision: (precision: Precision): Promise<void> => {
      setState({ precision });
      return again();
    },
  };
}
