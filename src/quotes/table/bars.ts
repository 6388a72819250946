/** Bars stamped at their start, whose values are known only at their end. */

/** Steps looked at: of more, evenly spaced ones. */
const MOST_STEPS = 1_000_000;

/**
 * Moves stamps to the end of their bars, in place. Returns the bar's length in milliseconds, 0 where there are too few to tell: the step
 * between neighbouring stamps that a tenth of the steps do not exceed, as quiet bars may be left out and a stray stamp may occur.
 */
export function moveToBarEnd(timeMs: Float64Array): number {
  const stride = Math.max(1, Math.ceil(timeMs.length / MOST_STEPS));
  const steps = Float64Array.from({ length: Math.max(0, Math.ceil((timeMs.length - 1) / stride)) }, (_, i) => {
    return timeMs[i * stride + 1]! - timeMs[i * stride]!;
  })
    .filter((step) => step > 0)
    .sort();
  const barMs = steps[Math.floor(steps.length / 10)] ?? 0;
  for (let i = 0; i < timeMs.length; i++) timeMs[i]! += barMs;
  return barMs;
}

/** The decision as a sentence. */
export function barNote(barMs: number): string {
  return barMs === 0
    ? 'With one bar only its length is not known: its stamp was left as it is.'
    : `Bars of ${barMs / 1000} s (told by the stamps) are taken to be stamped at their start: every stamp was moved to the bar's end, when its close is known.`;
}
