/** What `npm run study` and the page it drives say to each other; both sides import this file. */

import type { UserProblem } from '../../core/errors.ts';
import type { ModelCard, Provider } from '../../models/types.ts';
import type { DeviceMeasure } from '../../studies/figures/results.ts';
import type { StudyManifest } from '../../studies/machine/studyManifest.ts';
import type { StudyStep } from '../../studies/runStudy.ts';

export interface HeadlessRequest {
  readonly manifest: StudyManifest;
  readonly shard: { readonly index: number; readonly count: number };
  readonly repair: boolean;
}

export type HeadlessAnswer =
  | {
      readonly kind: 'done';
      readonly provider: Provider;
      /** By the names of the manifest's models; those that are missing are left out. */
      readonly cards: Readonly<Record<string, ModelCard>>;
      readonly device: DeviceMeasure;
    }
  | { readonly kind: 'failed'; readonly problem: UserProblem };

/** Functions that the script gives to the page; bytes travel as base64. */
export interface HeadlessHost {
  readonly pmlJobKeys: () => Promise<readonly string[]>;
  readonly pmlJobGet: (key: string) => Promise<string | null>;
  readonly pmlJobPut: (key: string, base64: string) => Promise<void>;
  readonly pmlProgress: (step: StudyStep) => Promise<void>;
  /** Files below the manifest's folder: names in it, or a file's bytes. */
  readonly pmlFolder: (path: string) => Promise<readonly string[]>;
  readonly pmlFile: (path: string) => Promise<string | null>;
}

/** Functions that the page gives to the script. */
export interface HeadlessPage {
  readonly pmlRun: (request: HeadlessRequest) => Promise<HeadlessAnswer>;
}
