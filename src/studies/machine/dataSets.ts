/** Quotes of a study: where they come from, and what they were. */

import type { SimulatorSettings } from '../../quotes/market/simulatorSettings.ts';

/** Where quotes come from. */
export type DataSource =
  | { readonly kind: 'simulator'; readonly settings: SimulatorSettings }
  /** Files below the manifest's folder, in any format the page reads. */
  | { readonly kind: 'files'; readonly paths: readonly string[] };

/** One set of quotes. */
export interface DataSet {
  readonly id: string;
  readonly source: DataSource;
  /** What the sampled grids were (`hashGrid`); empty before the first run has pinned them. */
  readonly grids: readonly { readonly symbol: string; readonly stepMs: number; readonly sha256: string }[];
}
