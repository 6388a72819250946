/**
 * A study as a link: all settings that are not the default, and model and quotes by name and the beginning of their hash. Never content:
 * whoever opens it needs the same files.
 */

import { firstOf, repairSettings } from './repair.ts';
import type { RunManifest } from './runManifest.ts';
import { defaultRunSettings, type RunSettings, type SettingId, settingSpecs } from './settings.ts';

/** Of a SHA-256, in hexadecimal digits: enough that no two files are mistaken for each other by accident. */
export const DIGEST_LENGTH = 16;

/** Something by its name and the beginning of its hash. */
export interface Named {
  readonly name: string;
  readonly digest: string;
}

export interface RunLink {
  readonly settings: RunSettings;
  /** Settings the link names. */
  readonly named: ReadonlySet<SettingId>;
  readonly model: Named | undefined;
  /** One a symbol. */
  readonly data: readonly Named[];
  /** What of the link could not be used, in whole sentences. */
  readonly notes: readonly string[];
}

type Linked = Pick<RunManifest, 'settings' | 'model' | 'data'>;

/** The query of a link, without `?`. */
export function linkQuery({ settings, model, data }: Linked): string {
  const query = new URLSearchParams();
  for (const [id] of settingSpecs) {
    const value = settings[id];
    const always = id === 'heldForecast' && settings.strideTicks > 1;
    if (always || value !== defaultRunSettings[id]) query.set(id, value === null ? '' : String(value));
  }
  query.set('model', named(model.name, model.weightsSha256));
  for (const { symbol, gridSha256 } of data) query.append('data', named(symbol, gridSha256));
  return query.toString();
}

/** Reads a link; what is wrong in it is left at its default and said. Undefined where the query is no study's. */
export function readLink(query: string): RunLink | undefined {
  const parameters = new URLSearchParams(query);
  if ([...parameters.keys()].length === 0) return undefined;
  const values: Record<string, unknown> = {};
  const unknown: string[] = [];
  const known = new Map(settingSpecs);
  for (const [id, text] of parameters) {
    if (id === 'model' || id === 'data') continue;
    const spec = known.get(id as SettingId);
    if (!spec) {
      unknown.push(id.slice(0, 60));
      continue;
    }
    if (spec.kind === 'boolean') values[id] = text === 'true' ? true : text === 'false' ? false : text;
    else if (spec.kind === 'choice')
      values[id] = spec.options.find(({ value }) => String(value) === text)?.value ?? text;
    else if (spec.kind === 'optionalNumber') values[id] = text === '' ? null : Number(text);
    // Nothing is no number, though JavaScript takes it for 0.
    else values[id] = spec.kind === 'number' && text.trim() !== '' ? Number(text) : text;
  }
  // Links of earlier versions name it only where it was not the price that held.
  if ('strideTicks' in values && !('heldForecast' in values)) values.heldForecast = 'price';
  const { settings, differences } = repairSettings(values);
  const notes = [
    ...firstOf(
      unknown.map((id) => `The link sets “${id}”, which this version does not know.`),
      (count) => `The link sets ${count.toLocaleString('en')} more things that this version does not know.`,
    ),
    ...differences.map(({ message }) => message),
  ];
  for (const { where } of differences) delete values[where.replace('settings.', '')];
  return {
    settings,
    named: new Set(Object.keys(values) as SettingId[]),
    model: parameters.has('model') ? split(parameters.get('model') ?? '') : undefined,
    data: parameters.getAll('data').map(split),
    notes,
  };
}

/** How far what is loaded is what the link means, in sentences; empty where all is the same. */
export function linkDifferences(
  link: Pick<RunLink, 'model' | 'data'>,
  here: Pick<RunLink, 'model' | 'data'>,
): string[] {
  const differences: string[] = [];
  if (link.model && link.model.digest !== here.model?.digest) {
    differences.push(
      link.model.name === here.model?.name
        ? `The model ${link.model.name} has other weights here.`
        : `The link’s model is ${link.model.name}; ${here.model ? `${here.model.name} is loaded` : 'none is loaded'}.`,
    );
  }
  const loaded = new Map(here.data.map((each) => [each.name, each]));
  const ofData = link.data.flatMap(({ name, digest }) => {
    const here = loaded.get(name);
    if (!here) return [`Quotes of ${name.slice(0, 60)} are missing: add the file they were read from.`];
    return here.digest === digest ? [] : [`The quotes of ${name} are not those of the link.`];
  });
  const others = (count: number): string => `${count.toLocaleString('en')} more symbols are missing or differ.`;
  differences.push(...firstOf(ofData, others));
  const wanted = new Set(link.data.map(({ name }) => name));
  const more = link.data.length === 0 ? [] : here.data.filter(({ name }) => !wanted.has(name));
  if (more.length > 0) differences.push(`The link’s study did not have ${more.map(({ name }) => name).join(', ')}.`);
  return differences;
}

function named(name: string, sha256: string): string {
  return `${name}~${sha256.slice(0, DIGEST_LENGTH)}`;
}

function split(text: string): Named {
  const at = text.lastIndexOf('~');
  return at < 0 ? { name: text, digest: '' } : { name: text.slice(0, at), digest: text.slice(at + 1) };
}
