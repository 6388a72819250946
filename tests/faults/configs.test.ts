/** Checkpoint configurations made to take the machine: each number of each family's config in turn, enormous. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { toProblem } from '../../src/core/errors.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { openArchitecture } from '../../src/models/registry.ts';
import { full } from './support/full.ts';

type Json = { [key: string]: Json } | Json[] | number | string | boolean | null;

const folder = join(import.meta.dirname, '../../public/checkpoints');
const configs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => basename(path) === 'config.json')
  .map((path): [string, Json] => [
    basename(dirname(path)),
    JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json,
  ]);

/** Of a config, every place of a whole number: dotted names. */
function places(json: Json, name = ''): string[] {
  if (typeof json === 'number') return Number.isInteger(json) ? [name] : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => places(value, name ? `${name}.${key}` : key));
}

function withNumber(json: Json, place: string, value: number): Json {
  const copy = structuredClone(json) as { [key: string]: Json };
  const keys = place.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((inner, key) => inner[key] as { [key: string]: Json }, copy);
  holder[last] = value;
  return copy;
}

/** Reads a config and builds its graph, as opening the checkpoint does; how it ended. */
function open(json: Json): { readonly message: string | undefined; readonly seconds: number } {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  try {
    const architecture = openArchitecture(JSON.stringify(json), 'config.json');
    architecture.addTo(new Graph(), { contexts: 1, channels: architecture.shape.channels });
    return { message: undefined, seconds: seconds() };
  } catch (caught) {
    return { message: toProblem(caught).message, seconds: seconds() };
  }
}

/** What sets how large a network is, in every family's words. */
const sizes = /(layers|layers\.0|d_model|hidden_size|d_ff|context_len(gth)?|seq_len|input_dim|model_dims|vocab_size)$/;

test.each(configs)('%s: each number as 1e9 is refused at once with the field named, or is not read', (_, json) => {
  expect(open(json).message).toBeUndefined();
  const refused: string[] = [];
  for (const place of places(json)) {
    const { message, seconds } = open(withNumber(json, place, 1e9));
    expect(seconds, place).toBeLessThan(1);
    if (message === undefined) continue;
    expect(message, place).toContain(
      place
        .replace(/\.\d+$/, '')
        .split('.')
        .at(-1),
    );
    refused.push(place);
  }
  expect(refused.filter((place) => sizes.test(place)).length, String(refused)).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(2);
});

test.each(configs)('%s: no number that is let through takes long to build', (_, json) => {
  for (const place of places(json)) {
    for (const value of full ? [512, 4096, 65_536, 2 ** 20] : [2048]) {
      expect(open(withNumber(json, place, value)).seconds, `${place} = ${value}`).toBeLessThan(5);
    }
  }
});
