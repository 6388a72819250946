/**
 * Damaged inputs for everything that reads what somebody else wrote: each gives a value or a sentence of ours, within two seconds and 256 MB. The damage
 * is seeded; `--full` does 2,000 inputs a parser. An input that once broke a parser lies in `corpus/<parser>` and is tried every time.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoundedParser } from './support/boundedParser.ts';
import { full } from './support/full.ts';
import { mutate } from './support/mutate.ts';
import { type ParserName, parsers } from './support/parsers.ts';
import { makeSeeds, type Seed } from './support/seeds.ts';

/** Inputs a parser. */
const count = full ? 2000 : 1000;
const seed = 20261130;
const found = join(import.meta.dirname, '../../node_modules/.cache/fuzz');

const bounded = new BoundedParser({ mostMs: 2000, mostMb: 256 });
let seeds: Readonly<Record<ParserName, readonly Seed[]>>;
beforeAll(async () => {
  seeds = await makeSeeds();
});
afterAll(() => bounded.close());

/** Why an input is a finding; undefined where it was read or refused as it should be. */
async function faultOf(parser: ParserName, { name, bytes }: Seed): Promise<string | undefined> {
  const outcome = await bounded.parse(parser, bytes.slice(), name);
  if (outcome.kind === 'ended') return outcome.why;
  const bad = outcome.problems.find(({ code, message }) => code === 'internal' || !/[.!?]$/.test(message));
  return bad && `${bad.code}: ${bad.message}`;
}

/** What broke is kept for whoever mends it. */
function keep(parser: ParserName, { name, bytes }: Seed, index: number): string {
  const folder = join(found, parser);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${index}-${name.replaceAll('/', '-')}`);
  writeFileSync(path, bytes);
  return path;
}

const names = Object.keys(parsers) as ParserName[];

test.each(names)('%s: the undamaged inputs are read', async (parser) => {
  for (const each of seeds[parser]) {
    const outcome = await bounded.parse(parser, each.bytes.slice(), each.name);
    expect(outcome, each.name).toMatchObject({ kind: 'answer', problems: [] });
  }
});

test.each(names)(
  '%s: damaged inputs give a value or a sentence, in time and memory',
  async (parser) => {
    const faults: string[] = [];
    for (let i = 0; i < count; i++) {
      const from = seeds[parser][i % seeds[parser].length]!;
      const input = { name: from.name, bytes: mutate(seed, parser, i, from.bytes) };
      const fault = await faultOf(parser, input);
      if (fault) faults.push(`${keep(parser, input, i)}: ${fault}`);
    }
    expect(faults).toEqual([]);
  },
  full ? 3_600_000 : 120_000,
);

test.each(names)('%s: what once broke it does so no more', async (parser) => {
  const folder = join(import.meta.dirname, 'corpus', parser);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    expect(await faultOf(parser, { name: name.replace(/^\d+-/, ''), bytes }), name).toBeUndefined();
  }
});
