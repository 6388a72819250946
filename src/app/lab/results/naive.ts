/** Naive lines in the few numbers that the plane and the table show. */

import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { median } from '../../../risk/moments/statistics.ts';

/** Medians over the configurations that traded; undefined where none did. */
export function naiveMiddle({ points }: NaiveLine): { sigmaBps: number; meanBps: number } | undefined {
  const traded = points.filter((point) => point.traded);
  if (traded.length === 0) return undefined;
  return {
    sigmaBps: median(traded.map((point) => point.sigmaBps)),
    meanBps: median(traded.map((point) => point.meanBps)),
  };
}
