/** The figures of studies, in the order in which results show them. A new one is a folder beside this file, and a line here. */

import * as v from 'valibot';
import { beyond } from './beyond/index.ts';
import { decay } from './decay/index.ts';
import type { FigureDefinition } from './defineFigure.ts';
import { leadLag } from './leadLag/index.ts';
import { marketLine } from './marketLine/index.ts';
import { scaling } from './scaling/index.ts';
import type { Immutable } from './schema.ts';

export const figures = [marketLine, leadLag, scaling, decay, beyond] as const;

type Listed = (typeof figures)[number];

export type FigureKind = Listed['kind'];

/** What a manifest asks for. */
export type FigureSpec = Immutable<v.InferOutput<Listed['schema']>>;

/** What came of it. */
export type Figure = Awaited<ReturnType<Awaited<ReturnType<Listed['compute']>>>>;

export const figureKinds: readonly FigureKind[] = figures.map(({ kind }) => kind);

export const figureSchema = v.variant(
  'kind',
  figures.map(({ schema }) => schema),
) as unknown as v.GenericSchema<unknown, FigureSpec>;

/** Any figure's definition: what it is given has to be of its kind. */
export function definitionOf(kind: FigureKind): FigureDefinition<FigureSpec, Figure> {
  return figures.find((figure) => figure.kind === kind) as unknown as FigureDefinition<FigureSpec, Figure>;
}

export function figureFor({ kind }: Pick<FigureSpec, 'kind'>): FigureDefinition<FigureSpec, Figure> {
  return definitionOf(kind);
}

/** Names of the models a figure needs. */
export function modelsOf(spec: FigureSpec): readonly string[] {
  return figureFor(spec).modelsOf(spec);
}
