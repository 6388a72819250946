/** What the rest of the program knows about models: cards, settings, services. Plain data and interfaces only. */

import type { Forecasts, Grid, OnProgress } from '../core/types.ts';

/** A checkpoint as the user has it: two files' contents. */
export interface CheckpointFiles {
  /** For people: a file or folder name, or `embedded`. */
  readonly name: string;
  /** The text of `config.json`. */
  readonly configJson: string;
  /** The bytes of `model.safetensors`. */
  readonly weights: Uint8Array;
  /** The bytes of `posterior.safetensors`, where there is one. */
  readonly posterior?: Uint8Array;
}

/** One file of a checkpoint; a blob is read where it is used, in the worker. */
export interface CheckpointFile {
  /** Name, or path below the checkpoint's folder. */
  readonly path: string;
  readonly data: Uint8Array | Blob;
  /** What it was when it was kept, lower-case hex: a file that has become another is not opened. */
  readonly sha256?: string;
}

/** A checkpoint as it lies in a folder: any of the formats that can be read. */
export interface CheckpointFolder {
  /** Name for people. */
  readonly name: string;
  /** The text of `config.json`; absent where the checkpoint comes without one (TimesFM 1.0 and 2.0 of PyTorch). */
  readonly configJson?: string;
  /** Weights: one file, or shards with their index; or a `.onnx` file with its data files. */
  readonly files: readonly CheckpointFile[];
  /** How a `.onnx` forecaster is fed and read; absent: as its inputs and outputs suggest. */
  readonly mapping?: OnnxMapping;
}

/** How a `.onnx` forecaster is fed, and how its output is read. */
export interface OnnxMapping {
  /** The input that takes the context. */
  readonly input: string;
  /** Values of the context. */
  readonly contextLength: number;
  /** `none`: the graph scales for itself; `standardise`: less the mean, over the standard deviation; `meanAbsolute`: over the mean magnitude. */
  readonly scaling: 'none' | 'standardise' | 'meanAbsolute';
  /** What every other input is filled with. */
  readonly fill: Readonly<Record<string, number>>;
  readonly output: string;
  /** Axis of the output that runs over future steps (negative: from the end). */
  readonly stepAxis: number;
  /** Index taken along every other axis but the batch's: a quantile, a channel. */
  readonly index: number;
}

/** How the weights of a model's matrices are stored in a session. */
export type Precision = 'f32' | 'f16' | 'int8' | 'int4';

/** What fewer bits cost and save. */
export interface PrecisionReport {
  readonly precision: Precision;
  /** Bytes of the weights in a session, and in float32. */
  readonly weightBytes: number;
  readonly fullBytes: number;
  /** Root mean square difference of forecasts, relative to how far the float32 forecasts move; undefined where not measured. */
  readonly error: number | undefined;
  /** Why it was not measured. */
  readonly notMeasured?: string;
}

/** Which axis a dropout mask acts along. */
export type SiteAxis = 'feature' | 'patch' | 'channel';

/** A place in a model where a feature-wise dropout mask is multiplied onto the last axis. */
export interface DropoutSite {
  readonly name: string;
  /** Length of the mask. */
  readonly size: number;
  readonly axis: SiteAxis;
}

/** A loaded model, described for people and manifests. */
export interface ModelCard {
  readonly name: string;
  /** Family id, for instance `ttm`. */
  readonly family: string;
  /** Family title, for instance `Tiny Time Mixers`. */
  readonly title: string;
  /** Ticks of context the model reads. */
  readonly contextLength: number;
  /** Ticks ahead the model predicts. */
  readonly horizon: number;
  /** Series read together; 1 where channels are independent. */
  readonly channels: number;
  readonly parameters: number;
  /** SHA-256 of the weights file, lower-case hex. */
  readonly weightsSha256: string;
  /** SHA-256 of the config file, lower-case hex. */
  readonly configSha256: string;
  /** The `__metadata__` of the weights file (seed, corpus, scores … for embedded checkpoints). */
  readonly metadata: Readonly<Record<string, string>>;
  readonly sites: readonly DropoutSite[];
  /** Where variants can be drawn from a posterior that lies beside the weights. */
  readonly posterior?: PosteriorKind;
  /** How matrices are stored, where they were rounded after the checkpoint was opened. */
  readonly precision?: Exclude<Precision, 'f32'>;
  /** Where contexts can be anchored: ticks of a patch, and how many patches the model reads at most. */
  readonly causal?: { readonly patchLength: number; readonly mostPatches: number };
  /** What was assumed or left out when the checkpoint was opened: whole sentences, for people. */
  readonly notes?: readonly string[];
  /** What the files do not tell about the architecture, and what was taken. */
  readonly questions?: readonly ConfigQuestion[];
}

/** A field of the configuration that a checkpoint without `config.json` leaves open. */
export interface ConfigQuestion {
  readonly field: string;
  readonly question: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The option taken. */
  readonly taken: string;
}

/** A posterior over weights: by the trajectory of training (SWAG), or by the curvature of the loss at the head (Laplace). */
export type PosteriorKind = 'swag' | 'laplace';

/** What executes the graphs. */
export type Provider = 'webgpu' | 'wasm';

export interface BackendInfo {
  readonly provider: Provider;
  /** WASM threads in use (1 where WebGPU executes). */
  readonly threads: number;
  /** GPU vendor and architecture, where WebGPU executes. */
  readonly adapter?: string;
  /** Why a wished-for provider is not the one in use. */
  readonly fallbackReason?: string;
}

/** How forecasts are made; every field is part of a study's manifest. */
export interface ForecastSettings {
  /** K: dropout variants beside the deterministic model. */
  readonly variants: number;
  /** p: probability that a feature is dropped, in [0, 1). */
  readonly dropoutRate: number;
  /** Seed of the dropout masks. */
  readonly seed: number;
  /** `all` sites, or only those that act along features (patch and channel mixers left alone). */
  readonly dropoutSites: 'all' | 'features';
  /** A forecast every `strideTicks` ticks; it holds until the next one in the same session. */
  readonly strideTicks: number;
  /** The predicted mid is the mean of the first `horizonTicks` predicted mids; null: of all the model predicts. */
  readonly horizonTicks: number | null;
  /** `normalised`: log-mid less its last value, over std of one-step changes times √L; `raw`: mids as they are. */
  readonly inputTransform: 'normalised' | 'raw';
  /** A fresh mask for every forecast instead of one for the whole grid; the variants then disagree as noise, not as models. */
  readonly freshMasks?: boolean;
  /** Variants are drawn from the model's posterior instead of dropout masks. */
  readonly posterior?: boolean;
  /** Contexts of growing length whose starts are anchored, for causal models; absent: a fixed context of the model's length. */
  readonly anchored?: AnchorSettings;
}

/** How long an anchored context is at least and at most, in patches. */
export interface AnchorSettings {
  readonly leastPatches: number;
  /** Absent: as many as the model was trained on. */
  readonly mostPatches?: number;
}

/** What a forecasting run will be, known before it starts. */
export interface ForecastPlan {
  /** Ticks at which forecasts are made. */
  readonly contexts: number;
  /** Forward passes: contexts × (variants + 1). */
  readonly forwardPasses: number;
}

/** One loaded model, ready to forecast. The page talks to a worker through this; tests and scripts use it directly. */
export interface Forecaster {
  readonly card: ModelCard;
  readonly backend: BackendInfo;
  /** Seconds one forward pass takes on this device, from a short measurement with these settings. */
  measure(settings: ForecastSettings): Promise<number>;
  /**
   * Predicted mids [K+1, T] of one grid. `onProgress` counts forward passes.
   * Rejects with an AbortError within one batch (about 200 ms) of the signal.
   */
  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts>;
  /** Frees the sessions. */
  release(): Promise<void>;
}
