/** From places in the quotes to what a trainer is fed: seeded training batches, and windows spread evenly for measuring. */

import { RandomStream } from '../../core/random.ts';
import { nextTask } from '../../core/yielding.ts';
import { drawMasks } from '../../models/dropout.ts';
import { Graph } from '../../models/graph/builder.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import { settleStatistics } from '../batchStatistics.ts';
import type { Trainer } from '../trainer.ts';
import { type ForecastComparison, scoreForecasts } from './comparison.ts';
import type { PreparedFineTuning } from './prepare.ts';
import { columnsOf, type QuoteWindow, type WindowPlace, type WindowSet } from './quoteWindows.ts';
import type { Role } from './walkForward.ts';

/** Windows that a validation, and a comparison, read at most. */
const VALIDATED_WINDOWS = 512;
const COMPARED_WINDOWS = 2048;
/** Batches that running statistics are taken over. */
const SETTLED_BATCHES = 8;

export class Batches {
  private readonly columns: readonly ReturnType<typeof columnsOf>[];
  private readonly sites: Graph['sites'];

  constructor(private readonly prepared: PreparedFineTuning) {
    this.columns = prepared.grids.map(columnsOf);
    const graph = new Graph();
    prepared.task.architecture.addTo(graph, prepared.task.shape);
    this.sites = graph.sites;
  }

  /** The batch of a step: a function of the seed and the step alone, so that resuming needs no memory of earlier ones. */
  at(step: number, { places, shape }: WindowSet<'training'>): Feeds {
    const { settings, objective } = this.prepared;
    const stream = new RandomStream(settings.trainingSeed, 'fine-tuning batch', step);
    const drawn = Array.from(
      { length: settings.batchSize },
      () => places[Math.floor(stream.uniform() * places.length)]!,
    );
    const feeds = objective.feeds(drawn.map((place) => this.window(place, shape)));
    if (settings.dropoutRate === 0) return feeds;
    const masks = { dropoutRate: settings.dropoutRate, seed: settings.trainingSeed, dropoutSites: 'all' } as const;
    // Variant 0 is the deterministic model, so training draws its masks from 1 on.
    return { ...feeds, ...drawMasks(this.sites, step + 1, 1, masks) };
  }

  async meanLoss(trainer: Trainer, set: WindowSet<'validation'>): Promise<number> {
    let sum = 0;
    const batches = this.spread(set, VALIDATED_WINDOWS);
    for (const batch of batches) {
      sum += await trainer.loss(this.prepared.objective.feeds(batch));
      await nextTask();
    }
    return sum / batches.length;
  }

  /** Trained parameters as forecasts are to read them: with the running statistics of training windows, where there are batch norms. */
  settled(parameters: Float32Array): Promise<Float32Array> {
    const { model, task, training, settings, objective } = this.prepared;
    if (!task.shape.batchStatistics) return Promise.resolve(parameters);
    const batches = this.spread(training, SETTLED_BATCHES * settings.batchSize);
    const feeds = batches.map((windows) => objective.prepare(windows).feeds);
    return settleStatistics(model.architecture, task.layout, parameters, feeds, settings.batchSize);
  }

  /** Forecasts of windows that are never trained on, against what came and against persistence. */
  async compare(trainer: Trainer, set: WindowSet<'backtest'>): Promise<ForecastComparison | undefined> {
    if (set.places.length === 0) return undefined;
    const pairs: { predicted: Float64Array; windows: readonly QuoteWindow[] }[] = [];
    for (const windows of this.spread(set, COMPARED_WINDOWS)) {
      const { feeds, finish } = this.prepared.objective.prepare(windows);
      pairs.push({ predicted: finish(await trainer.forecast(feeds)), windows });
      await nextTask();
    }
    return scoreForecasts(pairs);
  }

  /** Whole batches of windows, evenly spread over the set; a set smaller than a batch is gone through again. */
  private spread<R extends Role>({ places, shape }: WindowSet<R>, most: number): QuoteWindow[][] {
    const { batchSize } = this.prepared.settings;
    const count = Math.max(1, Math.floor(Math.min(most, places.length) / batchSize));
    const total = count * batchSize;
    return Array.from({ length: count }, (_, b) =>
      Array.from({ length: batchSize }, (_, i) => {
        const at = b * batchSize + i;
        const index = places.length < total ? at % places.length : Math.floor((at * places.length) / total);
        return this.window(places[index]!, shape);
      }),
    );
  }

  window({ asset, tick }: WindowPlace, { ahead, model }: WindowSet<Role>['shape']): QuoteWindow {
    return this.prepared.read(this.columns[asset]!, tick, ahead, model);
  }
}
