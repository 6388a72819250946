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

/** More of a kind than this are counted, not listed: a link can name any number of things. */
const LISTED = 8;

/** The first of a list as they are, and of the others how many there are. */
export function firstOf<T>(all: readonly T[], others: (count: number) => T): T[] {
  return all.length <= LISTED ? [...all] : [...all.slice(0, LISTED), others(all.length - LISTED)];
}

/** Settings with every one that cannot be set to its default, and a list of those; `path` is where they stand. */
export function repairTable<Settings extends object>(
  given: Readonly<Record<string, unknown>>,
  { parse, defaults }: Checking<Settings>,
  path: string,
): { settings: Settings; differences: Difference[] } {
  const fallbacks = new Map<string, unknown>(Object.entries(defaults));
  const [values, unknown] = separate(given, fallbacks);
  const differences = firstOf(
    unknown.map((id): Difference => ({ where: `${path}.${id}`, message: 'There is no such setting.' })),
    (count) => ({ where: path, message: `There are ${count.toLocaleString('en')} more settings that are unknown.` }),
  );
  const attempt = (tried: object): Settings | UserError => {
    try {
      return parse(tried);
    } catch (caught) {
      if (caught instanceof UserError) return caught;
      throw caught;
    }
  };
  for (;;) {
    const settings = attempt(values);
    if (!(settings instanceof UserError)) return { settings, differences };
    const { where = path, message } = settings.problem;
    // A range that is reversed even with a default has its other end at fault: the setting without which the complaint ends.
    const sameFault = (id: string): boolean => {
      const without = attempt({ ...values, [id]: fallbacks.get(id) });
      return without instanceof UserError && without.problem.where === where;
    };
    // Of two ways out, a value is changed rather than a part of the study turned off.
    const changed = Object.keys(values)
      .filter((id) => values[id] !== fallbacks.get(id))
      .sort((a, b) => Number(typeof values[a] === 'boolean') - Number(typeof values[b] === 'boolean'));
    const id = changed.includes(where) ? where : changed.find((each) => !sameFault(each));
    if (id === undefined) {
      const all = `${message} All settings were set to their defaults.`;
      return { settings: defaults, differences: [...differences, { where: path, message: all }] };
    }
    const fallback = fallbacks.get(id);
    const set = id === where ? 'Set' : `“${id}” was set`;
    differences.push({ where: `${path}.${id}`, message: `${message} ${set} to ${String(fallback)}.` });
    values[id] = fallback;
  }
}

/** The settings that there are, and the names of the others. */
function separate(
  given: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, unknown>,
): [Record<string, unknown>, string[]] {
  const entries = Object.entries(given);
  return [
    Object.fromEntries(entries.filter(([id]) => known.has(id))),
    entries.filter(([id]) => !known.has(id)).map(([id]) => id.slice(0, 60)),
  ];
}
