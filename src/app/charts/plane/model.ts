/**
 * What a risk-return plane shows, as plain data: series that are told apart, and layers of points, lines, outlines, rays and arrows, from the lowest to
 * the highest. Made from results, drawn by `RiskReturnPlane`.
 */

import type { MarkerShape, MarkerStyle } from '../marker.ts';

/** The unit of every σ and every mean of a plane. */
export interface PlaneUnit {
  readonly symbol: 'bps' | '%';
  /** 'a day', 'a year' */
  readonly each: string;
}

/** A place on the plane, in its unit. */
export interface PlanePosition {
  readonly sigma: number;
  readonly mean: number;
}

/** Something that can be pointed at. */
export interface PlanePoint extends PlanePosition {
  /** Its number within the series: a configuration's. */
  readonly index: number;
  /** Default: what points are, and the index. */
  readonly name?: string;
}

/** A line at one σ, with its confidence band there. */
export interface BandPoint extends PlanePosition {
  readonly low: number;
  readonly high: number;
}

/**
 * `main`: what the plane is about; `equal`: one of several that are compared; `quiet`: one of them that steps back (a baseline); `beside`: what the
 * main one is compared with.
 */
export type SeriesTone = 'main' | 'equal' | 'quiet' | 'beside';

export interface PlaneSeries {
  readonly name: string;
  readonly tone: SeriesTone;
  /** Absent: plain points, and no entry in a legend. */
  readonly marker?: MarkerStyle;
}

interface OfSeries {
  /** Name of the series it belongs to: its colour, its tone, and what it is dimmed with. */
  readonly series?: string;
}

export interface PointsLayer extends OfSeries {
  readonly kind: 'points';
  readonly points: readonly PlanePoint[];
  /** Whether they can be pointed at, opened and selected, and are in sight. */
  readonly pickable: boolean;
  /** Whether the whole plane has room for them; default: as `pickable`. */
  readonly inSight?: boolean;
  /** Default: that of the series' marker, else a circle. */
  readonly shape?: MarkerShape;
  /** Pixels; default 4. */
  readonly radius?: number;
  /** Default `filled`, in the series' colour. */
  readonly look?: 'filled' | 'hollow' | 'naive' | 'oracle';
  /** Whether names stand beside the points. */
  readonly labelled?: boolean;
  /** Pixels by which names stand lower than their points, so that those of neighbours do not lie on each other. */
  readonly labelsLower?: number;
  /** What a point above the edge is called there. */
  readonly namedAtEdge?: string;
}

export interface LineLayer extends OfSeries {
  readonly kind: 'line';
  /** Ascending in σ for a fitted line; empty where none could be fitted. */
  readonly at: readonly (PlanePosition | BandPoint)[];
  /** Default `solid`. */
  readonly look?: 'solid' | 'dotted' | 'naive';
  /** Whether the whole plane has room for it, as far as there are points. */
  readonly inSight?: boolean;
}

/** Where most of a cloud lies: corners of a closed line. */
export interface OutlineLayer extends OfSeries {
  readonly kind: 'outline';
  readonly corners: readonly PlanePosition[];
}

/** A line from the risk-free rate through a portfolio to the end of the plane. */
export interface RayLayer extends OfSeries {
  readonly kind: 'ray';
  readonly through: PlanePosition;
  readonly look: 'tangential' | 'leak' | 'market';
}

export interface ArrowLayer extends OfSeries {
  readonly kind: 'arrow';
  readonly from: PlanePosition;
  readonly to: PlanePosition;
}

export type PlaneLayer = PointsLayer | LineLayer | OutlineLayer | RayLayer | ArrowLayer;

export interface PlaneModel {
  readonly unit: PlaneUnit;
  /** What σ is, for the axis: "priced σ, √(σ² − σ²MC)". */
  readonly sigmaLabel: string;
  /** In the plane's unit; absent where it says nothing. */
  readonly riskFree?: number;
  /** What the points are, in readouts and tables. */
  readonly noun: { readonly one: string; readonly many: string };
  readonly series: readonly PlaneSeries[];
  /** The later lies on top. */
  readonly layers: readonly PlaneLayer[];
  /** Shares of its length that an axis has free beyond what it shows; default 0.06 and 0.08. */
  readonly room?: { readonly sigma: number; readonly mean: number };
}

/** One point of a plane. Stays the same when the plane changes its unit or its risk. */
export interface PlanePick {
  /** Empty for points of no series. */
  readonly series: string;
  readonly index: number;
}

export interface Pickable extends PlanePick {
  readonly point: PlanePoint;
}

/** All points that can be pointed at. */
export function pickables(model: PlaneModel): Pickable[] {
  return model.layers.flatMap((layer) =>
    layer.kind === 'points' && layer.pickable
      ? layer.points.map((point) => ({ series: layer.series ?? '', index: point.index, point }))
      : [],
  );
}

export function keyOf({ series, index }: PlanePick): string {
  return `${index} ${series}`;
}

export function samePick(a: PlanePick | undefined, b: PlanePick | undefined): boolean {
  return a !== undefined && b !== undefined && a.index === b.index && a.series === b.series;
}

/** "TTM, configuration 5", or "configuration 5" where all points are of one series. */
export function nameOfPick(model: PlaneModel, { series, index, point }: Pickable): string {
  if (point.name !== undefined) return point.name;
  const several = model.layers.filter((layer) => layer.kind === 'points' && layer.pickable).length > 1;
  return `${several ? `${series}, ` : ''}${model.noun.one} ${index}`;
}
