/** What is said of a model's forecasts without any strategy (docs/statistics.md): types of one series and of a model over its assets. */

/** Nine deciles of a forecast. */
export const decileLevels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** One model on one asset: a row a forecast, in the order of time. NaN is missing. */
export interface ForecastSeries {
  readonly model: string;
  readonly asset: string;
  /** [n] any number that is the same within a day, ascending */
  readonly day: ArrayLike<number>;
  /** [n] predicted move over the horizon, bps */
  readonly surpriseBps: ArrayLike<number>;
  /** [n] the move that came, bps */
  readonly realisedBps: ArrayLike<number>;
  /** [n, 9] row-major predicted deciles of the move; null where a model has none */
  readonly quantilesBps: ArrayLike<number> | null;
}

/** Why a figure is not there. */
export type Reason =
  | 'too-few-rows'
  | 'no-quantiles'
  | 'constant-surprise'
  | 'constant-realised'
  | 'nothing-moved'
  | 'no-surprise'
  | 'no-variance-of-difference'
  | 'variance-not-positive';

export interface Coefficient {
  readonly value: number;
  /** By Newey & West, of the slope of one on the other. */
  readonly t: number;
}

export interface DailyCoefficient {
  readonly days: number;
  /** Days with fewer than three rows or without variance. */
  readonly skipped: number;
  readonly mean: number | null;
  readonly stdev: number | null;
  readonly lag: number | null;
  readonly stdErr: number | null;
  readonly t: number | null;
}

/** realised = intercept + slope·surprise (Mincer & Zarnowitz 1969): 0 and 1 are an unbiased forecast. */
export interface MincerZarnowitz {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptStdErr: number;
  readonly slopeStdErr: number;
  readonly interceptT: number;
  readonly slopeTZero: number;
  readonly slopeTOne: number;
  /** Wald test of (0, 1), χ² with two degrees of freedom. */
  readonly waldUnbiased: number;
  readonly waldPValue: number;
  readonly r2: number;
}

export interface LossStatistic {
  readonly lag: number;
  readonly statistic: number | null;
  readonly pValue: number | null;
  readonly reason?: Reason;
}

/** Mean of loss(price stays) − loss(model): above 0 the model is better. */
export interface DieboldMariano {
  readonly rows: number;
  readonly meanDifference: number;
  readonly horizon: number;
  /** Harvey, Leybourne & Newbold's (1997); NaN where it does not exist. */
  readonly factor: number;
  /** The textbook's, treacherous where forecasts overlap: shown nowhere. */
  readonly rectangular: LossStatistic;
  readonly bartlett: LossStatistic;
}

/** The price that stays is nested in the model (Clark & West 2007); one-sided. */
export interface ClarkWest {
  readonly mean: number;
  readonly stdErr: number;
  readonly t: number;
  readonly pValue: number;
}

export interface Coverage {
  readonly low: number;
  readonly high: number;
  readonly nominal: number;
  readonly empirical: number;
  readonly stdErr: number;
  /** Against nominal; null where every row is a hit, or none is. */
  readonly t: number | null;
  readonly meanWidth: number;
  readonly intervalScore: number;
}

export interface QuantileEvaluation {
  readonly rows: number;
  readonly pinball: { readonly perLevel: readonly number[]; readonly mean: number; readonly priceStays: number };
  /** Twice the mean pinball loss of the deciles: tails beyond 10 and 90 % are not seen. */
  readonly crps: number;
  readonly crpsPriceStays: number;
  readonly crpsSkill: number | null;
  readonly coverage: readonly Coverage[];
  readonly pit: { readonly counts: readonly number[]; readonly chiSquare: number; readonly pValue: number };
  /** Neighbouring quantiles in the wrong order, and rows with one. */
  readonly crossings: { readonly pairs: number; readonly rows: number };
}

export interface SeriesEvaluation {
  readonly rows: number;
  readonly pointRows: number;
  readonly pointDropped: number;
  readonly quantileRows: number;
  readonly quantileDropped: number;
  readonly lag: number | null;
  readonly ic: { readonly pearson: Coefficient; readonly spearman: Coefficient } | null;
  readonly dailyIc: { readonly pearson: DailyCoefficient; readonly spearman: DailyCoefficient } | null;
  readonly mincerZarnowitz: MincerZarnowitz | null;
  /** Against "the price stays". */
  readonly outOfSampleR2: number | null;
  readonly dieboldMariano: { readonly squared: DieboldMariano; readonly absolute: DieboldMariano } | null;
  readonly clarkWest: ClarkWest | null;
  readonly quantiles: QuantileEvaluation | null;
  /** By the name of the figure that is null. */
  readonly reasons: Readonly<Record<string, Reason>>;
}

/** A model over all its assets: rows stacked, errors clustered by day. */
export interface ModelEvaluation {
  readonly model: string;
  readonly days: number;
  readonly rows: number;
  readonly lag: number | null;
  readonly mincerZarnowitz: MincerZarnowitz | null;
  readonly outOfSampleR2: number | null;
  readonly dieboldMariano: { readonly squared: DieboldMariano; readonly absolute: DieboldMariano } | null;
  readonly icMeanOverAssets: {
    readonly assets: number;
    readonly pearson: number | null;
    readonly spearman: number | null;
  };
  readonly crps: number | null;
  readonly crpsPriceStays: number | null;
}
