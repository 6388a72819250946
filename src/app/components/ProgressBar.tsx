/** How far a long task is: stage, count, rate and time left. The numbers change often, so only the stage is announced. */

import { Show } from 'solid-js';
import type { Progress } from '../../core/types.ts';
import { formatCount, formatDuration, formatShort } from '../format.ts';

export function ProgressBar(props: {
  progress: Progress;
  perSecond?: number | undefined;
  secondsLeft?: number | undefined;
  /** How amounts are written, where they are no plain counts; the unit is then theirs. */
  formatAmount?: (amount: number) => string;
}) {
  const share = () => (props.progress.total > 0 ? props.progress.done / props.progress.total : 0);
  return (
    <div class="progress">
      <p role="status">{props.progress.stage}</p>
      <progress value={share()} max="1" aria-label={props.progress.stage} />
      <p class="soft">
        <Show when={props.progress.done > 0}>
          <Show
            when={props.formatAmount}
            fallback={
              <>
                {formatCount(props.progress.done)} of {formatCount(props.progress.total)} {props.progress.unit}
              </>
            }
          >
            {(format) => (
              <>
                {format()(props.progress.done)} of {format()(props.progress.total)}
              </>
            )}
          </Show>
        </Show>
        <Show when={props.perSecond}>{(rate) => <> · {formatShort(rate())} a second</>}</Show>
        <Show when={props.secondsLeft !== undefined}> · {formatDuration(props.secondsLeft ?? 0)} left</Show>
      </p>
    </div>
  );
}
