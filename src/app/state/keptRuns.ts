/** The finished runs of this session, to be held against each other on one plane and in one table. */

import { createMemo, createSignal } from 'solid-js';
import { sha256 } from '../../core/sha256.ts';
import type { MarketLineResult } from '../../studies/marketLineResult.ts';
import type { StudySettings } from '../../studies/settings.ts';
import { manifestOf } from './manifest.ts';
import type { RunOutcome } from './run.ts';

/** What a comparison needs; forecasts and quotes of earlier runs are not kept. */
export interface KeptRun {
  /** Counted from 1 over the session. */
  readonly id: number;
  readonly model: string;
  readonly result: MarketLineResult;
  readonly settings: StudySettings;
  /** First digits of the SHA-256 of all settings, and of all quotes: runs with the same digits can be compared. */
  readonly settingsDigest: string;
  readonly quotesDigest: string;
}

const DIGEST_LENGTH = 6;

/** As many clouds as can be told apart by colour and shape. */
export const MOST_KEPT = 8;

export function createKeptRuns() {
  const [runs, setRuns] = createSignal<readonly KeptRun[]>([]);
  const [counted, setCounted] = createSignal(0);
  let tried = 0;
  const triedBefore = new WeakMap<MarketLineResult, number>();

  return {
    /** In the order in which they finished. The oldest goes when there are more than `MOST_KEPT`. */
    runs,
    latest: createMemo(() => runs().at(-1)),
    /** Configurations that traded in runs of the session before this one, also in those removed since: every one was a trial. */
    triedBefore: (result: MarketLineResult): number => triedBefore.get(result) ?? 0,
    /** Runs that finished in this session. */
    counted,
    keep: async (outcome: RunOutcome): Promise<void> => {
      const { result, card } = outcome;
      triedBefore.set(result, tried);
      tried += result.configurations.length - result.notTradedCount;
      const { data, settings } = await manifestOf(outcome);
      const hashes = data.map(({ symbol, gridSha256 }) => `${symbol} ${gridSha256}`);
      const [settingsDigest, quotesDigest] = await Promise.all([digest(settings), digest(hashes)]);
      const id = counted() + 1;
      setCounted(id);
      const run = { id, model: modelName(card), result, settings: outcome.settings, settingsDigest, quotesDigest };
      setRuns((before) => [...before, run].slice(-MOST_KEPT));
    },
    remove: (id: number): void => void setRuns((before) => before.filter((run) => run.id !== id)),
  };
}

export type KeptRuns = ReturnType<typeof createKeptRuns>;

function modelName({ name, precision }: RunOutcome['card']): string {
  return precision ? `${name}, ${precision}` : name;
}

async function digest(value: unknown): Promise<string> {
  return (await sha256(new TextEncoder().encode(JSON.stringify(value)))).slice(0, DIGEST_LENGTH);
}
