/** What is remembered of a run or a study: how to run it again, how far it came, and what came of it. Plain JSON. */

import type { JobStore } from '../forecasts/jobStore.ts';
import type { FitOutcome } from '../marketLine/marketLineFits.ts';
import { annualiseSlope } from '../risk/lines/marketLine.ts';
import type { SlopeIntervalOutcome } from '../risk/resampling/bootstrap.ts';
import type { RunManifest } from '../runs/runManifest.ts';
import type { StudyManifest } from './machine/studyManifest.ts';
import { upgradeManifest } from './upgrade.ts';

export const RECORD_VERSION = 1;

interface RecordBase {
  readonly version: typeof RECORD_VERSION;
  /** Sorts by the start. */
  readonly id: string;
  readonly title: string;
  readonly startedMs: number;
  /** Computing so far, pauses left out. */
  readonly seconds: number;
  /** A run that a closed page interrupted is unfinished too. */
  readonly state: 'unfinished' | 'finished';
  /** Of the work, 0 to 1. */
  readonly share: number;
  readonly slope: RecordedSlope | null;
  /** Computed elsewhere and read from a file. */
  readonly imported?: true;
}

export type RunRecord =
  | (RecordBase & { readonly kind: 'run'; readonly manifest: RunManifest })
  | (RecordBase & { readonly kind: 'study'; readonly manifest: StudyManifest });

/** SR_θ, annual, on the paper's priced risk: of a run, or of a study's first model. */
export interface RecordedSlope {
  readonly value: number;
  /** Of the 95 % interval; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly r2: number;
}

export function recordedSlope(
  fit: FitOutcome,
  interval: SlopeIntervalOutcome,
  periodsPerYear: number,
): RecordedSlope | null {
  if (fit.kind === 'none') return null;
  const annual = (slope: number): number => annualiseSlope(slope, periodsPerYear);
  const bounds =
    interval.kind === 'none' ? { low: null, high: null } : { low: annual(interval.low), high: annual(interval.high) };
  return { value: fit.annualisedSlope, ...bounds, r2: fit.leastSquares.r2 };
}

/** @returns undefined for what another version wrote, or what is damaged */
function readRecord(bytes: Uint8Array | undefined): RunRecord | undefined {
  try {
    const record = JSON.parse(new TextDecoder().decode(bytes)) as RunRecord;
    if (record.version !== RECORD_VERSION) return undefined;
    if (record.kind === 'run') return record;
    return { ...record, manifest: upgradeManifest(record.manifest) as StudyManifest };
  } catch {
    return undefined;
  }
}

/** All that can be read, the newest first. */
export async function readRecords(store: Pick<JobStore, 'keys' | 'get'>): Promise<RunRecord[]> {
  const records = await Promise.all((await store.keys()).map(async (key) => readRecord(await store.get(key))));
  return newestFirst(records.filter((record) => record !== undefined));
}

export function newestFirst(records: readonly RunRecord[]): RunRecord[] {
  return [...records].sort((a, b) => (a.id < b.id ? 1 : -1));
}

export function writeRecord(record: RunRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}
