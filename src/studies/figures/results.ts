/** The results of a whole study as plain JSON: what the Explore page shows, what is exported, and what is compared when a study is run again. */

import type { ModelCard, Precision, Provider } from '../../models/types.ts';
import type { Difference } from '../../runs/repair.ts';
import type { StudyManifest } from '../machine/studyManifest.ts';
import type { Figure } from './index.ts';

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
