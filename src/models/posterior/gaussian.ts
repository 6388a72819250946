/**
 * A posterior over a checkpoint's weights: normal around them with a diagonal and a low-rank part, tensor by tensor. SWAG and the Laplace
 * approximation both come to this, so that drawing, storing and forecasting need to know only it. It lies in a file beside the weights.
 */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import { floatValues, readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts';
import { sizeOf } from '../graph/ir.ts';
import type { PosteriorKind } from '../types.ts';

/** Spread of one tensor's values, row by row. */
export interface TensorSpread {
  readonly shape: readonly number[];
  /** Standard deviation of each element's own part. */
  readonly deviation: Float32Array;
  /** [R] columns of the low-rank part; column r of all tensors shares one standard normal draw. */
  readonly columns: readonly Float32Array[];
}

export interface GaussianPosterior {
  readonly kind: PosteriorKind;
  /** By official name. Weights that are not here are certain. */
  readonly tensors: ReadonlyMap<string, TensorSpread>;
}

type NamedTensor = readonly [name: string, shape: readonly number[], values: Float32Array];

/** The file's name in a checkpoint's folder. */
export const POSTERIOR_FILE = 'posterior.safetensors';

/**
 * Variant k ≥ 1 of a seed: the weights that differ from the checkpoint's, always the same ones. Variant 0, the deterministic model, has
 * the checkpoint's own.
 *
 * @param weights the checkpoint's, by name
 */
export function drawWeights(
  { kind, tensors }: GaussianPosterior,
  weights: (name: string) => Float32Array,
  k: number,
  seed: number,
): ReadonlyMap<string, Float32Array> {
  if (k === 0) return new Map();
  const common = new RandomStream(seed, `posterior/${kind}`, k);
  const rank = Math.max(0, ...[...tensors.values()].map(({ columns }) => columns.length));
  const shared = Array.from({ length: rank }, () => common.normal());
  return new Map(
    [...tensors].map(([name, { deviation, columns }]) => {
      const stream = new RandomStream(seed, `posterior/${kind}/${name}`, k);
      const drawn = weights(name).map((value, i) => value + deviation[i]! * stream.normal());
      columns.forEach((column, r) => {
        const weight = shared[r]!;
        for (let i = 0; i < drawn.length; i++) drawn[i] = drawn[i]! + weight * column[i]!;
      });
      return [name, drawn];
    }),
  );
}

/** @param metadata provenance, for people */
export function writePosterior(
  { kind, tensors }: GaussianPosterior,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const stored = [...tensors].flatMap(([name, { shape, deviation, columns }]): NamedTensor[] => [
    [`deviation/${name}`, shape, deviation],
    ...columns.map((column, r): NamedTensor => [`column.${r}/${name}`, shape, column]),
  ]);
  return writeSafetensors(stored, { ...metadata, posterior: kind });
}

/**
 * @param wanted the checkpoint's weights: a posterior of another model is refused
 * @throws UserError `checkpoint/posterior` naming the tensor
 */
export function readPosterior(
  bytes: Uint8Array,
  wanted: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  where: string,
): GaussianPosterior {
  const broken = (message: string): never =>
    fail('checkpoint/posterior', message, {
      where,
      hint: 'The posterior and the weights must come from the same training run. Leave it out to use MC-dropout.',
    });
  const file = readSafetensors(bytes, where);
  const { posterior: kind } = file.metadata;
  if (kind !== 'swag' && kind !== 'laplace') return broken('The file does not say whether it is SWAG or Laplace.');
  const tensors = new Map<string, TensorSpread>();
  for (const [key, tensor] of file.tensors) {
    const [part, name] = splitKey(key);
    const shape = wanted.get(name)?.shape;
    if (!shape) broken(`The posterior is of a tensor ${name} that the model does not have.`);
    else if (String(shape) !== String(tensor.shape)) {
      broken(`The posterior of ${name} has the shape [${tensor.shape}], not the model's [${shape}].`);
    }
    if (tensor.type !== 'F32') broken(`The posterior of ${name} is stored as ${tensor.type}, not as F32.`);
    const values = floatValues(file, tensor);
    if (!values.every(Number.isFinite)) broken(`The posterior of ${name} holds values that are no numbers.`);
    const known = tensors.get(name) ?? {
      shape: tensor.shape,
      deviation: new Float32Array(sizeOf(tensor.shape)),
      columns: [],
    };
    if (part === 'deviation') tensors.set(name, { ...known, deviation: values });
    else {
      const columns = [...known.columns];
      columns[Number(part.slice('column.'.length))] = values;
      tensors.set(name, { ...known, columns });
    }
  }
  for (const [name, { columns }] of tensors) {
    if (Object.keys(columns).length !== columns.length) broken(`The posterior of ${name} lacks a column.`);
  }
  return { kind, tensors };
}

function splitKey(key: string): readonly [part: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
