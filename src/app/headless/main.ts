/** The page behind `npm run study`: does a manifest's jobs with the page's own model worker, and hands each result to the script. */

import '../../../workers/link/guard.ts';
import type { CheckpointSource } from '../../../workers/model/client.ts';
import { fetchEmbeddedCheckpoint } from '../../../workers/model/embeddedFiles.ts';
import { StudyModels } from '../../../workers/study/models.ts';
import { fail, toProblem } from '../../core/errors.ts';
import { askForAdapter } from '../../models/runtime/adapter.ts';
import { readQuoteFiles } from '../../quotes/import.ts';
import type { StudyEnvironment } from '../../studies/machine/environment.ts';
import type { StudyModel } from '../../studies/machine/studyManifest.ts';
import { forecastStudy, prepareStudy } from '../../studies/runStudy.ts';
import type { HeadlessAnswer, HeadlessHost, HeadlessPage, HeadlessRequest } from './protocol.ts';

declare global {
  interface Window extends HeadlessHost, HeadlessPage {}
}

/** Decided once: results of two back ends are not the same to the bit. */
const preference = (await hasGpu()) ? 'webgpu' : 'wasm';

async function hasGpu(): Promise<boolean> {
  const adapter = await askForAdapter();
  return typeof adapter !== 'string' && !adapter.info.isFallbackAdapter && adapter.info.architecture !== 'swiftshader';
}

async function sourceOf({ source, folder }: StudyModel): Promise<CheckpointSource> {
  if (source === 'embedded') return fetchEmbeddedCheckpoint(folder, document.baseURI);
  const names = await window.pmlFolder(folder);
  const config = await fileOf(`${folder}/config.json`);
  const files = await Promise.all(
    names
      .filter((name) => name !== 'config.json')
      .map(async (path) => ({ path, data: await needed(`${folder}/${path}`) })),
  );
  if (files.length === 0) fail('study/no-model', `There is no checkpoint in the folder ${folder}.`, { where: folder });
  return { name: folder, files, ...(config && { configJson: new TextDecoder().decode(config) }) };
}

async function fileOf(path: string): Promise<Uint8Array | undefined> {
  const base64 = await window.pmlFile(path);
  return base64 === null ? undefined : fromBase64(base64);
}

async function needed(path: string): Promise<Uint8Array> {
  return (await fileOf(path)) ?? fail('study/no-file', `There is no file ${path}.`, { where: path });
}

const models = new StudyModels(preference, sourceOf);

const environment: StudyEnvironment = {
  provider: preference,
  store: {
    keys: () => window.pmlJobKeys(),
    async get(key) {
      const base64 = await window.pmlJobGet(key);
      return base64 === null ? undefined : fromBase64(base64);
    },
    put: (key, bytes) => window.pmlJobPut(key, toBase64(bytes)),
    remove: async () => {},
  },
  async readFiles(paths) {
    const files = await Promise.all(paths.map(async (path) => ({ name: path, bytes: await needed(path) })));
    const { series, reports } = await readQuoteFiles(files);
    const problem = reports.find((report) => report.problem)?.problem;
    if (problem) fail(problem.code, problem.message, problem);
    return series;
  },
  open: models.open,
  tune: models.tune,
};

async function run({ manifest, shard, repair }: HeadlessRequest): Promise<HeadlessAnswer> {
  try {
    const prepared = await prepareStudy(manifest, environment, { repair, shard });
    const device = await forecastStudy(prepared, environment, models.describeDevice, {
      onProgress: (step) => void window.pmlProgress(step),
    });
    const { study } = prepared;
    const cards = Object.fromEntries(study.manifest.models.map(({ name }) => [name, study.cardOf(name)]));
    return { kind: 'done', provider: preference, cards, device };
  } catch (caught) {
    return { kind: 'failed', problem: toProblem(caught) };
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

Object.assign(window, { pmlRun: run } satisfies HeadlessPage);
