/** How long a study still takes: what was planned for the rest, times how the plan has held so far. */

/** Below this share of the plan the plan itself is the better guess. */
const ENOUGH = 0.02;

export class StudyPace {
  private plannedDone = 0;
  private spent = 0;

  /** @param plannedSeconds of everything that is to be done */
  constructor(private readonly plannedSeconds: number) {}

  note(plannedSeconds: number, seconds: number): void {
    this.plannedDone += plannedSeconds;
    this.spent += seconds;
  }

  get secondsLeft(): number {
    const left = Math.max(0, this.plannedSeconds - this.plannedDone);
    const seen = this.plannedDone > ENOUGH * this.plannedSeconds;
    return seen ? left * (this.spent / this.plannedDone) : left;
  }
}
