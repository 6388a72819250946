/**
 * What earlier versions wrote, in the words of this one. Numbers stay as they are: only keys were renamed.
 * Version 2 of manifests called the figures `studies`; version 2 of results named the length of a resampled block in days, whatever its periods.
 */

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A study manifest of version 2 as one of version 3; anything else as it is. */
export function upgradeManifest(manifest: unknown): unknown {
  if (!isRecord(manifest) || manifest.schemaVersion !== 2 || !('studies' in manifest)) return manifest;
  const { studies, ...rest } = manifest;
  return { ...rest, schemaVersion: 3, figures: studies };
}

/** Results of version 2 as those of version 3, their manifest too; anything else as it is. */
export function upgradeResults(results: unknown): unknown {
  if (!isRecord(results) || results.resultsVersion !== 2) return results;
  const renamed = renameKeys(results, new Map([['blockDays', 'blockPeriods']])) as Json;
  return { ...renamed, resultsVersion: 3, manifest: upgradeManifest(renamed.manifest) };
}

/** The same value with some keys renamed, at any depth. */
function renameKeys(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => renameKeys(each, names));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [names.get(key) ?? key, renameKeys(each, names)]),
  );
}
