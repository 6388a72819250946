/** A study put together by choice: some models on the same quotes, and the figures wanted of them. */

import type { RunSettings } from '../../runs/settings.ts';
import {
  type DataSource,
  type FigureSpec,
  STUDY_VERSION,
  type StudyManifest,
  type StudyModel,
} from './studyManifest.ts';

export type FigureKind = FigureSpec['kind'];

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

/** Releases of the paper's figure 4. */
const paperReleases = [
  { name: 'TimesFM 1.0', day: '2024-05-08' },
  { name: 'TimesFM 2.0', day: '2024-12-30' },
] as const;

const QUOTES = 'quotes';
const LAG_TICKS = 10;

/** Why a figure cannot be had of so many models; undefined where it can. */
export function figureProblem(kind: FigureKind, models: number): string | undefined {
  const needsTwo = kind === 'scaling' || kind === 'beyond';
  return needsTwo && models < 2 ? 'needs two models' : undefined;
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
    figures: kinds
      .filter((kind) => figures.has(kind) && !figureProblem(kind, models.length))
      .map((kind) => specOf(kind, parts)),
  };
}

/** Figures in the order in which results show them. */
export const kinds: readonly FigureKind[] = ['market-line', 'lead-lag', 'scaling', 'decay', 'beyond'];

function specOf(kind: FigureKind, { models, settings, coarserMs, windowWeeks }: StudyParts): FigureSpec {
  const names = models.map(({ name }) => name);
  const { stepMs, strideTicks } = settings;
  switch (kind) {
    case 'market-line':
    case 'beyond':
      return { kind, data: QUOTES, models: names };
    case 'lead-lag': {
      const steps = [stepMs, ...coarserMs.filter((step) => step !== stepMs)];
      const resolutions = steps.map((step) => ({ data: QUOTES, stepMs: step, strideTicks }));
      return { kind, models: names, resolutions, lagTicks: LAG_TICKS, fineTune: null };
    }
    case 'scaling':
      return { kind, data: QUOTES, models: names, stepsMs: [stepMs], strideTicks: null, variants: null };
    case 'decay':
      return {
        kind,
        data: QUOTES,
        model: names[0]!,
        windowWeeks,
        fineTune: null,
        pretrainedUntil: null,
        releases: [...paperReleases],
      };
  }
}
