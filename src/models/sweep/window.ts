/**
 * A window's values as a causal network reads them. The outer transform is frozen when the first forecast becomes possible
 * (after M patches), so that no later value changes an earlier input.
 */

import { normaliseLogMids, type TransformedContext } from '../contexts.ts';
import type { ForecastSettings } from '../types.ts';

/**
 * Writes the transformed window into `out` [N·p]: `normalised` is the log-mid less that of the last tick of the first M
 * patches, over the standard deviation of their one-step changes times √(M·p). Beyond the last value known it holds that.
 *
 * @param values mids from the window's start on, as many as there are; NaN where missing
 * @param frozen M·p
 */
export function transformWindow(
  values: Float64Array,
  frozen: number,
  transform: ForecastSettings['inputTransform'],
  out: Float64Array,
): TransformedContext {
  let last = Number.NaN;
  for (let i = 0; i < out.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isNaN(value)) last = value;
    out[i] = last;
  }
  if (transform === 'raw') return { lastLogMid: 0, unit: 1 };
  for (let i = 0; i < out.length; i++) out[i] = Math.log(out[i]!);
  const { lastLogMid, unit } = normaliseLogMids(out.slice(0, frozen));
  // A start without any change has no unit of its own; the values that follow may still move.
  const scale = unit > 0 ? unit : 1;
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! - lastLogMid) / scale;
  return { lastLogMid, unit: scale };
}
