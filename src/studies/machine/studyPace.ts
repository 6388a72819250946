/**
 * How long a study still takes: what was planned for the rest, times how the plan has held so far. Jobs of the same kind are judged by each other,
 * others by all that is done.
 */

/** Below this share of the plan the plan itself is the better guess. */
const ENOUGH = 0.02;

interface PlannedJob {
  /** What jobs have to have in common for the time of one to tell that of another. */
  readonly kind: string;
  readonly seconds: number;
}

export class StudyPace {
  private readonly plannedLeft = new Map<string, number>();
  private readonly done = new Map<string, { planned: number; spent: number }>();
  private readonly plannedSeconds: number;

  /** @param jobs all that are to be done */
  constructor(jobs: readonly PlannedJob[]) {
    for (const { kind, seconds } of jobs) this.plannedLeft.set(kind, (this.plannedLeft.get(kind) ?? 0) + seconds);
    this.plannedSeconds = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  note(kind: string, plannedSeconds: number, seconds: number): void {
    const { planned, spent } = this.done.get(kind) ?? { planned: 0, spent: 0 };
    this.done.set(kind, { planned: planned + plannedSeconds, spent: spent + seconds });
    this.plannedLeft.set(kind, (this.plannedLeft.get(kind) ?? 0) - plannedSeconds);
  }

  get secondsLeft(): number {
    const all = [...this.done.values()];
    const planned = all.reduce((sum, each) => sum + each.planned, 0);
    const spent = all.reduce((sum, each) => sum + each.spent, 0);
    const usual = planned > ENOUGH * this.plannedSeconds ? spent / planned : 1;
    let left = 0;
    for (const [kind, seconds] of this.plannedLeft) {
      const past = this.done.get(kind);
      const ratio = past && past.planned > ENOUGH * this.plannedSeconds ? past.spent / past.planned : usual;
      left += Math.max(0, seconds) * ratio;
    }
    return left;
  }
}
