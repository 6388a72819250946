/** What a manifest holds that this program does not know or cannot use, and the nearest manifest that it can. */

import { UserError } from '../../core/errors.ts';
import { defaultStudySettings, parseStudySettings, type SettingId, type StudySettings } from '../settings.ts';

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

/** Settings with every one that cannot be set to its default, and a list of those. */
export function repairSettings(given: Readonly<Record<string, unknown>>): {
  settings: StudySettings;
  differences: Difference[];
} {
  const values: Record<string, unknown> = { ...given };
  const differences: Difference[] = [];
  for (;;) {
    try {
      return { settings: parseStudySettings(values), differences };
    } catch (caught) {
      if (!(caught instanceof UserError)) throw caught;
      const { where = 'settings', message } = caught.problem;
      const known = where in defaultStudySettings;
      const fallback = known ? defaultStudySettings[where as SettingId] : undefined;
      // A range that is reversed even with a default has its other end at fault.
      if (known && values[where] === fallback)
        return {
          settings: defaultStudySettings,
          differences: [
            ...differences,
            { where: 'settings', message: `${message} All settings were set to their defaults.` },
          ],
        };
      differences.push({
        where: `settings.${where}`,
        message: known ? `${message} Set to ${String(fallback)}.` : message,
      });
      if (known) values[where] = fallback;
      else delete values[where];
    }
  }
}
