/** The models of a whole study, opened one after the other in the model worker, and fine-tuned in the training worker. */

import type { Grid } from '../../src/core/types.ts';
import { describeBackend } from '../../src/models/backend.ts';
import type { Forecaster, Provider } from '../../src/models/types.ts';
import type { StudyModel } from '../../src/studies/machine/studyManifest.ts';
import type { CheckpointSourceOf, StudyMachine } from '../../src/studies/service.ts';
import type { FineTuneSettings } from '../../src/training/fineTuning/settings.ts';
import { type CheckpointSource, ModelEngine, type ReadyModel } from '../model/client.ts';
import { TrainingEngine } from '../training/client.ts';

export class StudyModels implements StudyMachine {
  private readonly engine = new ModelEngine();
  private readonly training = new TrainingEngine();
  private opened: { readonly name: string; readonly ready: ReadyModel } | undefined;

  /**
   * @param provider decided once: results of two back ends are not the same to the bit
   * @param sourceOf @throws UserError where a checkpoint is missing
   */
  constructor(
    private readonly provider: Provider,
    private readonly sourceOf: CheckpointSourceOf,
  ) {}

  /** For people: what executes the models, and how many cores there are. */
  readonly describeDevice = (): string => {
    const backend = this.opened?.ready.backend;
    return `${backend ? describeBackend(backend) : this.provider}, ${navigator.hardwareConcurrency} cores`;
  };

  /** The next model is opened anew, whatever its name. */
  forget(): void {
    this.opened = undefined;
  }

  readonly open = async (model: StudyModel): Promise<Forecaster> => {
    if (this.opened?.name !== model.name) await this.load(model.name, await this.sourceOf(model), model);
    return this.forecaster();
  };

  readonly tune = async (
    model: StudyModel,
    grids: readonly Grid[],
    settings: FineTuneSettings,
    signal = new AbortController().signal,
  ): Promise<Forecaster> => {
    const source = await this.sourceOf(model);
    const request = { source, answers: {}, grids, settings, preference: this.provider } as const;
    const { files } = await this.training.run('graph', request, () => {}, signal);
    await this.load(`${model.name}, tuned`, files, model);
    return this.forecaster();
  };

  private async load(name: string, source: CheckpointSource, { precision }: StudyModel): Promise<void> {
    this.opened = undefined;
    this.opened = { name, ready: await this.engine.load(source, this.provider, { precision }) };
  }

  private forecaster(): Forecaster {
    const { card, backend } = this.opened!.ready;
    return {
      card,
      backend,
      measure: (settings) => this.engine.measure(settings),
      forecast: (...request) => this.engine.forecast(...request),
      release: async () => {},
    };
  }
}
