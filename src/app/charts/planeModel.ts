/** What the risk-return plane shows, as plain data; made from a study's results, drawn by `PlanePlot`. */

import type { MarkerStyle } from './marker.ts';

/** One configuration. Both coordinates in bps a return period. */
export interface PlanePoint {
  /** Index of the configuration in the study. */
  readonly config: number;
  readonly sigmaBps: number;
  readonly meanBps: number;
}

/** The fitted line at one σ, with its confidence band there. */
export interface BandPoint {
  readonly sigmaBps: number;
  readonly meanBps: number;
  readonly lowBps: number;
  readonly highBps: number;
}

export interface PlaneModel {
  readonly points: readonly PlanePoint[];
  /** Ascending in σ; empty where no line could be fitted. */
  readonly line: readonly BandPoint[];
  readonly riskFreeBps: number;
  /** What returns are of, for the axes: 'a day'. */
  readonly each: string;
  /** What σ is, for the axis: "priced σ, √(σ² − σ²MC)". */
  readonly sigmaLabel: string;
  /** How the points are drawn; absent: as plain points. */
  readonly marker?: MarkerStyle;
  /** Where most of the points lie: corners of a closed line. */
  readonly outline?: readonly PlanePosition[];
  /** Clouds to compare with, drawn behind the points. */
  readonly others?: readonly PlaneCloud[];
  /** Lines from the risk-free rate. */
  readonly rays?: readonly PlaneRay[];
}

/** In bps a return period. */
export interface PlanePosition {
  readonly sigmaBps: number;
  readonly meanBps: number;
}

/** The configurations of another run. */
export interface PlaneCloud {
  readonly name: string;
  readonly marker: MarkerStyle;
  readonly points: readonly PlanePosition[];
  /** Its fitted line; empty where there is none. */
  readonly line: readonly PlanePosition[];
  readonly outline: readonly PlanePosition[];
}

/** A line from the risk-free rate through a portfolio, which is marked. */
export interface PlaneRay extends PlanePosition {
  readonly kind: 'tangential' | 'leak' | 'market';
  readonly name: string;
}
