/**
 * Draws of days, or of days and masks together (Owen 2007), of a cloud: every figure of its lines with its errors, draw by draw, and
 * the studentised intervals made of them. Days alone take the K masks for all there are; a difference that lasts between masks is then
 * no error, however many days there are.
 */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import type { OnProgress } from '../../core/types.ts';
import { nextTask } from '../../core/yielding.ts';
import { lineFigures } from '../lines/lineFigures.ts';
import { quantileOfDraws } from '../moments/moments.ts';
import { resamplingP } from '../moments/pValues.ts';
import { sumOfSquares } from '../moments/statistics.ts';
import { automaticBlockLength } from './blockLength.ts';
import { FEWEST_PERIODS } from './bootstrap.ts';
import type { Interval } from './bootstrapInterval.ts';
import { type OrderOf, orderedDraws, type PeriodScheme } from './dayResampling.ts';
import { figureAt, MaskCloud, type MaskPanel, type SampleFigures, type SigmaForm, sigmaForms } from './maskCloud.ts';

/** What is drawn anew. */
export type Resampled = 'days' | 'twoWay';

/** Draws of one kind. Arrays [B] by figure, as `figureAt` numbers them; NaN where a draw determines nothing. */
export interface CloudDraws {
  readonly resampled: Resampled;
  readonly count: number;
  readonly estimates: readonly Float64Array[];
  /** √(error over days² + error over masks²), the latter 0 for days. */
  readonly errors: readonly Float64Array[];
  /** [forms][B] points without a σ. */
  readonly undefinedPoints: readonly Int32Array[];
}

/** The data themselves, to which draws are compared. */
export interface CloudEstimate {
  readonly figures: SampleFigures;
  readonly panel: MaskPanel;
}

/** With more draws without a value than this share, the rest would be a selection. */
export const MOST_UNDEFINED = 0.05;

/** Room for the draws of one kind. */
function emptyDraws(resampled: Resampled, count: number): CloudDraws {
  const figures = sigmaForms.length * lineFigures.length;
  const column = () => new Float64Array(count).fill(Number.NaN);
  return {
    resampled,
    count,
    estimates: Array.from({ length: figures }, column),
    errors: Array.from({ length: figures }, column),
    undefinedPoints: sigmaForms.map(() => new Int32Array(count)),
  };
}

/** Computes draws of a cloud, some at a time. */
export class CloudDrawer {
  readonly draws: CloudDraws;
  private readonly everyMask: Int32Array;

  constructor(
    private readonly cloud: MaskCloud,
    resampled: Resampled,
    count: number,
    private readonly orderOf: OrderOf,
    private readonly masksOf: (b: number) => Int32Array,
    private readonly forms: readonly SigmaForm[] = sigmaForms,
  ) {
    this.draws = emptyDraws(resampled, count);
    this.everyMask = Int32Array.from({ length: cloud.panel.variants }, (_, k) => k);
  }

  draw(b: number): void {
    const { draws, cloud, forms } = this;
    const twoWay = draws.resampled === 'twoWay';
    const masks = twoWay ? this.masksOf(b) : this.everyMask;
    const sample = cloud.sample(this.orderOf(b), masks, forms, twoWay);
    for (const form of forms) {
      draws.undefinedPoints[sigmaForms.indexOf(form)]![b] = sample.undefinedPoints[sigmaForms.indexOf(form)]!;
      for (const figure of lineFigures) {
        const at = figureAt(form, figure);
        draws.estimates[at]![b] = sample.estimates[at]!;
        draws.errors[at]![b] = Math.hypot(sample.dayErrors[at]!, sample.maskErrors[at]!);
      }
    }
  }
}

/** Sample standard deviation of the finite draws. */
export function drawError(draws: Float64Array): number {
  const finite = draws.filter(Number.isFinite);
  return Math.sqrt(sumOfSquares(finite) / (finite.length - 1));
}

/** Quantiles of the finite draws. */
export function percentileInterval(draws: Float64Array, confidence: number): Interval {
  const sorted = draws.filter(Number.isFinite).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileOfDraws(sorted, tail), high: quantileOfDraws(sorted, 1 - tail) };
}

/**
 * θ − t*·s.e., t* = (θ* − centre)/s.e.* at the upper and the lower tail.
 *
 * @param centre what draws estimate: θ itself, unless the draws' world has another truth
 * @returns null where more than 5 % of the draws have no t*
 */
export function studentisedInterval(
  estimate: number,
  stdErr: number,
  draws: Float64Array,
  errors: Float64Array,
  confidence: number,
  centre = estimate,
): Interval | null {
  const t = draws.map((value, b) => (value - centre) / errors[b]!).filter(Number.isFinite);
  if (!(stdErr > 0) || t.length < (1 - MOST_UNDEFINED) * draws.length) return null;
  const sorted = t.sort();
  const tail = (1 - confidence) / 2;
  return {
    low: estimate - quantileOfDraws(sorted, 1 - tail) * stdErr,
    high: estimate - quantileOfDraws(sorted, tail) * stdErr,
  };
}

/** Draws as far from the estimate as the estimate is from the value, or farther. */
export function distanceP(estimate: number, value: number, draws: Float64Array, centre = estimate): number {
  const distance = Math.abs(estimate - value);
  const finite = draws.filter(Number.isFinite);
  return resamplingP(finite.filter((drawn) => Math.abs(drawn - centre) >= distance).length, finite.length);
}

/** One figure of a line, with its errors and its intervals. Per period. */
export interface FigureInference {
  readonly estimate: number;
  readonly dayError: number;
  /** Null where there are too few masks. */
  readonly maskError: number | null;
  /** Days and masks drawn; null where it is not determined. */
  readonly twoWay: Interval | null;
  /** Days drawn, these K masks given. */
  readonly days: Interval | null;
  /** Of the jackknife over masks: Kθ − (K−1)·mean. */
  readonly maskBiasCorrected: number | null;
}

export interface FormInference {
  readonly through: FigureInference;
  readonly slope: FigureInference;
  readonly intercept: FigureInference;
  /** Configurations without a σ, left out of the lines. */
  readonly undefinedPoints: number;
  /** Resampling p-value, days and masks drawn, of intercept = r_f; null without draws. */
  readonly interceptP: number | null;
}

export interface CloudInference {
  readonly forms: Readonly<Record<SigmaForm, FormInference>>;
  readonly blockPeriods: number;
  readonly replicates: number;
  readonly confidence: number;
  /** Configurations left out because a return is not finite. */
  readonly leftOut: readonly number[];
}

export interface TwoWayOptions {
  readonly riskFreePerPeriod: number;
  readonly seed: number;
  readonly replicates: number;
  readonly confidence: number;
  readonly scheme: PeriodScheme;
  readonly blockLength: number | 'automatic';
  readonly forms: readonly SigmaForm[];
  /** Days alone as well. */
  readonly daysToo: boolean;
}

export const defaultTwoWay = {
  replicates: 1999,
  confidence: 0.95,
  scheme: 'circular',
  blockLength: 'automatic',
  forms: sigmaForms,
  daysToo: true,
} as const satisfies Omit<TwoWayOptions, 'riskFreePerPeriod' | 'seed'>;

const SLICE_MS = 40;

/**
 * Everything about one cloud's lines.
 *
 * @throws UserError `risk/too-few-days` below five periods
 * @throws AbortError soon after the signal
 */
export async function twoWayInference(
  panel: MaskPanel,
  options: TwoWayOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<CloudInference> {
  const { periods, variants } = panel;
  if (periods < FEWEST_PERIODS) {
    fail('risk/too-few-days', `Intervals need at least ${FEWEST_PERIODS} return periods, but there are ${periods}.`, {
      hint: 'Add quotes of more days.',
    });
  }
  const cloud = new MaskCloud(panel, options.riskFreePerPeriod);
  const figures = structuredClone(cloud.sampleAll(sigmaForms));
  const blockPeriods = blockLengthOf(cloud, options);
  const { seed, scheme, replicates } = options;
  const orderOf = orderedDraws({ seed, name: 'bootstrap/days', scheme, blockLength: blockPeriods }, periods);
  const masks = new Int32Array(variants);
  const masksOf = (b: number) => {
    const stream = new RandomStream(seed, 'bootstrap/masks', b);
    for (let k = 0; k < variants; k++) masks[k] = stream.integer(variants);
    return masks;
  };
  const kinds: Resampled[] = variants >= 2 ? ['twoWay'] : [];
  if (options.daysToo || variants < 2) kinds.push('days');
  const drawers = kinds.map((kind) => new CloudDrawer(cloud, kind, replicates, orderOf, masksOf, options.forms));
  let sliceEnd = performance.now() + SLICE_MS;
  for (let b = 0; b < replicates; b++) {
    for (const drawer of drawers) drawer.draw(b);
    if (performance.now() < sliceEnd) continue;
    onProgress?.({ stage: 'Resampling days and variants', done: b + 1, total: replicates, unit: 'replicates' });
    await nextTask();
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
  const draws = new Map(drawers.map((drawer) => [drawer.draws.resampled, drawer.draws]));
  const of = (form: SigmaForm) => formInference(form, figures, draws, options, variants);
  return {
    forms: { corrected: of('corrected'), plugIn: of('plugIn') },
    blockPeriods,
    replicates,
    confidence: options.confidence,
    leftOut: panel.leftOut,
  };
}

/** From the days' influence on the slope through r_f, at least T^(1/3): few days hide moderate dependence from any estimate. */
function blockLengthOf(cloud: MaskCloud, { blockLength, scheme }: TwoWayOptions): number {
  const { periods } = cloud.panel;
  if (blockLength !== 'automatic') return scheme === 'circular' ? Math.max(1, Math.round(blockLength)) : blockLength;
  const influence = cloud.influenceOn('plugIn', 'through');
  const found = influence.every(Number.isFinite) ? automaticBlockLength(influence, scheme) : 1;
  const length = Math.max(Math.cbrt(periods), found);
  return scheme === 'circular' ? Math.max(1, Math.round(length)) : length;
}

function formInference(
  form: SigmaForm,
  figures: SampleFigures,
  draws: ReadonlyMap<Resampled, CloudDraws>,
  { confidence, riskFreePerPeriod, forms }: TwoWayOptions,
  variants: number,
): FormInference {
  const known = forms.includes(form);
  const of = (figure: (typeof lineFigures)[number]): FigureInference => {
    const at = figureAt(form, figure);
    const estimate = known ? figures.estimates[at]! : Number.NaN;
    const [dayError, maskError] = [figures.dayErrors[at]!, figures.maskErrors[at]!];
    const interval = (kind: Resampled, stdErr: number): Interval | null => {
      const drawn = draws.get(kind);
      if (!drawn || !known) return null;
      return studentisedInterval(
        estimate,
        stdErr,
        drawn.estimates[at]!,
        drawn.errors[at]!,
        confidence,
        centreOf(kind, form, figures, figure),
      );
    };
    const left = figures.leaveOneOut[at]!;
    const hasMasks = Number.isFinite(maskError) && known;
    const average = left.reduce((sum, value) => sum + value, 0) / left.length;
    return {
      estimate,
      dayError,
      maskError: hasMasks ? maskError : null,
      twoWay: hasMasks ? interval('twoWay', Math.hypot(dayError, maskError)) : null,
      days: interval('days', dayError),
      maskBiasCorrected: hasMasks ? variants * estimate - (variants - 1) * average : null,
    };
  };
  const intercept = of('intercept');
  const drawn = draws.get('twoWay') ?? draws.get('days');
  const centre = centreOf(drawn?.resampled ?? 'days', form, figures, 'intercept');
  return {
    through: of('through'),
    slope: of('slope'),
    intercept,
    undefinedPoints: known ? figures.undefinedPoints[sigmaForms.indexOf(form)]! : 0,
    interceptP:
      drawn && known
        ? distanceP(intercept.estimate, riskFreePerPeriod, drawn.estimates[figureAt(form, 'intercept')]!, centre)
        : null,
  };
}

/**
 * What the draws estimate. Where masks are drawn from K of them, these K are all masks there are: a corrected draw then estimates what
 * the K masks' own average shows, which is the plug-in figure.
 */
function centreOf(
  kind: Resampled,
  form: SigmaForm,
  figures: SampleFigures,
  figure: (typeof lineFigures)[number],
): number {
  return figures.estimates[figureAt(kind === 'twoWay' ? 'plugIn' : form, figure)]!;
}
