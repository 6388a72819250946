/** How tables of a layout are to be read, as a person said once: kept in the browser under the layout's name. */

import * as v from 'valibot';
import type { SavedMapping } from '../../../quotes/types.ts';

/** Key in the browser's local storage. */
const KEY = 'pml.mappings';

const column = v.pipe(v.number(), v.integer(), v.minValue(0));
const savedMapping = v.object({
  mapping: v.exactOptional(
    v.object({
      columns: v.record(v.string(), column),
      split: v.exactOptional(v.array(column)),
      delimiter: v.exactOptional(v.string()),
      header: v.exactOptional(v.boolean()),
      day: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))),
      priceDivisor: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.finite())),
      oneSided: v.exactOptional(v.boolean()),
    }),
  ),
  timeUnit: v.exactOptional(v.picklist(['s', 'ms', 'us', 'ns'])),
  timeZone: v.exactOptional(v.string()),
  dayOrder: v.exactOptional(v.picklist(['dayFirst', 'monthFirst'])),
  decimalMark: v.exactOptional(v.picklist(['.', ','])),
  encoding: v.exactOptional(v.string()),
});

export type SavedMappings = Readonly<Record<string, SavedMapping>>;

/** What is kept; entries that are not understood, as of another version, are left out. */
export function loadMappings(): SavedMappings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const entries = Object.entries(kept).flatMap(([shape, value]) => {
      const parsed = v.safeParse(savedMapping, value);
      return parsed.success ? [[shape, parsed.output] as const] : [];
    });
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Keeps a mapping for the next file of the layout; a browser that keeps nothing just asks again. */
export function saveMapping(shape: string, mapping: SavedMapping): void {
  keep({ ...loadMappings(), [shape]: mapping });
}

export function forgetMappings(): void {
  keep({});
}

function keep(mappings: SavedMappings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(mappings));
  } catch {
    // Storage may be forbidden or full.
  }
}
