/** When forecasts are made and how long they hold: the one place that knows the rule (docs/method.md, "Forecasts"). No model is run here. */

/**
 * Ticks at which forecasts are made: session ticks L−1, L−1+stride, … of every session, so that a context of L ticks never
 * crosses a session's start. A session shorter than L ticks has none.
 *
 * @param sessionStarts [S] index of each session's first tick
 * @param tickCount T
 * @param contextLength L, at least 1
 * @param strideTicks at least 1
 * @returns [N] grid ticks, ascending; the context of tick t is [t − L + 1, t] (inclusive)
 */
export function forecastTicks(
  sessionStarts: Int32Array,
  tickCount: number,
  contextLength: number,
  strideTicks: number,
): Int32Array {
  const ticks = new Int32Array(countForecastTicks(sessionStarts, tickCount, contextLength, strideTicks));
  let count = 0;
  for (let session = 0; session < sessionStarts.length; session++) {
    const endExclusive = sessionStarts[session + 1] ?? tickCount;
    for (let tick = sessionStarts[session]! + contextLength - 1; tick < endExclusive; tick += strideTicks) {
      ticks[count++] = tick;
    }
  }
  return ticks;
}

/** How many ticks `forecastTicks` returns, without making them: cheap enough for a plan that is redone at every keystroke. */
export function countForecastTicks(
  sessionStarts: Int32Array,
  tickCount: number,
  contextLength: number,
  strideTicks: number,
): number {
  if (!Number.isInteger(contextLength) || contextLength < 1) throw new RangeError(`contextLength: ${contextLength}`);
  if (!Number.isInteger(strideTicks) || strideTicks < 1) throw new RangeError(`strideTicks: ${strideTicks}`);
  let count = 0;
  for (let session = 0; session < sessionStarts.length; session++) {
    const length = (sessionStarts[session + 1] ?? tickCount) - sessionStarts[session]!;
    if (length >= contextLength) count += Math.floor((length - contextLength) / strideTicks) + 1;
  }
  return count;
}

/**
 * Spreads forecasts over the grid: a forecast holds from its tick until the next one in the same session, or the session's end.
 *
 * @param ticks [N] ascending, from `forecastTicks`
 * @param values [N] the forecast made at each of them; NaN holds like any other value
 * @param out [T] is overwritten and returned; may be one row of a larger array (`subarray`)
 * @returns [T] NaN before a session's first forecast
 */
export function holdForecasts(
  ticks: Int32Array,
  values: ArrayLike<number>,
  sessionStarts: Int32Array,
  tickCount: number,
  out: Float64Array = new Float64Array(tickCount),
): Float64Array {
  if (out.length !== tickCount) throw new RangeError(`out has ${out.length} elements, the grid ${tickCount} ticks`);
  if (values.length !== ticks.length) throw new RangeError(`${values.length} values for ${ticks.length} ticks`);
  out.fill(Number.NaN);
  let next = 0;
  for (let session = 0; session < sessionStarts.length; session++) {
    const endExclusive = sessionStarts[session + 1] ?? tickCount;
    while (next < ticks.length && ticks[next]! < endExclusive) {
      const value = values[next]!;
      const from = ticks[next]!;
      next++;
      out.fill(value, from, Math.min(ticks[next] ?? endExclusive, endExclusive));
    }
  }
  return out;
}

/** Holds the forecasts of several rows, each by itself: `values` [rows, N] → [rows, T]. */
export function holdRows(
  ticks: Int32Array,
  values: Float64Array,
  rows: number,
  sessionStarts: Int32Array,
  tickCount: number,
): Float64Array {
  const out = new Float64Array(rows * tickCount);
  for (let row = 0; row < rows; row++) {
    const atTicks = values.subarray(row * ticks.length, (row + 1) * ticks.length);
    holdForecasts(ticks, atTicks, sessionStarts, tickCount, out.subarray(row * tickCount, (row + 1) * tickCount));
  }
  return out;
}
