/** Bars stamped at their start, whose values are known only at their end. */

/**
 * Moves stamps to the end of their bars, in place. Returns the bar's length in milliseconds, 0 where there are too few to tell: the step
 * between neighbouring stamps that a tenth of the steps do not exceed, as quiet bars may be left out and a stray stamp may occur.
 */
export function moveToBarEnd(timeMs: Float64Array): number {
  const steps = timeMs
    .subarray(1)
    .map((time, i) => time - timeMs[i]!)
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
