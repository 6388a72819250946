/** The finished runs of this session, to be held against each other on one plane and in one table. */

import { createSignal } from 'solid-js';
import { ensembleOf } from '../../../analysis/ensemble.ts';
import { toProblem, type UserProblem } from '../../../core/errors.ts';
import { sha256 } from '../../../core/sha256.ts';
import { familyResultOf } from '../../../marketLine/familyResult.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import type { intervalsOf } from '../../../marketLine/slopeIntervals.ts';
import type { ModelCard, PosteriorKind } from '../../../models/types.ts';
import type { RunManifest } from '../../../runs/runManifest.ts';
import type { RunSettings } from '../../../runs/settings.ts';
import type { FinishedRun } from '../../../studies/figures/runResults.ts';
import type { RunOutcome } from './run.ts';
import { manifestOf } from './shownManifest.ts';

/** Where variants come from. */
type Sampler = 'MC-dropout' | 'MC-dropout, fresh masks' | 'SWAG' | 'last-layer Laplace' | 'deep ensemble';

/** What a comparison needs; forecasts and quotes of earlier runs are not kept. */
export interface KeptRun {
  /** Counted from 1 over the session. */
  readonly id: number;
  readonly model: string;
  /** What the variants are. */
  readonly sampler: Sampler;
  readonly result: MarketLineResult;
  /** Fine-tunings whose strategies these are, for a whole family. */
  readonly members?: number;
  readonly settings: RunSettings;
  /** First digits of the SHA-256 of all settings, and of all quotes: runs with the same digits can be compared. */
  readonly settingsDigest: string;
  readonly quotesDigest: string;
  /** Computed elsewhere and read from a file. */
  readonly imported?: true;
}

const DIGEST_LENGTH = 6;

/** As many clouds as can be told apart by colour and shape. */
export const MOST_KEPT = 8;

/** @param resample gives an ensemble its intervals, in a worker */
export function createKeptRuns(resample: typeof intervalsOf) {
  const [runs, setRuns] = createSignal<readonly KeptRun[]>([]);
  const [counted, setCounted] = createSignal(0);
  const [problem, setProblem] = createSignal<UserProblem>();
  let tried = 0;
  const triedBefore = new WeakMap<MarketLineResult, number>();

  const add = async (
    manifest: RunManifest,
    result: MarketLineResult,
    card: Pick<ModelCard, 'name' | 'precision' | 'posterior'>,
    special: Partial<Pick<KeptRun, 'model' | 'members' | 'imported'>> = {},
  ): Promise<void> => {
    const { data, settings } = manifest;
    const hashes = data.map(({ symbol, gridSha256 }) => `${symbol} ${gridSha256}`);
    const [settingsDigest, quotesDigest] = await Promise.all([digest(settings), digest(hashes)]);
    const id = counted() + 1;
    setCounted(id);
    const named = { id, model: modelName(card), sampler: samplerName(settings.sampler, card.posterior) } as const;
    const run: KeptRun = { ...named, ...special, result, settings, settingsDigest, quotesDigest };
    setRuns((before) => [...before, run].slice(-MOST_KEPT));
  };

  const keep = async (outcome: RunOutcome, family?: Pick<KeptRun, 'model' | 'members'>): Promise<void> => {
    const { result, card } = outcome;
    triedBefore.set(result, tried);
    tried += result.configurations.length - result.notTradedCount;
    await add(await manifestOf(outcome), result, card, family);
  };

  return {
    /** In the order in which they finished. The oldest goes when there are more than `MOST_KEPT`. */
    runs,
    /** Why there is no ensemble. */
    problem,
    /** Configurations that traded in runs of the session before this one, also in those removed since: every one was a trial. */
    triedBefore: (result: MarketLineResult): number => triedBefore.get(result) ?? 0,
    /** Runs that finished in this session. */
    counted,
    keep,
    /** Adds the strategies of a family's members, each run on the same days, as those of one run. */
    addFamily: async (outcomes: readonly RunOutcome[], model: string): Promise<void> => {
      const [first] = outcomes;
      if (!first) return;
      const summary = familyResultOf(outcomes.map(({ result }) => result));
      const result = { ...summary, intervals: await resample(summary, first.settings.seed) };
      await keep({ ...first, result }, { model, members: outcomes.length });
    },
    /** Takes in a run that was computed elsewhere: no trial of this session. */
    adopt: ({ manifest, result }: Pick<FinishedRun, 'manifest' | 'result'>): Promise<void> =>
      add(manifest, result, manifest.model, { imported: true }),
    /** Adds the kept runs' models, without dropout, as the variants of one more run. */
    addEnsemble: async (): Promise<void> => {
      setProblem(undefined);
      try {
        const members = runs().filter((run) => run.sampler !== 'deep ensemble' && run.members === undefined);
        const summary = ensembleOf(members.map((run) => run.result));
        const [first] = members;
        if (!first) return;
        const result = { ...summary, intervals: await resample(summary, first.settings.seed) };
        const id = counted() + 1;
        setCounted(id);
        const model = `runs ${members.map((run) => run.id).join(', ')}`;
        const run: KeptRun = { ...first, id, model, sampler: 'deep ensemble', result };
        setRuns((before) => [...before, run].slice(-MOST_KEPT));
      } catch (caught) {
        setProblem(toProblem(caught));
      }
    },
    remove: (id: number): void => void setRuns((before) => before.filter((run) => run.id !== id)),
  };
}

export type KeptRuns = ReturnType<typeof createKeptRuns>;

function samplerName(setting: RunSettings['sampler'], posterior: PosteriorKind | undefined): Sampler {
  if (setting === 'posterior') return posterior === 'laplace' ? 'last-layer Laplace' : 'SWAG';
  return setting === 'fresh' ? 'MC-dropout, fresh masks' : 'MC-dropout';
}

function modelName({ name, precision }: Pick<ModelCard, 'name' | 'precision'>): string {
  return precision ? `${name}, ${precision}` : name;
}

async function digest(value: unknown): Promise<string> {
  return (await sha256(new TextEncoder().encode(JSON.stringify(value)))).slice(0, DIGEST_LENGTH);
}
