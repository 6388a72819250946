/**
 * `npm run bench`: runs the benchmarks of every `*.bench.ts` beside this file and prints one line a figure.
 * `--only NAME` keeps those whose name contains NAME, `--full` asks for full sizes, `--json FILE` also writes the records.
 * A benchmark checks its result against its peer before it is timed; one that does not verify makes the command fail.
 */

import { readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** What one benchmark found. */
export interface Figure {
  readonly value: number;
  /** For instance `quotes/s`. */
  readonly unit: string;
  /** Whether the timed code's result was compared with an independent one, and agreed. */
  readonly verified: boolean;
  /** What the figure is compared with. */
  readonly peer?: string;
  /** Our figure divided by the peer's, in the sense in which more is better. */
  readonly ratio?: number;
}

export interface Benchmark {
  readonly name: string;
  /**
   * `full`: the sizes a claim is made about; otherwise sizes that take a few seconds. Undefined: not in this size, or its peer
   * is not installed.
   */
  run(options: { readonly full: boolean }): Figure | undefined | Promise<Figure | undefined>;
}

/** A benchmark module's exports. */
interface BenchmarkModule {
  readonly benchmarks: readonly Benchmark[];
}

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean', default: false }, json: { type: 'string' } },
});

const device = `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, node ${process.version}`;
const records: object[] = [];
let unverified = 0;
let left = 0;

for (const benchmark of await collect()) {
  if (options.only !== undefined && !benchmark.name.includes(options.only)) continue;
  const figure = await benchmark.run({ full: options.full });
  if (!figure) {
    left++;
    continue;
  }
  const { value, unit, verified, peer = null, ratio = null } = figure;
  records.push({ name: benchmark.name, value, unit, peer, ratio, verified, device });
  if (!verified) unverified++;
  const comparison = peer === null ? '' : `, ${ratio === null ? 'beside' : `${ratio.toPrecision(3)} ×`} ${peer}`;
  console.log(`${benchmark.name}: ${value.toPrecision(4)} ${unit}${comparison}${verified ? '' : '  NOT VERIFIED'}`);
}

if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(records, null, 2)}\n`);
if (left > 0)
  console.log(`${left} left out: too large without --full, or their peer is not installed (npm run bench:peers).`);
if (records.length + left === 0) console.error('No benchmark has that name.');
process.exitCode = records.length + left === 0 || unverified > 0 ? 1 : 0;

async function collect(): Promise<Benchmark[]> {
  const names = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.bench.ts'))
    .sort();
  const modules = await Promise.all(
    names.map(async (name) => (await import(pathToFileURL(join(import.meta.dirname, name)).href)) as BenchmarkModule),
  );
  return modules.flatMap((module) => module.benchmarks);
}
