/**
 * The manifest of a study: data, models, settings and which of the paper's figures are wanted. Plain JSON that anyone can run again. A single
 * run has one of its own (`runs/runManifest.ts`).
 */

import * as v from 'valibot';
import type { UserProblem } from '../../core/errors.ts';
import type { Precision } from '../../models/types.ts';
import { type Difference, repairSettings, repairTable, withoutUnknown } from '../../runs/repair.ts';
import { earlierSettings, type RunSettings } from '../../runs/settings.ts';
import { defaultFineTuneSettings, parseFineTuneSettings } from '../../training/fineTuning/settings.ts';
import { type FigureSpec, figureFor, figureSchema, modelsOf } from '../figures/index.ts';
import { day, name, stepMs } from '../figures/schema.ts';
import { upgradeManifest } from '../upgrade.ts';
import type { DataSet } from './dataSets.ts';

export const STUDY_VERSION = 3;

/** A checkpoint, and in which precision its weights are used. */
export interface StudyModel {
  /** Unique in the manifest. */
  readonly name: string;
  /** Folder of `config.json` and weights: below the page's `checkpoints`, or below the manifest's own folder. */
  readonly source: 'embedded' | 'files';
  readonly folder: string;
  readonly precision: Precision;
  /** Null before the first run has pinned them. */
  readonly weightsSha256: string | null;
  readonly configSha256: string | null;
}

export interface StudyManifest {
  readonly schemaVersion: typeof STUDY_VERSION;
  readonly title: string;
  readonly appVersion: string;
  readonly data: readonly DataSet[];
  readonly models: readonly StudyModel[];
  /** Settings of every figure, the seed included; a figure's own resolution replaces `stepMs`. */
  readonly settings: RunSettings;
  readonly figures: readonly FigureSpec[];
}

/** A manifest that can run, with what was changed to make it so; or why it cannot. */
export type ManifestCheck =
  | { readonly kind: 'usable'; readonly manifest: StudyManifest; readonly differences: readonly Difference[] }
  | { readonly kind: 'refused'; readonly problem: UserProblem; readonly differences: readonly Difference[] };

/** A path that stays in the manifest's folder. */
const path = v.pipe(
  name,
  v.check((text) => !/^[/\\]|^[a-z]+:|(^|[/\\])\.\.([/\\]|$)/i.test(text), 'must be a path below the manifest'),
);
const sha = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'));
const number = v.pipe(v.number(), v.finite());
const pair = v.tuple([number, number]);

const simulatorSchema = v.object({
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  startDay: day,
  days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
  stepsPerDay: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  stepMs,
  open: v.string(),
  timeZone: v.string(),
  dayShape: number,
  overnightSteps: number,
  signal: v.object({ strengths: pair, regimeSteps: pair, memorySteps: number, decayPerWeek: number }),
  assets: v.pipe(
    v.array(
      v.object({
        symbol: name,
        price: number,
        tick: number,
        volatilityBps: number,
        commonShare: number,
        halfSpreadBps: number,
      }),
    ),
    v.minLength(1),
  ),
});

const schema = v.object({
  schemaVersion: v.literal(STUDY_VERSION),
  title: name,
  appVersion: v.string(),
  data: v.pipe(
    v.array(
      v.object({
        id: name,
        source: v.variant('kind', [
          v.object({ kind: v.literal('simulator'), settings: simulatorSchema }),
          v.object({ kind: v.literal('files'), paths: v.pipe(v.array(path), v.minLength(1)) }),
        ]),
        grids: v.array(v.object({ symbol: name, stepMs, sha256: sha })),
      }),
    ),
    v.minLength(1),
  ),
  models: v.pipe(
    v.array(
      v.object({
        name,
        source: v.picklist(['embedded', 'files']),
        folder: path,
        precision: v.picklist(['f32', 'f16', 'int8', 'int4']),
        weightsSha256: v.nullable(sha),
        configSha256: v.nullable(sha),
      }),
    ),
    v.minLength(1),
  ),
  settings: v.record(v.string(), v.unknown()),
  figures: v.pipe(v.array(figureSchema), v.minLength(1)),
});

const wayOn = 'Use a manifest saved by PML Lab, or mend what is listed.';

/**
 * Checks anything read from a file.
 *
 * @param repair unknown keys are dropped, and settings that cannot be are set to their defaults; otherwise either is refused. What differs is
 *   listed in both cases.
 */
export function checkStudyManifest(given: unknown, repair = false): ManifestCheck {
  const unknown = upgradeManifest(given);
  const version = versionOf(unknown);
  if (version !== STUDY_VERSION) {
    const said = version === undefined ? 'has no version' : `is of version ${version}`;
    return refused(`This manifest ${said}; this program runs version ${STUDY_VERSION}.`, 'schemaVersion', []);
  }
  const parsed = v.safeParse(schema, unknown);
  if (!parsed.success) {
    const differences = parsed.issues.map((issue) => ({
      where: v.getDotPath(issue) ?? 'manifest',
      message: issue.message,
    }));
    return refused('This manifest is not complete, or holds what cannot be.', differences[0]!.where, differences);
  }
  const known = withoutUnknown(unknown, parsed.output);
  const { settings, differences: ofSettings } = repairSettings(earlierSettings(parsed.output.settings));
  const ofTuning: Difference[] = [];
  const figures = parsed.output.figures.map((figure, i): FigureSpec => {
    const fineTune = 'fineTune' in figure ? figure.fineTune : null;
    if (!fineTune) return figure;
    const checked = repairTable(
      fineTune.settings,
      { parse: parseFineTuneSettings, defaults: defaultFineTuneSettings },
      `figures.${i}.fineTune.settings`,
    );
    ofTuning.push(...checked.differences);
    return { ...figure, fineTune: { ...fineTune, settings: checked.settings } } as FigureSpec;
  });
  const manifest: StudyManifest = { ...parsed.output, settings, figures };
  const differences = [...known, ...ofSettings, ...ofTuning];
  const dangling = danglingNames(manifest);
  if (dangling.length > 0) {
    return refused('This manifest names data or models that it does not list.', dangling[0]!.where, dangling);
  }
  if (differences.length > 0 && !repair) {
    return refused(
      'This manifest holds keys or settings that this program does not have.',
      differences[0]!.where,
      differences,
    );
  }
  return { kind: 'usable', manifest, differences };
}

function versionOf(unknown: unknown): unknown {
  return typeof unknown === 'object' && unknown !== null && 'schemaVersion' in unknown
    ? unknown.schemaVersion
    : undefined;
}

function refused(message: string, where: string, differences: readonly Difference[]): ManifestCheck {
  return { kind: 'refused', problem: { code: 'study/manifest', message, where, hint: wayOn }, differences };
}

/** Names used but not listed, and listed twice. */
function danglingNames({ data, models, figures }: StudyManifest): Difference[] {
  const found: Difference[] = [];
  const twice = (list: readonly string[], where: string): void => {
    for (const each of new Set(list.filter((one, i) => list.indexOf(one) !== i))) {
      found.push({ where, message: `“${each}” is listed twice` });
    }
  };
  const dataIds = data.map(({ id }) => id);
  const modelNames = models.map((model) => model.name);
  twice(dataIds, 'data');
  twice(modelNames, 'models');
  figures.forEach((figure, i) => {
    for (const id of figureFor(figure).dataOf(figure)) {
      if (!dataIds.includes(id)) found.push({ where: `figures.${i}`, message: `no data “${id}” are listed` });
    }
    for (const model of modelsOf(figure)) {
      if (!modelNames.includes(model)) found.push({ where: `figures.${i}`, message: `no model “${model}” is listed` });
    }
  });
  return found;
}
