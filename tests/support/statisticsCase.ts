/** Compares a nested value with a reference case of statistics, under the case's own tolerances. */

import type { TestContext } from 'vitest';
import { GoldenComparison } from './golden.ts';
import { sharedText } from './shared.ts';

interface Bound {
  readonly relative: number;
  readonly absolute: number;
}

export interface StatisticsCase {
  readonly expected: unknown;
  readonly tolerance: Bound & { readonly paths?: Readonly<Record<string, Bound>> };
}

export function readCase<Case extends StatisticsCase>(folder: string, file: string): Case {
  return JSON.parse(sharedText(`${folder}/${file}`)) as Case;
}

/**
 * Compares every number under `expected`; arrays must have the same length, `null` must be null or absent, and text equal. Reasons
 * are compared where both sides have one.
 */
export function compareStatistics(context: TestContext, folder: string, one: StatisticsCase, got: unknown): void {
  const comparison = new GoldenComparison(context, folder, 'typescript');
  const boundOf = (path: string): Bound => {
    const own = Object.entries(one.tolerance.paths ?? {}).filter(
      ([name]) => path === name || path.startsWith(`${name}.`),
    );
    return own.sort(([a], [b]) => b.length - a.length)[0]?.[1] ?? one.tolerance;
  };
  const differs = (path: string): void => comparison.number(path, Number.NaN, 0, 0);
  const walk = (found: unknown, want: unknown, path: string, place: string): void => {
    if (want === null) {
      if (!(found === null || found === undefined || isReasoned(found))) differs(`${place} is there`);
      else comparison.number(place, 0, 0, 0);
    } else if (typeof want === 'number') {
      const { relative, absolute } = boundOf(path);
      const number = typeof found === 'number' ? found : Number.NaN;
      comparison.number(place, number, want, absolute + relative * Math.abs(want));
    } else if (typeof want === 'string') {
      if (found !== want) differs(`${place} is ${String(found)}, not ${want}`);
    } else if (Array.isArray(want)) {
      const list: ArrayLike<unknown> = (found as ArrayLike<unknown> | undefined) ?? [];
      comparison.number(`${place}.length`, list.length, want.length, 0);
      for (let i = 0; i < want.length; i++) walk(list[i], want[i], path, `${place}[${i}]`);
    } else {
      for (const [key, inner] of Object.entries(want as Record<string, unknown>)) {
        const below = (found as Record<string, unknown> | null | undefined)?.[key];
        walk(below, inner, path === '' ? key : `${path}.${key}`, `${place}.${key}`);
      }
    }
  };
  walk(got, one.expected, '', 'expected');
  comparison.finish();
}

function isReasoned(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'reason' in value;
}
