/** Runs and studies of this and earlier sessions, kept on this device: listed, run again or to their end, shown in Explore, removed. */

import { createSignal } from 'solid-js';
import { toProblem, UserError, type UserProblem } from '../../../core/errors.ts';
import type { JobStore } from '../../../forecasts/jobStore.ts';
import { DEFAULT_LIMIT_BYTES } from '../../../forecasts/tidying.ts';
import type { RunManifest } from '../../../runs/runManifest.ts';
import { figureOf, type StudyResults } from '../../../studies/figures/results.ts';
import type { FinishedRun } from '../../../studies/figures/runResults.ts';
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

/** Only finished runs need it. */
const runResults = () => import('../../../studies/figures/runResults.ts');

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

/** Held for as long as a run or study is under way, by the tab that does it. */
const lockOf = (id: string): string => `pml-run-${id}`;

/** @param now milliseconds since the Unix epoch */
export function createHistory({ records: kept, results, forecasts }: HistoryStores, now: () => number = Date.now) {
  /** The newest first. */
  const [records, setRecords] = createSignal<readonly RunRecord[]>([]);
  const [forecastBytes, setForecastBytes] = createSignal(0);
  const [forecastLimit, setForecastLimit] = createSignal(DEFAULT_LIMIT_BYTES);
  const [problem, setProblem] = createSignal<UserProblem>();
  /** Ids of what other tabs are doing now. */
  const [elsewhere, setElsewhere] = createSignal<ReadonlySet<string>>(new Set());
  /** How this tab lets go of what it does. */
  const held = new Map<string, () => void>();
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

  const hold = (id: string): void => {
    const ended = new Promise<void>((resolve) => held.set(id, resolve));
    void globalThis.navigator?.locks?.request(lockOf(id), () => ended);
  };

  /** Whatever came of it: this tab no longer does it. */
  const release = (id: string): void => {
    held.get(id)?.();
    held.delete(id);
  };

  /** Looks which of the unfinished other tabs are doing, and looks at the records again when one of those ends. */
  const lookElsewhere = async (): Promise<void> => {
    const locks = globalThis.navigator?.locks;
    const names = new Set((await locks?.query())?.held?.map(({ name }) => name));
    const others = records().filter(
      ({ id, state }) => state === 'unfinished' && !held.has(id) && names.has(lockOf(id)),
    );
    const fresh = others.filter(({ id }) => !elsewhere().has(id));
    setElsewhere(new Set(others.map(({ id }) => id)));
    // Looked at once the lock is let go again: it would be taken for another tab's.
    for (const { id } of fresh) void locks?.request(lockOf(id), { mode: 'shared' }, () => {}).then(refresh);
  };

  const refresh = (): Promise<void> =>
    attempt(async () => {
      const damaged: string[] = [];
      setRecords(await readRecords(kept, (key) => damaged.push(key)));
      await lookElsewhere();
      if (damaged.length > 0) throw new UserError(damagedRecords(damaged));
    });

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
    hold(id);
    await lookElsewhere();
    const manifest = JSON.stringify(of.manifest);
    const stopped = records().filter(
      (before) =>
        before.state === 'unfinished' &&
        JSON.stringify(before.manifest) === manifest &&
        !held.has(before.id) &&
        !elsewhere().has(before.id),
    );
    // One that was stopped goes on in this one: what it had done is kept.
    await put({ ...fresh, ...of, share: Math.max(0, ...stopped.map(({ share }) => share)) });
    for (const before of stopped) await remove(before.id);
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
    release(id);
  };

  return {
    records,
    forecastBytes,
    forecastLimit,
    problem,
    refresh,
    /** Ids of unfinished records that another tab is doing now. */
    elsewhere,
    release,
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
      const { resultsOfRun } = await runResults();
      const whole = resultsOfRun(run);
      const id = await begin({ kind: 'run', manifest: run.manifest, title: whole.manifest.title });
      await finish(id, whole, 0);
      await change(id, { imported: true });
      return id;
    },
    /** Why finished runs cannot be shown on one plane; undefined where they can. */
    incomparable: async (ids: readonly string[]): Promise<string | undefined> =>
      (await runResults()).incomparable(await readAllResults(results, ids)),
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
