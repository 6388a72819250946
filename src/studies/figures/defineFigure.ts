/** What a figure of studies is made of. Its types follow from the schema of its spec and from what it computes. */

import type * as v from 'valibot';
import type { Table } from '../../export/csv.ts';
import type { RunSettings } from '../../runs/settings.ts';
import type { Wanted } from '../machine/wanted.ts';
import type { FigureContext } from './context.ts';
import type { Immutable } from './schema.ts';

/** Choices on the page that a spec is composed of. */
export interface FigureChoices {
  /** Id of the quotes. */
  readonly data: string;
  /** At least as many as the figure needs; of a family from the smallest to the largest. */
  readonly models: readonly string[];
  readonly settings: RunSettings;
  /** Resolutions beside that of the settings. */
  readonly coarserMs: readonly number[];
  /** Weeks behind each line of the decay. */
  readonly windowWeeks: number;
}

export interface FigureDefinition<Spec, Result> {
  /** What it is called where figures are chosen. */
  readonly name: string;
  /** Why it cannot be had of fewer. */
  readonly fewestModels: number;
  /** Ids of the quotes it needs. */
  readonly dataOf: (spec: Spec) => readonly string[];
  readonly modelsOf: (spec: Spec) => readonly string[];
  /** The same of some of its models, at least one. */
  readonly withModels: (spec: Spec, models: readonly string[]) => Spec;
  /** Forecasts that have to be there before it is computed. */
  readonly wanted: (spec: Spec, settings: RunSettings) => readonly Wanted[];
  readonly compose: (choices: FigureChoices) => Spec;
  /** Loads the code that computes it, which no page needs. */
  readonly compute: () => Promise<(context: FigureContext, spec: Spec) => Promise<Result>>;
  /** @throws UserError `study/figure-not-finite` where a value is none that can be */
  readonly check: (result: Result) => void;
  /** Its tables at full precision, by the name of a file. */
  readonly tables: (result: Result) => Readonly<Record<string, Table>>;
}

/** What the schema of a spec looks like: an object with a literal `kind`, in `spec.ts`. */
type SpecSchema<Kind extends string> = v.GenericSchema<unknown, { kind: Kind }> & {
  readonly type: 'object';
  readonly entries: { readonly kind: v.LiteralSchema<Kind, undefined> };
};

/** One figure; `figures/index.ts` lists all. */
export function defineFigure<const Kind extends string, Schema extends SpecSchema<Kind>, Result extends { kind: Kind }>(
  schema: Schema,
  definition: FigureDefinition<Immutable<v.InferOutput<Schema>>, Result>,
): FigureDefinition<Immutable<v.InferOutput<Schema>>, Result> & { readonly kind: Kind; readonly schema: Schema } {
  return { kind: schema.entries.kind.literal, schema, ...definition };
}

/** Parts of a figure whose spec lists models. */
export const ofSeveralModels = {
  modelsOf: ({ models }: { readonly models: readonly string[] }): readonly string[] => models,
  withModels: <Spec extends { readonly models: readonly string[] }>(spec: Spec, models: readonly string[]): Spec => ({
    ...spec,
    models,
  }),
};

/** The part of a figure on one set of quotes. */
export const ofOneDataSet = { dataOf: ({ data }: { readonly data: string }): readonly string[] => [data] };

/** The first row names the columns. */
export function tableFrom([header = [], ...rows]: readonly (readonly Table['rows'][number][number][])[]): Table {
  return { header: header.map(String), rows };
}
