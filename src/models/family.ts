/**
 * What an architecture has to say about itself: one value a reader can hold in mind. Everything else (weights' names and
 * shapes, dropout sites, parameter count) is read off the graph it builds, so that it is said once.
 */

import type { Answers, InferredConfig } from './checkpoints/inferredConfig.ts';
import type { Shapes } from './checkpoints/shapes.ts';
import type { UnreadTensors } from './checkpoints/unused.ts';
import type { FeatureName } from './features.ts';
import type { Graph } from './graph/builder.ts';
import type { KeyValueCache } from './layers/keyValueCache.ts';

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
  /** For models that read features instead of mids; absent: the model reads mids. */
  readonly reads?: FeatureReading;
}

/** What a model that reads features reads, and what its score means. */
export interface FeatureReading {
  /** The channels in their order; null where the config does not say. */
  readonly features: readonly FeatureName[] | null;
  /** The score is the log return over so many ticks, in units of its standard deviation in the context. */
  readonly targetTicks: number;
}

/** How many windows of how many channels a graph is built for. */
export interface BatchShape {
  readonly contexts: number;
  readonly channels: number;
  /** Values of each window, for families that read any length; absent: the context length. */
  readonly length?: number;
  /** True: every parameter variant reads windows of its own, as in a roll-out; graph inputs then begin with V, else 1. */
  readonly perVariant?: boolean;
  /** Which of a family's graphs, where it has several; absent: the forecast. Each family says what its parts are. */
  readonly part?: string;
  /** Steps ahead, for families that forecast any number in one pass. */
  readonly steps?: number;
  /** Paths followed side by side for each window, for families that sample. */
  readonly paths?: number;
  /** Values of a patch, for families with several sizes. */
  readonly patchLength?: number;
  /** True: batch norms use the statistics of the batch instead of the running ones. */
  readonly batchStatistics?: boolean;
}

/** Length of the leading axis of a graph's inputs. */
export function leadingAxis(g: Graph, { perVariant = false }: BatchShape): number {
  return perVariant ? Math.max(1, g.variants) : 1;
}

/** Values that stay on the device between passes, by the name of the graph input they are fed to. */
export type ForwardMemory = Map<string, { readonly dispose: () => void }>;

/** One forward pass: what the graph is built for, its inputs without masks, and names of outputs or labels wanted. */
export interface ForwardCall {
  readonly batch: BatchShape;
  readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly outputs: readonly string[];
  /** Where graph inputs that are not fed come from, and where what is remembered goes. */
  readonly memory?: ForwardMemory;
  /** Outputs or labels that are not returned but remembered: name → the graph input they will be fed to. */
  readonly remember?: Readonly<Record<string, string>>;
}

/** Frees what is remembered. */
export function forget(memory: ForwardMemory): void {
  for (const value of memory.values()) value.dispose();
  memory.clear();
}

/** Runs forward passes of one model under V parameter variants; whoever provides it keeps the sessions. */
export type Forward = (call: ForwardCall) => Promise<Readonly<Record<string, Float32Array>>>;

/** Switches of the official forecasting functions; a family ignores those it does not have. */
export interface OfficialOptions {
  /** Standardise each series beforehand and undo it at the end. */
  readonly normalise?: boolean;
  /** Forecast a moving average over this many values and the rest apart, and add. */
  readonly windowSize?: number;
  /** Forecasts of series without a negative value are cut at 0. */
  readonly truncateNegative?: boolean;
  /** Average the forecast with the mirrored forecast of the mirrored series. */
  readonly flipInvariance?: boolean;
  /** Take the spread of the quantiles from the long quantile head. */
  readonly continuousQuantiles?: boolean;
  /** Make quantiles monotone. */
  readonly fixCrossing?: boolean;
  /** Put the forecasts of the context's own patches before the forecast. */
  readonly backcast?: boolean;
  /** How a growing series is scaled: once, anew at every step, or each new token by itself; absent: once. */
  readonly renormalise?: 'once' | 'everyStep' | 'newestToken';
  /** Pad series to this many values; absent: the context length. */
  readonly paddedLength?: number;
  /** How a path of tokens goes on: drawn, the likeliest token, or the token of the expectation. */
  readonly decoding?: 'sample' | 'greedy' | 'expected';
  /** Paths drawn for each series, and the seed they are drawn with. */
  readonly samples?: number;
  readonly seed?: number;
  /** Values of a patch, for families with several sizes. */
  readonly patchLength?: number;
}

/** Series of any lengths to be forecast for any horizon, as the official forecasting functions are asked. */
export interface SeriesRequest {
  /** A missing value is NaN. */
  readonly series: readonly Float64Array[];
  readonly horizon: number;
  /** So many series, one after the other, are read together by families that mix them; absent: 1. */
  readonly variates?: number;
  /** V ≥ 1: parameter variants side by side; each goes on from its own forecast. */
  readonly variants: number;
  /** Frequency class of each series, for families that have such; absent: the finest. */
  readonly frequency?: readonly number[];
  readonly options?: OfficialOptions;
}

/** What a roll-out gives, in the series' units. */
export interface SeriesForecast {
  /** Q columns: `mean` or quantile levels. */
  readonly columns: readonly string[];
  readonly steps: number;
  /** [V, N, steps, Q] */
  readonly values: Float64Array;
  /** Which column is the official point forecast. */
  readonly point: number;
}

/** Windows scaled for a causal pass: each patch by what is known at its own end. */
export interface CausalTokens {
  /** Graph inputs, R windows of P patches. */
  readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
  /** [R, P] forecast made at a patch = scaled · scale + loc. */
  readonly loc: Float64Array;
  /** [R, P] */
  readonly scale: Float64Array;
}

/** A network whose forecast at a patch depends on that patch and earlier ones alone, scaling included. */
export interface CausalForm {
  readonly patchLength: number;
  /** Patches the model was trained on; no context is longer. */
  readonly mostPatches: number;
  /** Scales windows [R, P · patch]. */
  readonly tokens: (windows: Float64Array, rows: number, stepMs: number) => CausalTokens;
  /** Adds the pass over whole windows: an output `forecasts` [V, R, P, H] in scaled units. */
  readonly addSweep: (g: Graph, rows: number, patches: number) => void;
  /**
   * Adds the pass of one patch that looks at what `cache` keeps of earlier ones: inputs as those of a window of one patch,
   * but with its place in the window, an output `forecast` [V, R, 1, H].
   */
  readonly addStep: (g: Graph, rows: number, cache: KeyValueCache) => void;
  readonly heads: number;
  readonly headSize: number;
  readonly layers: number;
}

/** Sizes of a model that is to be trained from scratch. */
export interface FreshChoice {
  /** Channels of families that read features; the first is the series DA-RNN's decoder goes on with, and that one needs two at least. */
  readonly features: readonly FeatureName[];
  /** Ticks read. */
  readonly contextTicks: number;
  /** Ticks ahead: the score is the log return over so many, or so many mids are predicted. */
  readonly targetTicks: number;
  /** Width of hidden states and layers. */
  readonly hidden: number;
  /** Layers of those that are stacked. */
  readonly layers: number;
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
  /** The configuration of checkpoints whose official code keeps it in code, told from their tensors; undefined for tensors of others. */
  readonly infer?: (shapes: Shapes, answers: Answers) => InferredConfig | undefined;
  /** Names that the official code gives to one tensor, in groups: a file may hold any of them. */
  readonly tied?: (config: Config) => readonly (readonly string[])[];
  /** Tensors that its files may hold and its forecasts do not need. */
  readonly unread?: readonly UnreadTensors[];
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
  /**
   * Where the network is causal: one pass over a long window, and one patch at a time. Otherwise why its forecasts at different ticks cannot share a
   * pass, to follow "it cannot forecast with anchored contexts: ".
   */
  readonly causal: ((config: Config) => CausalForm) | string;
  /** The content of the `config.json` of a new one, in the keys of the family's checkpoints, for families that are trained from scratch on the page. */
  readonly freshConfig?: (choice: FreshChoice) => Readonly<Record<string, unknown>>;
  /** The official forecasting function, for any horizon: one forward pass after another. */
  readonly rollOut?: (config: Config, request: SeriesRequest, forward: Forward) => Promise<SeriesForecast>;
}
