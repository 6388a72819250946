/** What is remembered of a run or a study: how to run it again, how far it came, and what came of it. Plain JSON. */

import * as v from 'valibot';
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
  /** Share of the work, 0 to 1. */
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

const slopeSchema = v.object({
  value: v.number(),
  low: v.nullable(v.number()),
  high: v.nullable(v.number()),
  r2: v.nullable(v.number()),
});

/** What is shown of a record; its manifest is checked when it is opened. */
const recordSchema = v.looseObject({
  version: v.literal(RECORD_VERSION),
  id: v.string(),
  title: v.string(),
  startedMs: v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15)),
  seconds: v.number(),
  state: v.picklist(['unfinished', 'finished']),
  share: v.number(),
  slope: v.nullable(slopeSchema),
  kind: v.picklist(['run', 'study']),
  manifest: v.looseObject({}),
});

/** What another version wrote is no damage, but nothing to be shown. */
function readRecord(bytes: Uint8Array): RunRecord | undefined {
  const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof record === 'object' && record && 'version' in record && record.version !== RECORD_VERSION)
    return undefined;
  v.parse(recordSchema, record);
  const whole = record as RunRecord;
  return whole.kind === 'run' ? whole : { ...whole, manifest: upgradeManifest(whole.manifest) as StudyManifest };
}

/**
 * All that can be read, the newest first: one that is damaged hides itself alone.
 * @param onDamaged is told the keys of those
 */
export async function readRecords(
  store: Pick<JobStore, 'keys' | 'get'>,
  onDamaged: (key: string) => void = () => {},
): Promise<RunRecord[]> {
  const read = async (key: string): Promise<RunRecord | undefined> => {
    try {
      const bytes = await store.get(key);
      // Removed in the meantime.
      return bytes && readRecord(bytes);
    } catch {
      onDamaged(key);
      return undefined;
    }
  };
  const records = await Promise.all((await store.keys()).map(read));
  return newestFirst(records.filter((record) => record !== undefined));
}

export function newestFirst(records: readonly RunRecord[]): RunRecord[] {
  return [...records].sort((a, b) => (a.id < b.id ? 1 : -1));
}

export function writeRecord(record: RunRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}
