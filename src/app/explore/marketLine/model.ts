/** What Explore's plane and table show, out of a study's results and the switches. Pure: no page in here. */

import { UserError } from '../../../core/errors.ts';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import { type PaperRow, paperRowOf } from '../../../marketLine/paperTable.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope, fitLeastSquares, type LeastSquaresLine } from '../../../risk/lines/marketLine.ts';
import type { CloudPoint, MarketLineFigure, ModelCloud } from '../../../studies/figures/marketLine/result.ts';
import type { ModelEntry, StudyResults } from '../../../studies/figures/results.ts';
import { type MarkerShape, type MarkerStyle, markerShapes } from '../../charts/marker.ts';
import { bandOf, cloudLayers, inBps, outlineOf, type UnitFactors } from '../../charts/plane/curves.ts';
import type { BandPoint, PlaneModel, PlanePoint, PlanePosition } from '../../charts/plane/model.ts';
import { naiveLayers } from '../../charts/plane/naive.ts';
import { sigmaLabels } from '../../lab/results/plane.ts';

export interface Switches {
  readonly priced: PricedRisk;
  readonly money: 'net' | 'gross';
  readonly unit: 'bps' | 'annual';
  /** Models not shown. */
  readonly hidden: ReadonlySet<string>;
}

export interface ShownPoint extends PlanePoint {
  readonly point: CloudPoint;
}

/** One model on the plane, in the unit of the switches: bps a period, or per cent a year. */
export interface ShownCloud {
  readonly entry: ModelEntry;
  readonly marker: MarkerStyle;
  readonly points: readonly ShownPoint[];
  /** With its band; empty where the points determine none. */
  readonly line: readonly BandPoint[];
  readonly outline: readonly PlanePosition[];
  /** Forecasts that are no finite numbers. */
  readonly notFinite: ModelCloud['notFinite'];
  readonly row: TableRow;
}

/** Figures of the table: annual. */
export interface TableRow {
  readonly slope: number;
  readonly stdErr: number;
  readonly low: number;
  readonly high: number;
  readonly r2: number;
  readonly points: number;
  /** Why there is no line. */
  readonly none: string | undefined;
  /** The paper's row for the same family, if it has one. */
  readonly paper: PaperRow | undefined;
}

/** The colour set apart for baselines. */
const GREY = 7;

/** A family has one colour, its models different shapes (a study of one family: a colour each); baselines are grey. No two models share both while there are shapes left. */
export function markersOf(models: readonly ModelEntry[]): ReadonlyMap<string, MarkerStyle> {
  const foundation = models.filter(({ kind }) => kind === 'foundation');
  // With one family its models need colours of their own.
  const only = new Set(foundation.map(({ family }) => family)).size === 1 && foundation.length <= GREY;
  const colourKey = ({ name, family }: ModelEntry): string => (only ? name : family);
  const families = [...new Set(foundation.map(colourKey))];
  // Baselines go on where the others end: their grey is close to some colours for colour-blind readers.
  const places = { foundation: 0, baseline: foundation.length };
  const used = new Map<number, Set<MarkerShape>>();
  return new Map(
    models.map((model) => {
      const { name, kind } = model;
      const colour = kind === 'baseline' ? GREY : families.indexOf(colourKey(model)) % GREY;
      const taken = used.get(colour) ?? new Set();
      used.set(colour, taken);
      // Shapes differ across families too, as far as there are enough: colours alone do not tell everyone enough.
      const from = places[kind]++;
      const inTurn = markerShapes.map((_, i) => markerShapes[(from + i) % markerShapes.length]!);
      const shape = inTurn.find((each) => !taken.has(each)) ?? inTurn[0]!;
      taken.add(shape);
      return [name, { shape, colour }];
    }),
  );
}

/** Factor from bps a period: 1, or to per cent a year for returns and for risk. */
function factorsOf({ periodsPerYear }: Pick<MarketLineFigure, 'periodsPerYear'>, unit: Switches['unit']): UnitFactors {
  return unit === 'bps' ? inBps : { mean: periodsPerYear / 100, sigma: Math.sqrt(periodsPerYear) / 100 };
}

export function shownClouds(results: StudyResults, figure: MarketLineFigure, switches: Switches): ShownCloud[] {
  const markers = markersOf(results.models);
  return figure.clouds
    .filter(({ model }) => !switches.hidden.has(model))
    .map((cloud) => {
      const entry = results.models.find(({ name }) => name === cloud.model)!;
      return shownCloud(figure, cloud, entry, markers.get(cloud.model)!, switches);
    });
}

/** The plane of these clouds, with the naive forecasts; baselines lie behind the others. */
export function planeOf(
  figure: MarketLineFigure,
  clouds: readonly ShownCloud[],
  { priced, unit }: Switches,
): PlaneModel {
  const factors = factorsOf(figure, unit);
  const isQuiet = ({ entry }: ShownCloud): boolean => entry.kind === 'baseline';
  const ordered = [...clouds.filter(isQuiet), ...clouds.filter((cloud) => !isQuiet(cloud))];
  return {
    unit: unit === 'bps' ? { symbol: 'bps', each: periodWords[figure.period].each } : { symbol: '%', each: 'a year' },
    sigmaLabel: sigmaLabels[priced],
    riskFree: figure.riskFreePerPeriod * 1e4 * factors.mean,
    noun: { one: 'configuration', many: 'strategies' },
    series: clouds.map((cloud) => ({
      name: cloud.entry.name,
      tone: isQuiet(cloud) ? 'quiet' : 'equal',
      marker: cloud.marker,
    })),
    layers: [
      ...ordered.flatMap(({ entry, points, line, outline }) =>
        cloudLayers({ series: entry.name, points, line, outline, pickable: true, radius: 3.8 }),
      ),
      ...naiveLayers(figure.naive, { factors, inFull: true }),
    ],
  };
}

function shownCloud(
  figure: MarketLineFigure,
  cloud: ModelCloud,
  entry: ModelEntry,
  marker: MarkerStyle,
  { priced, money, unit }: Switches,
): ShownCloud {
  const factor = factorsOf(figure, unit);
  const traded = cloud.points.filter((point) => point.traded);
  const means = traded.map((point) => (money === 'net' ? point.meanBps : point.grossBps));
  const points = traded.map((point, i) => ({
    index: point.index,
    point,
    sigma: point.sigmaBps[priced] * factor.sigma,
    mean: means[i]! * factor.mean,
  }));
  const sigmas = traded.map((point) => point.sigmaBps[priced]);
  const line = money === 'net' ? lineOf(cloud, priced) : refitted(sigmas, means);
  return {
    entry,
    marker,
    points,
    notFinite: cloud.notFinite,
    line: typeof line === 'string' ? [] : bandOf(line, 1.05 * Math.max(...sigmas), factor),
    outline: outlineOf({ x: points.map(({ sigma }) => sigma), y: points.map(({ mean }) => mean) }),
    row: rowOf(figure, cloud, line, entry, priced, money),
  };
}

function lineOf(cloud: ModelCloud, priced: PricedRisk): LeastSquaresLine | string {
  const fit = cloud.fits[priced];
  return fit.kind === 'none' ? fit.problem.message : fit.leastSquares;
}

/** Through gross means, which the results hold by point alone. */
function refitted(sigmasBps: readonly number[], meansBps: readonly number[]): LeastSquaresLine | string {
  try {
    return fitLeastSquares(
      sigmasBps.map((value) => value / 1e4),
      meansBps.map((value) => value / 1e4),
    );
  } catch (caught) {
    if (caught instanceof UserError) return caught.problem.message;
    throw caught;
  }
}

function rowOf(
  { periodsPerYear }: MarketLineFigure,
  cloud: ModelCloud,
  line: LeastSquaresLine | string,
  entry: ModelEntry,
  priced: PricedRisk,
  money: Switches['money'],
): TableRow {
  const paper = paperRowOf(entry.family);
  const nothing = { slope: Number.NaN, stdErr: Number.NaN, low: Number.NaN, high: Number.NaN, r2: Number.NaN };
  if (typeof line === 'string') return { ...nothing, points: 0, none: line, paper };
  const annual = (slope: number): number => annualiseSlope(slope, periodsPerYear);
  // Days were drawn anew for net returns.
  const interval = cloud.intervals[priced].leastSquares;
  const bounds = money === 'net' && interval.kind === 'interval' ? interval : { low: Number.NaN, high: Number.NaN };
  return {
    slope: annual(line.slope),
    stdErr: annual(line.slopeStdErr),
    low: annual(bounds.low),
    high: annual(bounds.high),
    r2: line.r2,
    points: line.points,
    none: undefined,
    paper,
  };
}
