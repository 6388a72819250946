/**
 * Checkpoints kept on this device: looked up at a hub, downloaded file by file, listed, opened, deleted. A checkpoint is a
 * folder with its files and a note of what it is; it counts as whole when the note has a hash for every file.
 */

import * as v from 'valibot';
import { fail, isAbort, UserError } from '../../core/errors.ts';
import { admitServer, standingOf } from '../../core/hosts.ts';
import { sha256 } from '../../core/sha256.ts';
import { checkHash } from '../checkpoints/readWeights.ts';
import { POSTERIOR_FILE } from '../posterior/gaussian.ts';
import type { CheckpointFile, CheckpointFiles, CheckpointFolder } from '../types.ts';
import { type DownloadTools, downloadFile, headOf, writeFile } from './downloadFile.ts';
import {
  defaultHub,
  describeUrl,
  fileUrl,
  type HubRepository,
  parseRepositoryName,
  readRepository,
  trimmed,
} from './repository.ts';
import { exhausted, judgeFailure, MOST_FAILURES, pauseMs } from './responses.ts';

/** How a hub may be asked. */
export interface HubAccess {
  readonly base: string;
  /** For gated repositories of the official hub; no other is ever sent it. */
  readonly token?: string;
  /** Somebody clicked on a button with this address in full. Without that none but the official hub is asked. */
  readonly clicked?: boolean;
}

export interface DownloadProgress {
  /** File being downloaded. */
  readonly path: string;
  readonly stage: 'receiving' | 'waiting' | 'verifying';
  /** Bytes of all files together. */
  readonly received: number;
  readonly total: number | undefined;
  /** Why it waits, and for how long. */
  readonly reason?: string;
  readonly waitMs?: number;
}

/** A checkpoint on this device. */
export interface KeptCheckpoint {
  /** Name of its folder. */
  readonly id: string;
  /** What it is called: with the hub's address where that is not the official one. */
  readonly name: string;
  readonly repo: string;
  /** Where it came from; undefined where it was made here. */
  readonly hub: string | undefined;
  readonly commit: string;
  readonly licence: string | undefined;
  readonly whole: boolean;
  /** Bytes that are here, and that there will be. */
  readonly bytes: number;
  readonly totalBytes: number | undefined;
}

const ROOT = 'checkpoints';
const NOTE = 'download.json';

const noteSchema = v.object({
  repo: v.string(),
  /** Address of the hub. Absent where it was made here, or downloaded before addresses were noted (`madeHere`). */
  hub: v.optional(v.string()),
  commit: v.string(),
  licence: v.optional(v.string()),
  files: v.array(
    v.object({
      path: v.string(),
      bytes: v.optional(v.number()),
      sha256: v.optional(v.string()),
      /** SHA-256 of what arrived; absent until the file is whole. */
      arrived: v.optional(v.string()),
    }),
  ),
});
type Note = v.InferOutput<typeof noteSchema>;

export class CheckpointLibrary {
  constructor(private readonly tools: DownloadTools) {}

  /**
   * What a hub says about a repository (`owner/name`, with `@revision` where it is not the main one).
   * @throws UserError `hub/…`
   */
  async lookUp(typed: string, access: HubAccess, signal: AbortSignal): Promise<HubRepository> {
    const name = parseRepositoryName(typed);
    const { base } = access;
    const token = tokenFor(access);
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    let reason = '';
    for (let failures = 1; failures < MOST_FAILURES; failures++) {
      const answer = await this.tools.fetch(describeUrl(base, name), { headers, signal }).catch((caught: unknown) => {
        if (isAbort(caught)) throw caught;
        return caught instanceof Error ? caught.message : String(caught);
      });
      let afterMs: number | undefined;
      if (typeof answer === 'string') reason = answer;
      else if (answer.ok) return readRepository(base, name.repo, await answer.json().catch(() => undefined));
      else {
        const verdict = judgeFailure(name.repo, headOf(answer));
        if (verdict.kind === 'refuse') throw new UserError(verdict.problem);
        if (verdict.kind === 'retry') ({ reason, afterMs } = verdict);
      }
      await this.tools.wait(pauseMs(failures, afterMs), signal);
    }
    throw new UserError(exhausted(`the description of ${name.repo}`, reason));
  }

  /**
   * Downloads what is not here yet, from the hub that described it. Pausing is aborting: what came is kept, and the same call goes on.
   * @throws UserError `hub/…`, `network/not-allowed`, AbortError
   */
  async download(
    repository: HubRepository,
    access: HubAccess,
    onProgress: (progress: DownloadProgress) => void,
    signal: AbortSignal,
  ): Promise<KeptCheckpoint> {
    const { hub } = repository;
    const token = tokenFor({ ...access, base: hub });
    const id = folderName(repository);
    const noted = await this.readNote(id);
    let note = noted?.hub === hub ? noted : noteOf(repository);
    await this.writeNote(id, note);
    const total = repository.totalBytes;
    let before = 0;
    for (const [index, file] of note.files.entries()) {
      const target = `${ROOT}/${id}/${localName(file.path)}`;
      if (file.arrived === undefined) {
        const report = (stage: DownloadProgress['stage'], received: number, more: object = {}): void =>
          onProgress({ path: file.path, stage, received: before + received, total, ...more });
        let latest = await this.tools.store.size(`${target}.part`);
        const url = fileUrl(hub, note.repo, note.commit, file.path);
        const { path, bytes, sha256 } = file;
        const arrived = await downloadFile(
          { url, target, path, bytes, sha256, token },
          this.tools,
          (progress) => {
            if (progress.kind === 'receiving') latest = progress.received;
            const pause = progress.kind === 'waiting' ? { reason: progress.reason, waitMs: progress.ms } : {};
            report(progress.kind, latest, pause);
          },
          signal,
        );
        note = { ...note, files: note.files.with(index, { ...file, arrived }) };
        await this.writeNote(id, note);
      }
      before += await this.tools.store.size(target);
    }
    return this.describe(id, note);
  }

  /** Keeps a checkpoint that was made here. @throws UserError where there is no room. */
  async keep({ name, configJson, weights, posterior }: CheckpointFiles): Promise<KeptCheckpoint> {
    const weightsHash = await sha256(weights);
    const posteriorHash = posterior && (await sha256(posterior));
    // The same weights with another posterior are another checkpoint.
    const commit = posteriorHash
      ? await sha256(new TextEncoder().encode(`${weightsHash} ${posteriorHash}`))
      : weightsHash;
    const id = folderName({ repo: name.replace(/[^\w.-]+/g, '-'), commit });
    const config = new TextEncoder().encode(configJson);
    const files = [
      { path: 'config.json', bytes: config, arrived: await sha256(config) },
      { path: 'model.safetensors', bytes: weights, arrived: weightsHash },
      ...(posterior && posteriorHash ? [{ path: POSTERIOR_FILE, bytes: posterior, arrived: posteriorHash }] : []),
    ];
    for (const { path, bytes } of files) await writeFile(this.tools.store, `${ROOT}/${id}/${path}`, bytes);
    const note = {
      repo: name,
      commit,
      files: files.map(({ path, bytes, arrived }) => ({ path, bytes: bytes.length, sha256: arrived, arrived })),
    };
    await this.writeNote(id, note);
    return this.describe(id, note);
  }

  /** Everything that is kept, downloads that were not finished too. */
  async list(): Promise<KeptCheckpoint[]> {
    const kept: KeptCheckpoint[] = [];
    for (const name of await this.tools.store.list(ROOT)) {
      const id = name.replace(/\/$/, '');
      const note = await this.readNote(id);
      if (note) kept.push(await this.describe(id, note));
    }
    return kept.sort((a, b) => a.id.localeCompare(b.id));
  }

  /** What a download that was not finished was made of, to go on with it. */
  async resumable(id: string): Promise<HubRepository> {
    const note = (await this.readNote(id)) ?? this.missing(id);
    const { totalBytes } = await this.describe(id, note);
    const files = note.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
    // Of one whose hub was not noted nothing but the official hub can be meant; what it says is trusted for it alone.
    const { hub = defaultHub, repo, commit, licence } = note;
    return { hub, repo, commit, licence, gated: false, parameters: undefined, files, totalBytes };
  }

  /**
   * A kept checkpoint's files.
   * @throws UserError `hub/not-kept` where it is gone or not whole, `checkpoint/damaged` where it has changed.
   */
  async open(id: string): Promise<CheckpointFolder> {
    const note = (await this.readNote(id)) ?? this.missing(id);
    if (!isWhole(note)) this.missing(id);
    const { store } = this.tools;
    const files: CheckpointFile[] = [];
    let configJson: string | undefined;
    for (const { path, arrived = '' } of note.files) {
      const data = (await store.open(`${ROOT}/${id}/${localName(path)}`)) ?? this.missing(id);
      // The others are looked at where they are read whole.
      if (path !== 'config.json') files.push({ path, data, sha256: arrived });
      else {
        const bytes = new Uint8Array(await data.arrayBuffer());
        await checkHash(path, bytes, arrived);
        configJson = new TextDecoder().decode(bytes);
      }
    }
    return { name: nameOf(note), files, ...(configJson !== undefined && { configJson }) };
  }

  remove(id: string): Promise<void> {
    return this.tools.store.remove(`${ROOT}/${id}`);
  }

  private async describe(id: string, note: Note): Promise<KeptCheckpoint> {
    let bytes = 0;
    for (const { path, arrived } of note.files) {
      const target = `${ROOT}/${id}/${localName(path)}`;
      bytes += await this.tools.store.size(arrived === undefined ? `${target}.part` : target);
    }
    const known = note.files.every((file) => file.bytes !== undefined);
    const totalBytes = known ? note.files.reduce((sum, file) => sum + file.bytes!, 0) : undefined;
    const { repo, hub, commit, licence } = note;
    return { id, name: nameOf(note), repo, hub, commit, licence, whole: isWhole(note), bytes, totalBytes };
  }

  private async readNote(id: string): Promise<Note | undefined> {
    const path = `${ROOT}/${id}/${NOTE}`;
    const text = await (await this.tools.store.open(path))?.text();
    if (!text) return undefined;
    try {
      const parsed = v.safeParse(noteSchema, JSON.parse(text));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined; // Cut off when the page was closed: the download begins anew.
    }
  }

  private async writeNote(id: string, note: Note): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(note));
    await writeFile(this.tools.store, `${ROOT}/${id}/${NOTE}`, bytes);
  }

  private missing(id: string): never {
    return fail('hub/not-kept', 'This checkpoint is not whole on this device.', {
      where: id,
      hint: 'Resume its download, or delete it.',
    });
  }
}

function isWhole(note: Note): boolean {
  return note.files.every(({ arrived }) => arrived !== undefined);
}

function noteOf({ hub, repo, commit, licence, files }: HubRepository): Note {
  return {
    repo,
    hub,
    commit,
    ...(licence !== undefined && { licence }),
    files: files.map(({ path, bytes, sha256 }) => ({
      path,
      ...(bytes !== undefined && { bytes }),
      ...(sha256 !== undefined && { sha256 }),
    })),
  };
}

/** The token of a request to this hub. @throws UserError where the hub may not be asked. */
function tokenFor({ base, token, clicked }: HubAccess): string | undefined {
  if (standingOf(base, 'models') === 'official') return token;
  if (!clicked) {
    fail('hub/not-asked', `${base} is not the official hub, and nobody has agreed to ask it.`, {
      hint: 'The section “From a model hub” asks whether to.',
    });
  }
  admitServer(base, 'models');
  return undefined;
}

/** What a checkpoint is called: a name of the official hub's is only given to what came from there. */
function nameOf({ repo, hub, commit }: Note): string {
  if (hub === undefined) return madeHere(commit) ? repo : `${repo} (of a hub that was not noted)`;
  return standingOf(hub, 'models') === 'official' ? repo : `${hub.replace(/^https?:\/\//, '')}/${repo}`;
}

/** What is made here has a whole SHA-256 for its commit; hubs name commits by a shorter hash. */
function madeHere(commit: string): boolean {
  return commit.length === 64;
}

/** One folder a hub, repository and commit: what one hub says of a commit is not believed of another's. */
function folderName({ hub, repo, commit }: Pick<HubRepository, 'repo' | 'commit'> & { hub?: string }): string {
  const from = hub === undefined ? '' : `${encodeURIComponent(trimmed(hub))}--`;
  return `${from}${repo.replace('/', '--')}@${commit.slice(0, 12)}`;
}

/** Files lie flat in their folder. */
function localName(path: string): string {
  return path.replaceAll('/', '--');
}
