/** What a study was made of: with the same manifest anyone gets the same numbers. Plain JSON, written into every export and link. */

import * as v from 'valibot';
import { fail } from '../core/errors.ts';
import type { BackendInfo, ModelCard } from '../models/types.ts';
import { earlierSettings, parseRunSettings, type RunSettings } from './settings.ts';

const MANIFEST_VERSION = 1;

/** One asset's quotes. */
export interface DataEntry {
  readonly symbol: string;
  /** For people: file names, or the simulator and its seed. */
  readonly source: string;
  /** SHA-256 of the resampled grid (`hashGrid`), lower-case hex. */
  readonly gridSha256: string;
}

export interface RunManifest {
  readonly schemaVersion: typeof MANIFEST_VERSION;
  readonly kind: 'market-line';
  readonly appVersion: string;
  readonly data: readonly DataEntry[];
  readonly model: Pick<ModelCard, 'name' | 'family' | 'weightsSha256' | 'configSha256' | 'precision'>;
  /** All of them, the seed included. */
  readonly settings: RunSettings;
  /** What executed the model: outcomes agree across back ends to rounding, within one exactly. */
  readonly backend: Pick<BackendInfo, 'provider' | 'adapter'>;
}

export interface ManifestParts {
  readonly appVersion: string;
  readonly data: readonly DataEntry[];
  readonly card: ModelCard;
  readonly backend: BackendInfo;
  readonly settings: RunSettings;
}

export function makeManifest({ appVersion, data, card, backend, settings }: ManifestParts): RunManifest {
  const { name, family, weightsSha256, configSha256, precision } = card;
  const { provider, adapter } = backend;
  return {
    schemaVersion: MANIFEST_VERSION,
    kind: 'market-line',
    appVersion,
    data,
    model: { name, family, weightsSha256, configSha256, ...(precision && { precision }) },
    settings,
    backend: adapter === undefined ? { provider } : { provider, adapter },
  };
}

const sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'));

const manifestSchema = v.object({
  schemaVersion: v.literal(MANIFEST_VERSION),
  kind: v.literal('market-line'),
  appVersion: v.string(),
  data: v.array(v.object({ symbol: v.string(), source: v.string(), gridSha256: sha256Hex })),
  model: v.object({
    name: v.string(),
    family: v.string(),
    weightsSha256: sha256Hex,
    configSha256: sha256Hex,
    precision: v.exactOptional(v.picklist(['f16', 'int8', 'int4'])),
  }),
  settings: v.unknown(),
  backend: v.object({ provider: v.picklist(['webgpu', 'wasm']), adapter: v.exactOptional(v.string()) }),
});

/** Checks anything read from a file or a link. Throws a `UserError` that names the field at fault. */
export function parseManifest(unknown: unknown): RunManifest {
  const parsed = v.safeParse(manifestSchema, unknown);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    fail('study/manifest', `This is not a study of this version: ${issue.message}.`, {
      where: v.getDotPath(issue) ?? 'manifest',
      hint: 'Use a manifest saved by PML Lab.',
    });
  }
  return { ...parsed.output, settings: parseRunSettings(earlierSettings(parsed.output.settings)) };
}
