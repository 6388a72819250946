/** Repositories of a model hub (huggingface.co or one that answers like it): their names, addresses and what they hold. */

import * as v from 'valibot';
import { fail } from '../../core/errors.ts';
import { firstFew } from '../checkpoints/shards.ts';

/** Where checkpoints come from unless the page is told another address. */
export const defaultHub = 'https://huggingface.co';

/** `owner/name`, and a branch, tag or commit. */
export interface RepositoryName {
  readonly repo: string;
  readonly revision: string;
}

export interface HubFile {
  readonly path: string;
  /** Undefined where the hub does not say. */
  readonly bytes: number | undefined;
  /** SHA-256 the hub reports for large files, lower-case hex. */
  readonly sha256: string | undefined;
}

/** What the hub says about a repository, and which of its files make a checkpoint. */
export interface HubRepository {
  /** Address of the hub that said so: nothing else vouches for what follows. */
  readonly hub: string;
  readonly repo: string;
  /** Commit that all files are taken from, so that an interrupted download goes on with the same bytes. */
  readonly commit: string;
  readonly licence: string | undefined;
  /** Behind a licence that has to be accepted. */
  readonly gated: boolean;
  readonly parameters: number | undefined;
  readonly files: readonly HubFile[];
  /** Length of all files, where every one is known. */
  readonly totalBytes: number | undefined;
}

/**
 * A repository from what a person types: `owner/name`, `owner/name@revision`, or the address of its page.
 * @throws UserError `hub/name`
 */
export function parseRepositoryName(typed: string): RepositoryName {
  const bare = typed
    .trim()
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/\/+$/, '');
  const [, repo, tree, at] = /^([\w.-]+\/[\w.-]+?)(?:\/tree\/([\w./-]+)|@([\w./-]+))?$/.exec(bare) ?? [];
  if (repo === undefined || repo.includes('..')) {
    return fail('hub/name', `"${typed.trim()}" is no repository name.`, {
      hint: 'Write it as owner/name, for instance amazon/chronos-bolt-tiny.',
    });
  }
  return { repo, revision: tree ?? at ?? 'main' };
}

/** Address of what the hub says about a repository. */
export function describeUrl(base: string, { repo, revision }: RepositoryName): string {
  const at = revision === 'main' ? '' : `/revision/${encodeURIComponent(revision)}`;
  return `${trimmed(base)}/api/models/${repo}${at}?blobs=true`;
}

/** Address of a file's bytes. */
export function fileUrl(base: string, repo: string, commit: string, path: string): string {
  return `${trimmed(base)}/${repo}/resolve/${encodeURIComponent(commit)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const descriptionSchema = v.object({
  sha: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)),
  gated: v.optional(v.union([v.boolean(), v.string()]), false),
  cardData: v.nullish(v.object({ license: v.nullish(v.union([v.string(), v.array(v.string())])) })),
  safetensors: v.nullish(v.object({ total: v.nullish(v.number()) })),
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      lfs: v.nullish(
        v.object({
          sha256: v.nullish(v.string()),
          size: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
        }),
      ),
    }),
  ),
});

/**
 * Reads the hub's description of a repository.
 * @throws UserError `hub/answer` where it is none, `hub/no-weights` where no file is a checkpoint this program reads.
 */
export function readRepository(hub: string, repo: string, json: unknown): HubRepository {
  const parsed = v.safeParse(descriptionSchema, json);
  if (!parsed.success) {
    return fail('hub/answer', 'The hub’s answer is not a description of a repository.', {
      where: repo,
      hint: 'Check the address of the hub; a captive network may answer in its place.',
    });
  }
  const { sha, gated, cardData, safetensors, siblings } = parsed.output;
  const all = siblings.map(
    ({ rfilename, size, lfs }): HubFile => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? undefined,
      sha256: lfs?.sha256?.toLowerCase(),
    }),
  );
  const files = chooseFiles(all);
  if (files.length === 0) {
    fail(
      'hub/no-weights',
      `The repository holds no weights this page can read: ${firstFew(all.map(({ path }) => path))}.`,
      {
        where: repo,
        hint: 'It needs model.safetensors (or shards with an index), pytorch_model.bin, torch_model.ckpt or a .onnx file.',
      },
    );
  }
  const known = files.every(({ bytes }) => bytes !== undefined);
  return {
    hub: trimmed(hub),
    repo,
    commit: sha,
    licence: [cardData?.license ?? []].flat()[0],
    gated: gated !== false,
    parameters: safetensors?.total ?? undefined,
    files,
    totalBytes: known ? files.reduce((sum, { bytes }) => sum + bytes!, 0) : undefined,
  };
}

/** The first of these kinds of weights that is there, and the config. */
const kinds: readonly ((path: string) => boolean)[] = [
  (path) => path === 'model.safetensors',
  (path) => path === 'model.safetensors.index.json' || /^model-\d+-of-\d+\.safetensors$/.test(path),
  (path) => /^[^/]+\.safetensors$/.test(path),
  (path) => path === 'pytorch_model.bin',
  (path) => path === 'pytorch_model.bin.index.json' || /^pytorch_model-\d+-of-\d+\.bin$/.test(path),
  (path) => path === 'torch_model.ckpt',
  (path) => path === 'model.onnx' || path === 'model.onnx_data' || path === 'model.onnx.data',
];

function chooseFiles(all: readonly HubFile[]): HubFile[] {
  for (const belongs of kinds) {
    const weights = all.filter(({ path }) => belongs(path));
    const config = all.filter(({ path }) => path === 'config.json');
    if (weights.length > 0) return [...config, ...weights];
  }
  return [];
}

/** An address without slashes behind it. */
export function trimmed(base: string): string {
  return base.replace(/\/+$/, '');
}
