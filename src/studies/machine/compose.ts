/** A study put together by choice: some models on the same quotes, and the figures wanted of them. */

import type { RunSettings } from '../../runs/settings.ts';
import { definitionOf, type FigureKind, figureKinds } from '../figures/index.ts';
import type { DataSource } from './dataSets.ts';
import { STUDY_VERSION, type StudyManifest, type StudyModel } from './studyManifest.ts';

export interface StudyParts {
  readonly title: string;
  readonly appVersion: string;
  readonly quotes: DataSource;
  /** At least one; of a family from the smallest to the largest. */
  readonly models: readonly StudyModel[];
  readonly settings: RunSettings;
  /** Those that need more models or quotes than there are are left out (`figureProblem`). */
  readonly figures: ReadonlySet<FigureKind>;
  /** Of lead and lag, beside that of the settings. */
  readonly coarserMs: readonly number[];
  /** Weeks behind each line of the decay. */
  readonly windowWeeks: number;
}

const QUOTES = 'quotes';

/** Why a figure cannot be had of so many models; undefined where it can. */
export function figureProblem(kind: FigureKind, models: number): string | undefined {
  const { fewestModels } = definitionOf(kind);
  return models < fewestModels ? `needs ${fewestModels === 2 ? 'two' : fewestModels} models` : undefined;
}

export function composeStudy(parts: StudyParts): StudyManifest {
  const { title, appVersion, quotes, models, settings, figures } = parts;
  return {
    schemaVersion: STUDY_VERSION,
    title,
    appVersion,
    settings,
    models,
    data: [{ id: QUOTES, source: quotes, grids: [] }],
    figures: figureKinds
      .filter((kind) => figures.has(kind) && !figureProblem(kind, models.length))
      .map((kind) =>
        definitionOf(kind).compose({
          data: QUOTES,
          models: models.map(({ name }) => name),
          settings,
          coarserMs: parts.coarserMs,
          windowWeeks: parts.windowWeeks,
        }),
      ),
  };
}
