/**
 * What an architecture has to say about itself: one value a reader can hold in mind. Everything else (weights' names and
 * shapes, dropout sites, parameter count) is read off the graph it builds, so that it is said once.
 */

import type { Graph } from './graph/builder.ts';

/** Windows of past values, all of one length: what a forecaster is asked about. */
export interface ContextBatch {
  /** [N, L, C] row-major, in the series' own units. */
  readonly values: Float64Array;
  readonly contexts: number;
  readonly length: number;
  readonly channels: number;
  /** [N, L, C] 1 where observed, 0 where missing (its value is then ignored by the scaling); absent: all observed. */
  readonly observed?: Uint8Array;
  /** Time between values in milliseconds, for models that are told the frequency. */
  readonly stepMs?: number;
}

/** Graph inputs of a batch, and what `finish` needs to undo the scaling. */
export interface PreparedBatch<Scaling> {
  readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly scaling: Scaling;
}

/** Shape of a model, for people and for planning. */
export interface ModelShape {
  readonly contextLength: number;
  /** Steps of one forward pass. */
  readonly horizon: number;
  /** Series read together; models whose channels are independent take any number and say 1. */
  readonly channels: number;
}

/** How many windows of how many channels a graph is built for. */
export interface BatchShape {
  readonly contexts: number;
  readonly channels: number;
}

/** One architecture. `Config` is its validated configuration, `Scaling` what un-scaling a forecast needs. */
export interface Family<Config, Scaling> {
  readonly id: string;
  readonly title: string;
  /** Where the architecture is published. */
  readonly paper: string;
  /** True for a `config.json` of this family. */
  readonly recognises: (json: Readonly<Record<string, unknown>>) => boolean;
  /** Checks a `config.json`. @throws UserError naming the field. */
  readonly parseConfig: (json: unknown, where: string) => Config;
  readonly shape: (config: Config) => ModelShape;
  /**
   * Adds the architecture to a graph: inputs as `prepare` feeds them, weights under their official names, dropout sites
   * where the layers are, one output `forecast` [V, N, C, H] in scaled units.
   */
  readonly graph: (g: Graph, config: Config, batch: BatchShape) => void;
  /** Scales contexts in float64 and lays them out as graph inputs. */
  readonly prepare: (config: Config, batch: ContextBatch) => PreparedBatch<Scaling>;
  /** `forecast` [V, N, C, H] → [V, N, H, C] in the contexts' units, in float64. */
  readonly finish: (config: Config, forecast: Float32Array, scaling: Scaling) => Float64Array;
}
