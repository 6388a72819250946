/** What the risk-return plane shows, as plain data; made from a study's results, drawn by `PlanePlot`. */

/** One configuration. Both coordinates in bps a day. */
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
  /** What σ is, for the axis: "priced σ, √(σ² − σ²MC)". */
  readonly sigmaLabel: string;
}
