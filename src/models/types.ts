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
}

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
