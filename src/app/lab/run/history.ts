/** Runs and studies of this and earlier sessions, kept on this device: listed, run again or to their end, shown in Explore, removed. */

import { createSignal } from 'solid-js';
import { toProblem, UserError, type UserProblem } from '../../../core/errors.ts';
import type { JobStore } from '../../../forecasts/jobStore.ts';
import { DEFAULT_LIMIT_BYTES } from '../../../forecasts/tidying.ts';
import type { RunManifest } from '../../../runs/runManifest.ts';
import { figureOf, type StudyResults } from '../../../studies/figures/results.ts';
import { type FinishedRun, incomparable, resultsOfRun } from '../../../studies/figures/runResults.ts';
import type { StudyManifest } from '../../../studies/machine/studyManifest.ts';
import {
  newestFirst,
  RECORD_VERSION,
  type RunRecord,
  readRecords,
  recordedSlope,
  writeRecord,
} from '../../../studies/runRecord.ts';
import { readAllResults, writeResults } from '../../explore/results.ts';

export interface HistoryStores {
  readonly records: JobStore;
  /** Under the ids of the records. */
  readonly results: JobStore;
  /** The forecasts of all runs: what they take, and how to be rid of them. */
  readonly forecasts: {
    readonly bytes: () => Promise<number>;
    readonly forget: () => Promise<void>;
    /** Bytes they may take: beyond, those used longest ago are removed when no run needs them. */
    readonly limit: { readonly get: () => Promise<number>; readonly set: (bytes: number) => Promise<void> };
  };
}

/** What a record says before anything is done. */
export type Recordable = Pick<RunRecord, 'title'> &
  (
    | { readonly kind: 'run'; readonly manifest: RunManifest }
    | { readonly kind: 'study'; readonly manifest: StudyManifest }
  );

export type History = ReturnType<typeof createHistory>;

/** @param now milliseconds since the Unix epoch */
export function createHistory({ records: kept, results, forecasts }: HistoryStores, now: () => number = Date.now) {
  /** The newest first. */
  const [records, setRecords] = createSignal<readonly RunRecord[]>([]);
  const [forecastBytes, setForecastBytes] = createSignal(0);
  const [forecastLimit, setForecastLimit] = createSignal(DEFAULT_LIMIT_BYTES);
  const [problem, setProblem] = createSignal<UserProblem>();
  let numbered = 0;

  /** What is wrong with the store is said, and the run goes on. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setProblem(undefined);
    } catch (caught) {
      setProblem(toProblem(caught));
    }
  };

  const put = (record: RunRecord): Promise<void> => {
    setRecords((before) => newestFirst([...before.filter(({ id }) => id !== record.id), record]));
    return attempt(() => kept.put(record.id, writeRecord(record)));
  };

  const change = async (
    id: string,
    with_: Partial<Pick<RunRecord, 'state' | 'share' | 'seconds' | 'slope' | 'imported'>>,
  ) => {
    const record = records().find((each) => each.id === id);
    if (record) await put({ ...record, ...with_ });
  };

  const remove = async (id: string): Promise<void> => {
    setRecords((before) => before.filter((record) => record.id !== id));
    await attempt(async () => {
      await kept.remove(id);
      await results.remove(id);
    });
  };

  const begin = async (of: Recordable): Promise<string> => {
    const startedMs = now();
    const id = `${new Date(startedMs).toISOString().replace(/[:.]/g, '-')}-${(numbered++).toString(36)}`;
    const fresh = {
      version: RECORD_VERSION,
      id,
      startedMs,
      seconds: 0,
      state: 'unfinished',
      share: 0,
      slope: null,
    } as const;
    await put({ ...fresh, ...of });
    // One that was stopped goes on in this one.
    const manifest = JSON.stringify(of.manifest);
    for (const before of records()) {
      if (before.id !== id && before.state === 'unfinished' && JSON.stringify(before.manifest) === manifest)
        await remove(before.id);
    }
    return id;
  };

  /** Keeps what came of a run or a study, for Explore. */
  const finish = async (id: string, found: StudyResults, seconds: number): Promise<void> => {
    const figure = figureOf(found, 'market-line');
    const cloud = figure?.clouds[0];
    const slope =
      figure && cloud
        ? recordedSlope(cloud.fits.aleatory, cloud.intervals.aleatory.leastSquares, figure.periodsPerYear)
        : null;
    await attempt(() => results.put(id, writeResults(found)));
    await change(id, { state: 'finished', share: 1, seconds, slope });
  };

  return {
    records,
    forecastBytes,
    forecastLimit,
    problem,
    refresh: (): Promise<void> =>
      attempt(async () => {
        const damaged: string[] = [];
        setRecords(await readRecords(kept, (key) => damaged.push(key)));
        if (damaged.length > 0) throw new UserError(damagedRecords(damaged));
      }),
    /** Asks every kept file for its size: for when somebody looks. */
    measureForecasts: (): Promise<void> =>
      attempt(async () => {
        setForecastLimit(await forecasts.limit.get());
        setForecastBytes(await forecasts.bytes());
      }),
    /** Makes room at once, if no run is under way. */
    limitForecasts: (bytes: number): Promise<void> =>
      attempt(async () => {
        await forecasts.limit.set(bytes);
        setForecastLimit(bytes);
        setForecastBytes(await forecasts.bytes());
      }),
    /** Runs are still listed, and their results there: running again takes as long as the first time. */
    forgetForecasts: (): Promise<void> =>
      attempt(async () => {
        await forecasts.forget();
        setForecastBytes(await forecasts.bytes());
      }),
    forgetAll: (): Promise<void> =>
      attempt(async () => {
        // Damaged ones too, which are not listed.
        for (const id of await kept.keys()) await kept.remove(id);
        for (const id of await results.keys()) await results.remove(id);
        await forecasts.forget();
        setRecords([]);
        setForecastBytes(await forecasts.bytes());
      }),
    begin,
    change,
    finish,
    remove,
    /** Takes in a run that was computed elsewhere. */
    adopt: async (run: FinishedRun): Promise<string> => {
      const whole = resultsOfRun(run);
      const id = await begin({ kind: 'run', manifest: run.manifest, title: whole.manifest.title });
      await finish(id, whole, 0);
      await change(id, { imported: true });
      return id;
    },
    /** Why finished runs cannot be shown on one plane; undefined where they can. */
    incomparable: async (ids: readonly string[]): Promise<string | undefined> =>
      incomparable(await readAllResults(results, ids)),
  };
}

function damagedRecords(keys: readonly string[]): UserProblem {
  return {
    code: 'history/damaged',
    message: `${keys.length} of the earlier runs cannot be read and ${keys.length === 1 ? 'is' : 'are'} not listed.`,
    where: keys.join(', '),
    hint: 'Nothing else is lost: run again, and forecasts that are kept need not be made again.',
  };
}
