/** A family of fine-tunings on the page: what is drawn, which members are kept, their training one by one, and their run as one S(θ). */

import { createEffect, createMemo, on, onCleanup } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { FineTuneAnswer, FineTuneRequest, TrainingEngine } from '../../../../workers/training/client.ts';
import { isAbort, toProblem, UserError, type UserProblem } from '../../../core/errors.ts';
import type { KeptCheckpoint } from '../../../models/hub/library.ts';
import type { CheckpointFiles } from '../../../models/types.ts';
import {
  defaultFamilySettings,
  drawnOf,
  type FamilySettingId,
  type FamilySettings,
  familyOf,
  familySpecs,
  parseFamilySettings,
} from '../../../training/fineTuning/family.ts';
import type { FineTuneSettings } from '../../../training/fineTuning/settings.ts';
import type { TradedTime } from '../../../training/fineTuning/walkForward.ts';
import { keepText, keptText } from '../../state/storedText.ts';
import type { RunOutcome } from '../run/run.ts';
import { createForm } from '../settings/settings.ts';
import type { createFineTuning } from './fineTuning.ts';

export interface FamilyMember {
  readonly settings: FineTuneSettings;
  /** Of the checkpoint that comes of it: the same training, the same name. */
  readonly name: string;
  /** What it drew, in words. */
  readonly drawn: string;
}

/** What is known of a member that was trained in this session. */
export type MemberResult = Pick<FineTuneAnswer, 'best' | 'comparison'> | UserProblem;

export interface FamilyState {
  readonly open: boolean;
  readonly members: readonly FamilyMember[];
  /** Results by the members' names. */
  readonly results: Readonly<Record<string, MemberResult>>;
  /** Why nothing can be drawn as things are. */
  readonly obstacle: UserProblem | undefined;
  /** The member whose strategies are being run, counted from 1. */
  readonly running: number | undefined;
  /** Strategies of how many members are in the table of runs. */
  readonly joined: number | undefined;
  readonly problem: UserProblem | undefined;
}

export interface FamilyInputs {
  readonly engine: Pick<TrainingEngine, 'names' | 'outline'>;
  readonly tuning: Pick<ReturnType<typeof createFineTuning>, 'request' | 'busy' | 'trainAll'>;
  readonly kept: () => readonly KeptCheckpoint[];
  readonly keep: (files: CheckpointFiles) => Promise<unknown>;
  /** Runs the study with a kept checkpoint on the time given; undefined where the run was stopped. */
  readonly runMember: (kept: KeptCheckpoint, time: TradedTime) => Promise<RunOutcome | undefined>;
  /** Adds their strategies to the session's runs, as those of one. */
  readonly join: (outcomes: readonly RunOutcome[], name: string) => Promise<void>;
  readonly cancelRun: () => void;
}

/** A pause in typing before the family is drawn anew. */
const settleMs = 400;
/** Key in the browser's local storage: what was drawn last, so that it can be gone on with in a new tab. */
const KEY = 'pml.fineTuningFamily';

export function createFamily({ engine, tuning, kept, keep, runMember, join, cancelRun }: FamilyInputs) {
  const table = { specs: familySpecs, defaults: defaultFamilySettings, parse: parseFamilySettings };
  const form = createForm<FamilySettingId, FamilySettings>(table, keptText(KEY, parseFamilySettings));
  const [state, setState] = createStore<FamilyState>({
    open: false,
    members: [],
    results: {},
    obstacle: undefined,
    running: undefined,
    joined: undefined,
    problem: undefined,
  });
  const checkpointOf = ({ name }: FamilyMember): KeptCheckpoint | undefined =>
    kept().find(({ repo, whole }) => whole && repo === name);
  const waiting = createMemo(() => state.members.filter((member) => !checkpointOf(member)));

  const draw = async (asked: FineTuneRequest, signal: AbortSignal): Promise<void> => {
    try {
      const all = familyOf(asked.settings, form.values());
      const names = await engine.names(asked, all, signal);
      const members = all.map((settings, i) => ({
        settings,
        name: names[i]!,
        drawn: drawnOf(settings, form.values()),
      }));
      if (!signal.aborted) setState({ members, obstacle: undefined });
    } catch (caught) {
      if (!signal.aborted && !isAbort(caught)) setState({ members: [], obstacle: toProblem(caught) });
    }
  };
  createEffect(
    on([tuning.request, form.values, () => state.open, tuning.busy], ([asked, , open, busy]) => {
      if (!asked || !open || busy || state.running !== undefined) return;
      const controller = new AbortController();
      const timer = setTimeout(() => void draw(asked, controller.signal), settleMs);
      onCleanup(() => {
        clearTimeout(timer);
        controller.abort();
      });
    }),
  );

  /** The time that no member has seen anything of. */
  const commonTime = async (asked: FineTuneRequest, members: readonly FamilyMember[]): Promise<TradedTime> => {
    const plans = [];
    // What comes out of the store cannot be sent to a worker.
    for (const { settings } of members)
      plans.push((await engine.outline({ ...asked, settings: unwrap(settings) })).plan);
    return {
      startMs: Math.max(...plans.map(({ backtestStartMs }) => backtestStartMs)),
      endExclusiveMs: Math.min(...plans.map(({ backtestEndMs }) => backtestEndMs)),
    };
  };

  const note = (name: string, result: MemberResult): void =>
    setState({ results: { ...unwrap(state.results), [name]: result } });

  return {
    state,
    form,
    setOpen: (open: boolean): void => setState({ open }),
    checkpointOf,
    /** Members that are not kept yet. */
    waiting,
    /** Trains what is not kept yet, one after the other, and keeps each. */
    train: (): Promise<void> => {
      keepText(KEY, form.values());
      setState({ problem: undefined });
      const missing = waiting();
      return tuning.trainAll(
        missing.map(({ settings }) => unwrap(settings)),
        async (came, index) => {
          const { name } = missing[index]!;
          if ('code' in came) return note(name, came);
          await keep(came.files);
          note(name, { best: came.best, comparison: came.comparison });
        },
      );
    },
    /** Runs the study with each member that is kept, all on the time that none has seen, and joins their strategies. */
    run: async (): Promise<void> => {
      const asked = tuning.request();
      const members = state.members.filter((member) => checkpointOf(member));
      if (!asked || members.length === 0 || state.running !== undefined) return;
      setState({ problem: undefined, joined: undefined, running: 1 });
      try {
        const time = await commonTime(asked, members);
        const outcomes: RunOutcome[] = [];
        for (const [i, member] of members.entries()) {
          setState({ running: i + 1 });
          const checkpoint = checkpointOf(member);
          const outcome = checkpoint && (await runMember(checkpoint, time));
          if (!outcome) throw new UserError(stopped);
          outcomes.push(outcome);
        }
        const base = members[0]!.name.replace(/ [0-9a-f]+$/, '');
        await join(outcomes, `${base}: S(θ) of ${members.length}`);
        setState({ joined: members.length });
      } catch (caught) {
        setState({ problem: toProblem(caught) });
      } finally {
        setState({ running: undefined });
      }
    },
    cancelRun,
  };
}

const stopped: UserProblem = {
  code: 'training/family-stopped',
  message: 'The run of a member was stopped, so there is no S(θ) of the family.',
  hint: 'Run the family again: days that were forecast are not forecast anew.',
};
