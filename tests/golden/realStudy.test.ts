/** A slice of the study on real quotes with real weights, computed again and held against `docs/real-study`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { officialTtm, realManifests } from '../../scripts/study/realManifests.ts';
import { memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import type { Forecaster } from '../../src/models/types.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { assembleStudy } from '../../src/studies/figures/assemble.ts';
import { figureOf, type StudyResults } from '../../src/studies/figures/results.ts';
import { resolveStudy, type StudyEnvironment } from '../../src/studies/machine/environment.ts';
import { planJobs } from '../../src/studies/machine/jobPlan.ts';
import { runJobs } from '../../src/studies/machine/runJobs.ts';
import type { StudyModel } from '../../src/studies/machine/studyManifest.ts';
import { sharedBytes, sharedPresent, sharedRoot } from '../support/shared.ts';
import { tuneInNode } from '../support/tuneInNode.ts';

const root = join(import.meta.dirname, '../..');
const runtime = openNodeRuntime();

function filesOf({ name, source, folder }: StudyModel) {
  const read =
    source === 'files'
      ? (file: string) => sharedBytes(`${officialTtm}/${file}`)
      : (file: string) => new Uint8Array(readFileSync(join(root, 'public/checkpoints', folder, file)));
  return {
    name,
    configJson: new TextDecoder().decode(read('config.json')),
    weights: read('model.safetensors'),
  };
}

/** Back ends agree to rounding: a trade whose signal lies that close to its threshold can differ, and with it a day of a strategy. */
const MOST_DIFFERING = 0.01;

it.skipIf(!sharedPresent)(
  'quotes and weights of the stored hashes give the stored lines and correlations',
  async () => {
    const stored = JSON.parse(readFileSync(join(root, 'docs/real-study/slice.json'), 'utf8')) as StudyResults;
    // What the script would run is what was stored, but for the hashes that running it fills in.
    const { figures, settings } = realManifests(sharedRoot).slice;
    expect(stored.manifest).toMatchObject({ figures, settings });
    const opened = new Map<string, Promise<Forecaster>>();
    const environment: StudyEnvironment = {
      provider: 'wasm',
      store: memoryJobStore(),
      readFiles: async (paths) =>
        (await readQuoteFiles(paths.map((path) => ({ name: path, bytes: sharedBytes(path) })))).series,
      open: (model) => {
        const found =
          opened.get(model.name) ??
          openCheckpoint(filesOf(model)).then((checkpoint) => createForecaster(checkpoint, runtime));
        opened.set(model.name, found);
        return found;
      },
      tune: tuneInNode(runtime, filesOf),
    };
    const study = await resolveStudy(stored.manifest, environment);
    await runJobs(await planJobs(study, environment), study, environment);
    const again = await assembleStudy(study, { ...environment, backtester: directBacktester });

    const [got, want] = [again, stored].map((results) => figureOf(results, 'market-line')!);
    expect(got!.periods).toEqual(want!.periods);
    for (const [m, { model, points, fits }] of want!.clouds.entries()) {
      const own = got!.clouds[m]!;
      const cells = points.flatMap(({ returnsBps }, c) =>
        returnsBps.map((value, p) => Math.abs(value - own.points[c]!.returnsBps[p]!)),
      );
      expect(cells.length).toBeGreaterThan(500);
      expect(cells.filter((difference) => !(difference <= 0.002)).length / cells.length, model).toBeLessThan(
        MOST_DIFFERING,
      );
      if (fits.total.kind === 'none' || own.fits.total.kind === 'none') throw new Error('no line');
      expect(own.fits.total.annualisedSlope / fits.total.annualisedSlope, model).toBeCloseTo(1, 2);
    }
    const [found, published] = [again, stored].map((results) => figureOf(results, 'lead-lag')!.curves);
    for (const [c, { model, forecasts, correlations }] of published!.entries()) {
      expect(found![c]!.forecasts).toBe(forecasts);
      expect(forecasts).toBeGreaterThan(500);
      correlations.forEach(({ value, low, high }, lag) => {
        const here = found![c]!.correlations[lag]!;
        for (const [a, b] of [
          [here.value, value],
          [here.low, low],
          [here.high, high],
        ])
          expect(Math.abs(a! - b!), `${model} at place ${lag}`).toBeLessThan(1e-3);
      });
    }
  },
  240_000,
);
