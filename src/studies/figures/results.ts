/** The results of a whole study as plain JSON: what the Explore page shows, what is exported, and what is compared when a study is run again. */

import type { FitOutcome, PricedRisk } from '../../marketLine/marketLineFits.ts';
import type { MarketLineSummary } from '../../marketLine/marketLineResult.ts';
import type { NaiveLine } from '../../marketLine/naiveLines.ts';
import type { ReturnPeriod } from '../../marketLine/periods.ts';
import type { SlopeIntervals } from '../../marketLine/slopeIntervals.ts';
import type { ModelCard, Precision, Provider } from '../../models/types.ts';
import type { Difference } from '../../runs/repair.ts';
import type { StrategyConfig } from '../../strategy/config.ts';
import type { StudyManifest } from '../machine/studyManifest.ts';

export const RESULTS_VERSION = 3;

export interface StudyResults {
  readonly resultsVersion: typeof RESULTS_VERSION;
  /** With all hashes. */
  readonly manifest: StudyManifest;
  readonly provider: Provider;
  readonly models: readonly ModelEntry[];
  /** In the order of the manifest. */
  readonly figures: readonly Figure[];
  /** What was not as the manifest says. */
  readonly differences: readonly Difference[];
  /** Measured where the study was computed: not part of what must come out the same. */
  readonly device: DeviceMeasure | null;
}

export interface ModelEntry
  extends Pick<ModelCard, 'name' | 'family' | 'title' | 'parameters' | 'contextLength' | 'horizon'> {
  readonly kind: 'foundation' | 'baseline';
  readonly precision: Precision;
}

export interface DeviceMeasure {
  /** For people. */
  readonly description: string;
  /** Milliseconds that a single forecast of a model takes, by name. */
  readonly latencyMs: Readonly<Record<string, number>>;
}

export type Figure = MarketLineFigure | LeadLagFigure | ScalingFigure | DecayFigure | BeyondFigure;

/** One configuration of one model; figures of a return period, in bps. */
export interface CloudPoint {
  readonly index: number;
  readonly meanBps: number;
  readonly grossBps: number;
  readonly sigmaBps: Readonly<Record<PricedRisk, number>>;
  /** Annual. */
  readonly sharpe: number | null;
  readonly tradesPerPeriod: number;
  readonly hitRate: number | null;
  readonly holdingTicks: number | null;
  readonly traded: boolean;
  /** [P] net, mean over the variants; to a thousandth of a bp. */
  readonly returnsBps: readonly number[];
}

export interface ModelCloud {
  readonly model: string;
  /** [C] */
  readonly points: readonly CloudPoint[];
  readonly fits: Readonly<Record<PricedRisk, FitOutcome>>;
  readonly intervals: SlopeIntervals;
  /** Of the configurations in which σ²_MC exceeds the deterministic model's σ². */
  readonly exceedsDeterministicCount: number;
  /** Forecasts that are no finite numbers, by variant; absent: there are none. */
  readonly notFinite?: MarketLineSummary['notFinite'];
  readonly warnings: readonly string[];
}

export interface MarketLineFigure {
  readonly kind: 'market-line';
  readonly symbols: readonly string[];
  readonly period: ReturnPeriod;
  /** [P] names. */
  readonly periods: readonly string[];
  readonly variants: number;
  readonly configs: readonly StrategyConfig[];
  readonly riskFreePerPeriod: number;
  readonly periodsPerYear: number;
  readonly clouds: readonly ModelCloud[];
  /** On the schedule of the first model. */
  readonly naive: readonly NaiveLine[];
}

/** A statistic with a 95 % interval; bounds are null where there is none. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface LeadLagFigure {
  readonly kind: 'lead-lag';
  readonly lags: readonly number[];
  readonly curves: readonly {
    readonly model: string;
    readonly data: string;
    readonly stepMs: number;
    /** [lags] mean over assets. */
    readonly correlations: readonly Estimate[];
    /** Forecasts behind it, all assets together. */
    readonly forecasts: number;
    readonly days: number;
    /** Of a model fine-tuned every week: how many weeks came too early for it. Null: the checkpoint as it is. */
    readonly tuned: { readonly weeksAsItWas: number } | null;
  }[];
}

export interface ScalingFigure {
  readonly kind: 'scaling';
  /** Delays from decision to fill that were tried, in ticks. */
  readonly delaysTicks: readonly number[];
  readonly sizes: readonly {
    readonly model: string;
    readonly stepMs: number;
    readonly parameters: number;
    readonly precision: Precision;
    /** Of the configurations that trade; null where none does. */
    readonly centroid: { readonly sigmaBps: number; readonly meanBps: number } | null;
    /** [delays] net, annual: the median over configurations that trade; null where none does. */
    readonly sharpeByDelay: readonly (number | null)[];
  }[];
}

export interface DecayFigure {
  readonly kind: 'decay';
  readonly model: string;
  readonly windowWeeks: number;
  /** The checkpoint as it is; then, where the study asks for it, the model fine-tuned anew every week. */
  readonly courses: readonly DecayCourse[];
  /** Of those whose weeks are told: by the same measure, what a forecaster has who knows what was planted; null where the data are no simulation. */
  readonly planted: {
    /** Of the strength of the signal; null where it lasts. */
    readonly halfLifeWeeks: number | null;
    /** Of its correlation with what follows, in the same weeks. */
    readonly correlationHalfLifeWeeks: Estimate;
    readonly weekly: readonly WeeklyCorrelation[];
  } | null;
  readonly releases: readonly { readonly name: string; readonly day: string }[];
  readonly pretrainedUntil: string | null;
  /** Windows and weeks that are missing, and why: whole sentences. */
  readonly skipped: readonly string[];
}

export interface WeeklyCorrelation {
  /** Monday. */
  readonly week: string;
  /** Of surprise and what followed, mean over assets. */
  readonly correlation: number | null;
}

/** A model through the weeks. */
export interface DecayCourse {
  readonly renewal: 'zero-shot' | 'fine-tuned weekly';
  /** Ending weeks of windows; annual Sharpe ratios. */
  readonly windows: readonly {
    /** Monday of the last week. */
    readonly week: string;
    /** SR_θ: slope through the risk-free rate on the priced risk of the paper's equation. */
    readonly bound: Estimate;
    /** SR_θs: each week the configuration that was best over the window before it. */
    readonly observed: Estimate;
    readonly gap: Estimate;
    /** SR_θ of a forecaster that knows the planted signal; null where the data are no simulation. */
    readonly planted: number | null;
  }[];
  readonly weekly: readonly WeeklyCorrelation[];
  /** Weeks after which half of that correlation is left; null where it does not fade. */
  readonly halfLifeWeeks: Estimate;
}

export interface BeyondFigure {
  readonly kind: 'beyond';
  /** Points for the plane, in bps a day; risk is the priced σ. */
  readonly ensembles: readonly {
    readonly name: 'forecasts' | 'returns';
    readonly centroid: { readonly sigmaBps: number; readonly meanBps: number };
    /** Change of priced σ against the mean of the members, bps a day, over the same configurations. */
    readonly sigmaShift: Estimate;
    readonly meanShift: Estimate;
  }[];
  readonly members: readonly { readonly model: string; readonly sigmaBps: number; readonly meanBps: number }[];
  readonly sharedRisk: {
    readonly models: readonly string[];
    /** [M][M] of daily returns, mean over configurations. */
    readonly returns: readonly (readonly (number | null)[])[];
    /** [M][M] of surprises at the same ticks, mean over assets. */
    readonly surprises: readonly (readonly (number | null)[])[];
    /** Of the correlation of returns, as shares, descending. */
    readonly componentShares: readonly number[];
    /** Correlation of the first component with the market's daily return. */
    readonly firstAgainstMarket: number | null;
  };
  /** What could not be had, and why. */
  readonly notes: readonly string[];
  readonly portfolios: readonly {
    readonly model: string;
    readonly weights: 'equal' | 'inverse variance' | 'mean-variance, shrunk';
    /** Mean over configurations. */
    readonly sigmaBps: number;
    readonly meanBps: number;
    readonly sharpe: number | null;
  }[];
}

/** The figure of a kind, if the study has it. */
export function figureOf<Kind extends Figure['kind']>(
  results: Pick<StudyResults, 'figures'>,
  kind: Kind,
): Extract<Figure, { kind: Kind }> | undefined {
  return results.figures.find((figure): figure is Extract<Figure, { kind: Kind }> => figure.kind === kind);
}

/** Whether all quotes of a study come from the simulator, with what was planted in them. */
export function isSimulated({ manifest }: Pick<StudyResults, 'manifest'>): boolean {
  return manifest.data.every(({ source }) => source.kind === 'simulator');
}
