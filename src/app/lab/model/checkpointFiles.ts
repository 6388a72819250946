/** Finds a checkpoint's files among what the user dropped. */

import type { CheckpointFolder } from '../../../models/types.ts';
import { embeddedRecipes } from '../../../training/recipes.ts';
import type { DroppedFile } from '../data/droppedFiles.ts';

/** A checkpoint that comes with the page: pre-trained by this project (`npm run pretrain`). */
export interface EmbeddedCheckpoint {
  readonly name: string;
  /** Name for people. */
  readonly title: string;
}

/** Served below `checkpoints/`, each in the folder of its name. */
export const embeddedCheckpoints: readonly EmbeddedCheckpoint[] = embeddedRecipes.map(({ name, title }) => ({
  name,
  title,
}));

/** What the page opens with. */
export const defaultEmbedded = 'ttm-nano';

/** What was dropped, sorted by what it is for. */
export interface SortedFiles {
  readonly config: DroppedFile | undefined;
  /** One weights file, shards with their index, or an ONNX model with its data files. */
  readonly weights: readonly DroppedFile[];
  /** Everything else: taken for quotes. */
  readonly quotes: readonly DroppedFile[];
}

const onnx = /\.onnx$/i;
const onnxData = /\.(onnx[._]data|data|weights)$/i;
const shardIndex = /\.(safetensors|bin)\.index\.json$/;
const shard = /-\d+-of-\d+\.(safetensors|bin)$/;
/** In the order in which one is preferred to another. */
const single = [/^model\.safetensors$/, /\.safetensors$/, /^pytorch_model\.bin$/, /\.(ckpt|pt|pth)$/];
const pickled = /\.pkl$/i;

/** Names that belong to checkpoints, whether a file is used or not. A `.pkl` may be weights or a table: its first bytes tell. */
export async function sortFiles(files: readonly DroppedFile[]): Promise<SortedFiles> {
  const archives = await Promise.all(files.map(async ({ file }) => pickled.test(file.name) && (await isArchive(file))));
  const torchArchives = files.filter((_, i) => archives[i]);
  const named = (pattern: RegExp): DroppedFile[] => files.filter(({ file }) => pattern.test(file.name));
  const config = files.find(({ file }) => file.name === 'config.json');
  const models = named(onnx);
  const indices = named(shardIndex);
  const taken = (): readonly DroppedFile[] => {
    if (models.length > 0) return [...models, ...named(onnxData)];
    if (indices.length > 0 || named(shard).length > 1) return [...indices, ...named(shard)];
    const first = [...single.map((pattern) => named(pattern)[0]), torchArchives[0]].find((file) => file !== undefined);
    return first ? [first] : [];
  };
  const weights = taken();
  const others = [...single.flatMap(named), ...torchArchives];
  const quotes = files.filter((file) => file !== config && !weights.includes(file) && !others.includes(file));
  return { config, weights, quotes };
}

/** As `torch.save` writes them: a zip. */
async function isArchive(file: Blob): Promise<boolean> {
  const [p, k] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return p === 0x50 && k === 0x4b;
}

/** A dropped checkpoint; it is called after the folder it lay in, where that is known. Its weights are read by the worker. */
export async function readCheckpoint(
  config: DroppedFile | undefined,
  weights: readonly DroppedFile[],
): Promise<CheckpointFolder> {
  const first = weights[0];
  const folder = first?.path.split('/').at(-2);
  const alone = first && weights.length === 1 && !config ? first.file.name : 'dropped checkpoint';
  return {
    name: folder ?? alone,
    files: weights.map(({ file }) => ({ path: file.name, data: file })),
    ...(config && { configJson: await config.file.text() }),
  };
}
