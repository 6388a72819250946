/** The page behind `npm run study`: does a manifest's jobs with the page's own model worker, and hands each result to the script. */

import { fail, toProblem } from '../../core/errors.ts';
import type { Forecaster, ModelCard } from '../../models/types.ts';
import { readQuoteFiles } from '../../quotes/import.ts';
import { resolveStudy, type StudyEnvironment } from '../../studies/machine/environment.ts';
import { forecastSettingsFor } from '../../studies/machine/jobs.ts';
import type { StudyModel } from '../../studies/machine/manifest.ts';
import { measurePlan, planJobs } from '../../studies/machine/plan.ts';
import { runJobs } from '../../studies/machine/runJobs.ts';
import { type CheckpointSource, ModelEngine, type ReadyModel } from '../engine/modelEngine.ts';
import { TrainingEngine } from '../engine/trainingEngine.ts';
import type { HeadlessAnswer, HeadlessHost, HeadlessPage, HeadlessRequest } from './protocol.ts';

declare global {
  interface Window extends HeadlessHost, HeadlessPage {}
}

const engine = new ModelEngine();
const training = new TrainingEngine();
/** Decided once: results of two back ends are not the same to the bit. */
const preference = (await hasGpu()) ? 'webgpu' : 'wasm';
let open: { readonly name: string; readonly ready: ReadyModel } | undefined;

async function hasGpu(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return adapter != null && !adapter.info.isFallbackAdapter && adapter.info.architecture !== 'swiftshader';
}

async function sourceOf({ source, folder }: StudyModel): Promise<CheckpointSource> {
  if (source === 'embedded') {
    const [config, weights] = await Promise.all(
      ['config.json', 'model.safetensors'].map((file) => served(`checkpoints/${folder}/${file}`)),
    );
    return { name: folder, configJson: new TextDecoder().decode(config), weights: weights! };
  }
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

async function served(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI));
  // A static server without the file may answer with a page.
  if (response.ok && !response.headers.get('content-type')?.includes('text/html'))
    return new Uint8Array(await response.arrayBuffer());
  return fail('study/no-model', `There is no ${path}.`, { where: path });
}

async function fileOf(path: string): Promise<Uint8Array | undefined> {
  const base64 = await window.pmlFile(path);
  return base64 === null ? undefined : fromBase64(base64);
}

async function needed(path: string): Promise<Uint8Array> {
  return (await fileOf(path)) ?? fail('study/no-file', `There is no file ${path}.`, { where: path });
}

function forecasterOf({ card, backend }: ReadyModel): Forecaster {
  return {
    card,
    backend,
    measure: (settings) => engine.measure(settings),
    forecast: (...request) => engine.forecast(...request),
    release: async () => {},
  };
}

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
  async open(model) {
    if (open?.name !== model.name) {
      const { precision } = model;
      open = { name: model.name, ready: await engine.load(await sourceOf(model), preference, { precision }) };
    }
    return forecasterOf(open.ready);
  },
  async tune(model, grids, settings, signal = new AbortController().signal) {
    const source = await sourceOf(model);
    const request = { source, answers: {}, grids, settings, preference } as const;
    const { files } = await training.run('graph', request, () => {}, signal);
    const { precision } = model;
    open = { name: `${model.name}, tuned`, ready: await engine.load(files, preference, { precision }) };
    return forecasterOf(open.ready);
  },
};

async function run({ manifest, shard, repair }: HeadlessRequest): Promise<HeadlessAnswer> {
  try {
    const study = await resolveStudy(manifest, environment, repair);
    const counted = await planJobs(study, environment, shard);
    const plan = await measurePlan(counted, study, environment);
    await runJobs(plan, study, environment, { onProgress: (progress) => void window.pmlProgress(progress) });
    const cards: Record<string, ModelCard> = {};
    const latencyMs: Record<string, number> = {};
    for (const model of study.manifest.models) {
      cards[model.name] = study.cardOf(model.name);
      const wanted = study.wanted.find((each) => each.model === model.name);
      if (!wanted) continue;
      const forecaster = await environment.open(model);
      const { anchored: _, posterior: __, ...settings } = forecastSettingsFor(study.manifest, wanted);
      // A fresh mask for every forecast makes batches of one: the time a single answer takes.
      latencyMs[model.name] = 1000 * (await forecaster.measure({ ...settings, variants: 0, freshMasks: true }));
    }
    const { backend } = open!.ready;
    const description = `${backend.provider === 'webgpu' ? `WebGPU on ${backend.adapter}` : `WASM with ${backend.threads} threads`}, ${navigator.hardwareConcurrency} cores`;
    return { kind: 'done', provider: preference, cards, device: { description, latencyMs } };
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
