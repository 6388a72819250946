/** Runs and studies of this and earlier sessions, kept on this device: listed, run again or to their end, shown in Explore, removed. */

import { createSignal } from 'solid-js';
import { toProblem, type UserProblem } from '../../core/errors.ts';
import { type FinishedRun, incomparable, resultsOfRun } from '../../studies/figures/runResults.ts';
import type { JobStore } from '../../studies/machine/jobStore.ts';
import type { StudyManifest } from '../../studies/manifest.ts';
import { RECORD_VERSION, type RunRecord, readRecord, recordedSlope, writeRecord } from '../../studies/runRecord.ts';
import { readResults, writeResults } from '../explore/results.ts';
import type { RunOutcome } from './run.ts';

export interface HistoryStores {
  readonly records: JobStore;
  /** Under the ids of the records. */
  readonly results: JobStore;
  /** The forecasts of all runs: what they take, and how to be rid of them. */
  readonly forecasts: { readonly bytes: () => Promise<number>; readonly forget: () => Promise<void> };
}

export type History = ReturnType<typeof createHistory>;

/** @param now milliseconds since the Unix epoch */
export function createHistory({ records: kept, results, forecasts }: HistoryStores, now: () => number = Date.now) {
  /** The newest first. */
  const [records, setRecords] = createSignal<readonly RunRecord[]>([]);
  const [forecastBytes, setForecastBytes] = createSignal(0);
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

  const begin = async (of: { kind: 'run'; manifest: StudyManifest; title: string }): Promise<string> => {
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
    return id;
  };

  return {
    records,
    forecastBytes,
    problem,
    refresh: (): Promise<void> =>
      attempt(async () => {
        const found = await Promise.all((await kept.keys()).map(async (key) => readRecord(await kept.get(key))));
        setRecords(newestFirst(found.filter((record) => record !== undefined)));
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
        for (const { id } of records()) {
          await kept.remove(id);
          await results.remove(id);
        }
        await forecasts.forget();
        setRecords([]);
        setForecastBytes(await forecasts.bytes());
      }),
    begin,
    change,
    /** Keeps what came of a run, for Explore too. */
    finish: async (id: string, outcome: RunOutcome, manifest: StudyManifest): Promise<void> => {
      const { result, card, embedded, seconds } = outcome;
      const slope = recordedSlope(result.fits.aleatory, result.intervals.aleatory.leastSquares, result.periodsPerYear);
      await attempt(async () => results.put(id, writeResults(resultsOfRun({ manifest, card, result, embedded }))));
      await change(id, { state: 'finished', share: 1, seconds, slope });
      setForecastBytes(await forecasts.bytes());
    },
    /** Takes in a run that was computed elsewhere. */
    adopt: async (run: FinishedRun): Promise<string> => {
      const whole = resultsOfRun(run);
      const { fits, intervals, periodsPerYear } = run.result;
      const id = await begin({ kind: 'run', manifest: run.manifest, title: whole.manifest.title });
      const slope = recordedSlope(fits.aleatory, intervals.aleatory.leastSquares, periodsPerYear);
      await attempt(async () => results.put(id, writeResults(whole)));
      await change(id, { state: 'finished', share: 1, slope, imported: true });
      return id;
    },
    remove: async (id: string): Promise<void> => {
      setRecords((before) => before.filter((record) => record.id !== id));
      await attempt(async () => {
        await kept.remove(id);
        await results.remove(id);
      });
    },
    /** Why finished runs cannot be shown on one plane; undefined where they can. */
    incomparable: async (ids: readonly string[]): Promise<string | undefined> =>
      incomparable(await Promise.all(ids.map(async (id) => readResults(await results.get(id))))),
  };
}

function newestFirst(records: readonly RunRecord[]): RunRecord[] {
  return [...records].sort((a, b) => (a.id < b.id ? 1 : -1));
}
