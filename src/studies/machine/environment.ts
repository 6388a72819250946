/** What a study needs from where it runs: the page, a script, or a test. */

import { fail, UserError } from '../../core/errors.ts';
import { hashGrid } from '../../core/hashGrid.ts';
import type { Grid, QuoteSeries } from '../../core/types.ts';
import type { JobStore } from '../../forecasts/jobStore.ts';
import type { Forecaster, ModelCard, Provider } from '../../models/types.ts';
import { simulateMarket } from '../../quotes/market/simulator.ts';
import { resample } from '../../quotes/resample.ts';
import type { Difference } from '../../runs/repair.ts';
import { sessionWindowOf } from '../../runs/settings.ts';
import type { FineTuneSettings } from '../../training/fineTuning/settings.ts';
import { backtestGrid, bothTimes, tradedTimeOf } from '../../training/fineTuning/walkForward.ts';
import { type FigureSpec, figureFor, modelsOf } from '../figures/index.ts';
import type { DataSet } from './dataSets.ts';
import { wantedForecasts } from './jobs.ts';
import { settingsAt } from './settingsAt.ts';
import type { StudyManifest, StudyModel } from './studyManifest.ts';
import type { Wanted } from './wanted.ts';

export interface StudyEnvironment {
  readonly provider: Provider;
  readonly store: JobStore;
  /** Reads quote files by their paths below the manifest. @throws UserError where one is missing */
  readonly readFiles: (paths: readonly string[]) => Promise<readonly QuoteSeries[]>;
  /** Quotes that are sampled already, in place of a set's files; undefined: they are to be read. */
  readonly sampled?: (data: DataSet, stepMs: number) => Promise<readonly Grid[] | undefined>;
  /** Makes a checkpoint ready; the one before is released. @throws UserError where it is missing or broken */
  readonly open: (model: StudyModel) => Promise<Forecaster>;
  /** Fine-tunes a checkpoint and makes it ready. @throws UserError `training/too-little-data` where no window fits */
  readonly tune: (
    model: StudyModel,
    grids: readonly Grid[],
    settings: FineTuneSettings,
    signal?: AbortSignal,
  ) => Promise<Forecaster>;
}

/** Everything that is fixed before the first job: grids by data and resolution, and the models' cards. */
export interface ResolvedStudy {
  /** With hashes of data and models filled in, and without models that are missing. */
  readonly manifest: StudyManifest;
  readonly gridsOf: (data: string, stepMs: number) => readonly Grid[];
  readonly cardOf: (model: string) => ModelCard;
  readonly wanted: readonly Wanted[];
  /** What is missing or not what the manifest says. */
  readonly differences: readonly Difference[];
}

/** The quotes of one data set: simulated here, or read. */
async function quotesOf(
  { source }: Pick<DataSet, 'source'>,
  readFiles: StudyEnvironment['readFiles'],
): Promise<readonly QuoteSeries[]> {
  return source.kind === 'simulator' ? simulateMarket(source.settings).series : readFiles(source.paths);
}

/**
 * Opens all data and models a manifest needs, and compares them with the hashes it has.
 *
 * @param repair models that are missing are left out, and other data or weights than the manifest's are taken; otherwise either is refused
 * @throws UserError `study/differs` listing what differs, or whatever a broken file gives
 */
export async function resolveStudy(
  manifest: StudyManifest,
  environment: Pick<StudyEnvironment, 'readFiles' | 'sampled'> & {
    readonly open: (model: StudyModel) => Promise<Pick<Forecaster, 'card'>>;
  },
  repair = false,
): Promise<ResolvedStudy> {
  const differences: Difference[] = [];
  const cards = new Map<string, ModelCard>();
  const models: StudyModel[] = [];
  for (const model of manifest.models) {
    try {
      const { card } = await environment.open(model);
      cards.set(model.name, card);
      for (const part of ['weightsSha256', 'configSha256'] as const) {
        if (model[part] !== null && model[part] !== card[part]) {
          differences.push({
            where: `models.${model.name}.${part}`,
            message: `is ${short(card[part])} here, and ${short(model[part])} in the manifest`,
          });
        }
      }
      const { weightsSha256, configSha256 } = card;
      models.push({ ...model, weightsSha256, configSha256 });
    } catch (caught) {
      if (!(caught instanceof UserError)) throw caught;
      differences.push({ where: `models.${model.name}`, message: caught.problem.message });
    }
  }
  const usable = withModels({ ...manifest, models });
  const traded = [...cards.values()].map(({ metadata }) => tradedTimeOf(metadata)).reduce(bothTimes, undefined);
  for (const [name, { metadata }] of cards) {
    if (tradedTimeOf(metadata)) {
      const message = 'was tuned on quotes: what it may have seen of them is left out of the whole study';
      differences.push({ where: `models.${name}`, message });
    }
  }
  const wanted = wantedForecasts(usable);
  const grids = new Map<string, readonly Grid[]>();
  const data: DataSet[] = [];
  for (const set of manifest.data) {
    const steps = [...new Set(wanted.filter((each) => each.data === set.id).map(({ stepMs }) => stepMs))];
    let series: readonly QuoteSeries[] | undefined;
    const pinned: DataSet['grids'][number][] = [];
    for (const stepMs of steps) {
      const settings = settingsAt(manifest, stepMs);
      let all = await environment.sampled?.(set, stepMs);
      if (!all) {
        series ??= await quotesOf(set, environment.readFiles);
        const sampling = { stepMs, window: sessionWindowOf(settings), staleAfterMs: null };
        all = series.map((each) => resample(each, sampling));
      }
      const unseen = traded ? all.flatMap((grid) => backtestGrid(grid, traded) ?? []) : all;
      const sampled = unseen.filter((grid) => grid.timeMs.length > 0);
      if (sampled.length === 0)
        fail(
          'study/no-data',
          `The data “${set.id}” hold no tick in any session${traded ? ' that its models have not seen' : ''}.`,
          { where: set.id },
        );
      grids.set(`${set.id} ${stepMs}`, sampled);
      for (const grid of sampled) pinned.push({ symbol: grid.symbol, stepMs, sha256: await hashGrid(grid) });
    }
    differences.push(...gridDifferences(set, pinned));
    data.push({ ...set, grids: pinned });
  }
  if (differences.length > 0 && !repair) {
    fail('study/differs', `Data or models are not those of the manifest: ${list(differences)}`, {
      hint: 'Bring the same files, or run with what is there (--repair).',
    });
  }
  if (models.length === 0) fail('study/no-model', `No model of the manifest can be opened: ${list(differences)}`);
  return {
    manifest: { ...usable, data },
    gridsOf: (id, stepMs) => found(grids.get(`${id} ${stepMs}`), `grids of ${id} at ${stepMs} ms`),
    cardOf: (name) => found(cards.get(name), `card of ${name}`),
    wanted,
    differences,
  };
}

/** Without the figures, and the parts of figures, whose models are not there. */
function withModels(manifest: StudyManifest): StudyManifest {
  const there = new Set(manifest.models.map(({ name }) => name));
  const figures = manifest.figures.flatMap((figure): FigureSpec[] => {
    const models = modelsOf(figure).filter((name) => there.has(name));
    return models.length > 0 ? [figureFor(figure).withModels(figure, models)] : [];
  });
  return { ...manifest, figures };
}

function gridDifferences({ id, grids }: DataSet, found: DataSet['grids']): Difference[] {
  if (grids.length === 0) return [];
  const name = ({ symbol, stepMs }: DataSet['grids'][number]): string => `${symbol} at ${stepMs} ms`;
  const before = new Map(grids.map((grid) => [name(grid), grid.sha256]));
  const now = new Map(found.map((grid) => [name(grid), grid.sha256]));
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), now.get(key)];
    if (was === is) return [];
    const message =
      is === undefined
        ? 'is missing here'
        : was === undefined
          ? 'is not in the manifest'
          : `is ${short(is)} here, and ${short(was)} in the manifest`;
    return [{ where: `data.${id}.${key}`, message }];
  });
}

function list(differences: readonly Difference[]): string {
  return differences.map(({ where, message }) => `${where} ${message}`).join('; ');
}

function short(hash: string): string {
  return hash.slice(0, 8);
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`there is no ${what}`);
  return value;
}
