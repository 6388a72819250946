/** A fine-tuning on its way, as it is kept on this device: everything that going on exactly takes. */

import { floatValues, readSafetensors, writeSafetensors } from '../../models/checkpoints/safetensors.ts';
import { writeFile } from '../../models/hub/downloadFile.ts';
import { type FileStore, readBytes } from '../../storage/files.ts';
import type { EngineId, TrainingState } from '../trainer.ts';

export interface Validation {
  /** Steps taken before. */
  readonly step: number;
  readonly loss: number;
}

export interface FineTuningState {
  readonly training: TrainingState;
  /** Loss of every step. */
  readonly losses: readonly number[];
  readonly validations: readonly Validation[];
  /** The weights that did best on the validation range. */
  readonly best: (Validation & { readonly parameters: Float32Array }) | undefined;
  /** Who took the steps so far. */
  readonly engine: EngineId;
}

interface Note extends Pick<FineTuningState, 'losses' | 'validations' | 'engine'> {
  readonly steps: number;
  readonly best: Validation | null;
}

/** One file. */
function writeFineTuningState({ training, losses, validations, best, engine }: FineTuningState): Uint8Array {
  const { steps, parameters, firstMoment, secondMoment } = training;
  const note: Note = { steps, losses, validations, engine, best: best ? { step: best.step, loss: best.loss } : null };
  const vectors = { parameters, firstMoment, secondMoment, ...(best && { best: best.parameters }) };
  const tensors = Object.entries(vectors).map(([name, values]) => [name, [values.length], values] as const);
  return writeSafetensors(tensors, { run: JSON.stringify(note) });
}

/** @throws UserError for a file that is cut off. */
function readFineTuningState(bytes: Uint8Array): FineTuningState {
  const file = readSafetensors(bytes, 'training checkpoint');
  const note = JSON.parse(file.metadata.run ?? '') as Note;
  const vector = (name: string): Float32Array => floatValues(file, file.tensors.get(name)!).slice();
  return {
    training: {
      steps: note.steps,
      parameters: vector('parameters'),
      firstMoment: vector('firstMoment'),
      secondMoment: vector('secondMoment'),
    },
    losses: note.losses,
    validations: note.validations,
    best: note.best ? { ...note.best, parameters: vector('best') } : undefined,
    engine: note.engine,
  };
}

const ROOT = 'fine-tuning';

/** The checkpoints of trainings, a folder each; the newest whole one counts. */
export class FineTuningStore {
  constructor(private readonly store: FileStore) {}

  /** Keeps a state in place of the one before, which stays until the new one is whole. */
  async save(key: string, state: FineTuningState): Promise<void> {
    const folder = `${ROOT}/${key}`;
    const name = `${state.training.steps}.safetensors`;
    await writeFile(this.store, `${folder}/${name}`, writeFineTuningState(state));
    for (const other of await this.store.list(folder)) {
      if (other !== name) await this.store.remove(`${folder}/${other}`);
    }
  }

  async load(key: string): Promise<FineTuningState | undefined> {
    const folder = `${ROOT}/${key}`;
    const names = (await this.store.list(folder)).filter((name) => name.endsWith('.safetensors'));
    for (const name of names.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))) {
      try {
        return readFineTuningState((await readBytes(this.store, `${folder}/${name}`)) ?? new Uint8Array());
      } catch {
        // Cut off when the page was closed: the one before is still there.
      }
    }
    return undefined;
  }

  remove(key: string): Promise<void> {
    return this.store.remove(`${ROOT}/${key}`);
  }
}
