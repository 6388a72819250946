/** What a manifest holds that this program does not know or cannot use, and the nearest manifest that it can. */

import { UserError } from '../core/errors.ts';
import { defaultRunSettings, parseRunSettings, type RunSettings } from './settings.ts';

/** One thing that is not as it should be, or was changed. */
export interface Difference {
  /** Dotted path. */
  readonly where: string;
  readonly message: string;
}

/** Keys of `given` that are not in `known`, at any depth; settings have a check of their own. */
export function withoutUnknown(given: unknown, known: unknown, where = ''): Difference[] {
  if (Array.isArray(given) && Array.isArray(known)) {
    return given.flatMap((each, i) => withoutUnknown(each, known[i], `${where}${i}.`));
  }
  if (!isRecord(given) || !isRecord(known)) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    key in known
      ? withoutUnknown(value, known[key], `${where}${key}.`)
      : [{ where: `${where}${key}`, message: 'there is no such key' }],
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The settings of a study. */
export function repairSettings(given: Readonly<Record<string, unknown>>): {
  settings: RunSettings;
  differences: Difference[];
} {
  return repairTable(given, { parse: parseRunSettings, defaults: defaultRunSettings }, 'settings');
}

/** How settings of one table are checked. */
interface Checking<Settings> {
  /** Throws a `UserError` whose `where` is the setting at fault. */
  readonly parse: (values: unknown) => Settings;
  readonly defaults: Settings;
}

/** Settings with every one that cannot be set to its default, and a list of those; `path` is where they stand. */
export function repairTable<Settings extends object>(
  given: Readonly<Record<string, unknown>>,
  { parse, defaults }: Checking<Settings>,
  path: string,
): { settings: Settings; differences: Difference[] } {
  const values: Record<string, unknown> = { ...given };
  const fallbacks = new Map<string, unknown>(Object.entries(defaults));
  const differences: Difference[] = [];
  for (;;) {
    try {
      return { settings: parse(values), differences };
    } catch (caught) {
      if (!(caught instanceof UserError)) throw caught;
      const { where = path, message } = caught.problem;
      const known = fallbacks.has(where);
      const fallback = fallbacks.get(where);
      // A range that is reversed even with a default has its other end at fault.
      if (known && values[where] === fallback)
        return {
          settings: defaults,
          differences: [
            ...differences,
            { where: path, message: `${message} All settings were set to their defaults.` },
          ],
        };
      differences.push({
        where: `${path}.${where}`,
        message: known ? `${message} Set to ${String(fallback)}.` : message,
      });
      if (known) values[where] = fallback;
      else delete values[where];
    }
  }
}
