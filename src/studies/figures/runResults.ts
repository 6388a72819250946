/** Runs of the Lab as results of a study: what Explore shows of them, one or several on the same plane. */

import { canonicalJson } from '../../core/canonicalJson.ts';
import { fail } from '../../core/errors.ts';
import type { MarketLineResult } from '../../marketLine/marketLineResult.ts';
import type { ModelCard } from '../../models/types.ts';
import { defaultSimulatorSettings } from '../../quotes/market/simulatorSettings.ts';
import type { RunManifest } from '../../runs/runManifest.ts';
import { configurationsOf } from '../../runs/settings.ts';
import type { DataSource } from '../machine/dataSets.ts';
import { STUDY_VERSION, type StudyManifest, type StudyModel } from '../machine/studyManifest.ts';
import { figureOfLines } from './marketLine/compute.ts';
import type { MarketLineFigure } from './marketLine/result.ts';
import { entryOf, nameOf } from './modelEntry.ts';
import { figureOf, RESULTS_VERSION, type StudyResults } from './results.ts';

export interface FinishedRun {
  readonly manifest: RunManifest;
  readonly card: ModelCard;
  readonly result: MarketLineResult;
  /** Whether quotes and model came with the page. */
  readonly embedded: { readonly quotes: boolean; readonly model: boolean };
}

const DATA = 'quotes';

/** The results of one run, with the manifest of a study of nothing but it. */
export function resultsOfRun(run: FinishedRun): StudyResults {
  const { manifest, card, result } = run;
  const name = nameOf(card);
  const figure = figureOfLines([{ model: name, result }], configurationsOf(manifest.settings));
  return {
    resultsVersion: RESULTS_VERSION,
    manifest: studyOf(run, name),
    provider: manifest.backend.provider,
    models: [entryOf(name, card)],
    figures: [figure],
    differences: [],
    device: null,
  };
}

function studyOf({ manifest, card, embedded }: FinishedRun, name: string): StudyManifest {
  const { settings, data, appVersion } = manifest;
  const source: DataSource = embedded.quotes
    ? { kind: 'simulator', settings: defaultSimulatorSettings }
    : { kind: 'files', paths: [...new Set(data.flatMap((each) => each.source.split(', ')))] };
  const model: StudyModel = {
    name,
    source: embedded.model ? 'embedded' : 'files',
    folder: card.name,
    precision: card.precision ?? 'f32',
    weightsSha256: card.weightsSha256,
    configSha256: card.configSha256,
  };
  return {
    schemaVersion: STUDY_VERSION,
    title: `${name} on ${data.map(({ symbol }) => symbol).join(', ')}`,
    appVersion,
    data: [
      {
        id: DATA,
        source,
        grids: data.map(({ symbol, gridSha256 }) => ({ symbol, stepMs: settings.stepMs, sha256: gridSha256 })),
      },
    ],
    models: [model],
    settings,
    figures: [{ kind: 'market-line', data: DATA, models: [name] }],
  };
}

/** Why runs cannot lie on the same plane; undefined where they can. */
export function incomparable(all: readonly StudyResults[]): string | undefined {
  const figures = all.map((results) => figureOf(results, 'market-line'));
  if (figures.some((figure) => figure === undefined)) return 'One of them has no market line.';
  const [first] = all;
  const differs = (of: (results: StudyResults, figure: MarketLineFigure) => unknown): boolean =>
    all.some((each, i) => canonicalJson(of(each, figures[i]!)) !== canonicalJson(of(first!, figures[0]!)));
  if (differs(({ manifest }) => manifest.data.map(({ grids }) => grids))) return 'Their quotes differ.';
  if (differs((_, { configs }) => configs)) return 'Their strategies differ.';
  if (differs((_, { period, periods, periodsPerYear }) => ({ period, periods, periodsPerYear })))
    return 'Their returns are not of the same periods.';
  return undefined;
}

/**
 * Several runs as one study of several models. A model that is there twice is numbered.
 *
 * @param all at least one
 * @throws UserError `study/incomparable` where they are not of the same quotes, strategies and periods
 */
export function combined(all: readonly StudyResults[]): StudyResults {
  const reason = incomparable(all);
  if (reason) fail('study/incomparable', `These runs cannot be shown on one plane. ${reason}`);
  const [first] = all;
  if (!first || all.length === 1) return first!;
  const taken = new Map<string, number>();
  const parts = all.map((results) => {
    const names = new Map(results.models.map(({ name }) => [name, numbered(name, taken)]));
    return { results, named: (name: string): string => names.get(name) ?? name };
  });
  const models = parts.flatMap(({ results, named }) =>
    results.models.map((entry) => ({ ...entry, name: named(entry.name) })),
  );
  const clouds = parts.flatMap(({ results, named }) =>
    figureOf(results, 'market-line')!.clouds.map((cloud) => ({ ...cloud, model: named(cloud.model) })),
  );
  return {
    ...first,
    manifest: {
      ...first.manifest,
      title: models.map(({ name }) => name).join(', '),
      models: parts.flatMap(({ results, named }) =>
        results.manifest.models.map((model) => ({ ...model, name: named(model.name) })),
      ),
      figures: first.manifest.figures
        .filter((spec) => spec.kind === 'market-line')
        .map((spec) => ({ ...spec, models: models.map(({ name }) => name) })),
    },
    models,
    figures: [{ ...figureOf(first, 'market-line')!, clouds }],
    differences: all.flatMap(({ differences }) => differences),
  };
}

function numbered(name: string, taken: Map<string, number>): string {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}
