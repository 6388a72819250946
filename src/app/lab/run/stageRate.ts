/** How fast a stage goes and how long it has left, from its progress over the last few seconds. */

import type { Progress } from '../../../core/types.ts';

export interface RateNote {
  /** Undefined until there is something to go by. */
  readonly perSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Long enough to be steady, short enough to notice a change. */
const windowMs = 8_000;
/** Before this much of a stage was seen, a rate is a guess. */
const shortestMs = 400;

export class StageRate {
  private samples: Sample[] = [];
  private unit = '';

  note({ unit, done, total }: Progress, atMs: number): RateNote {
    // Stages that count the same thing ("Forecasting SPY", "Forecasting AIG") go on counting.
    if (unit !== this.unit) this.samples = [];
    this.unit = unit;
    this.samples = [...this.samples.filter((sample) => atMs - sample.atMs < windowMs), { atMs, done }];
    const first = this.samples[0] as Sample;
    const seconds = (atMs - first.atMs) / 1000;
    if (seconds * 1000 < shortestMs || done <= first.done) return { perSecond: undefined, secondsLeft: undefined };
    const perSecond = (done - first.done) / seconds;
    return { perSecond, secondsLeft: (total - done) / perSecond };
  }
}
