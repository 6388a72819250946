/** Loading quotes that fails half way, in every way: what is shown, planned and run stays one value, and nothing is run on other quotes. */

import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test } from 'vitest';
import { createData, type QuotesSource } from '../../src/app/lab/data/data.ts';
import { manifestOf } from '../../src/app/lab/run/shownManifest.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Grid } from '../../src/core/types.ts';
import type { ResampleSettings } from '../../src/quotes/resample.ts';
import { defaultRunSettings } from '../../src/runs/settings.ts';
import type { HeldQuotes, QuotesRead } from '../../workers/quotes/client.ts';
import { makeGrid } from '../unit/runs/fixtures.ts';

type Step = 'openEmbedded' | 'readFiles' | 'sample';

/** A worker that fails, or waits, at the step asked for; grids tell what they are of by their symbol and step. */
class FaultyQuotes implements QuotesSource {
  readonly sets = new Map<number, string>();
  generation = 1;
  fail: Partial<Record<Step, Error>> = {};
  /** Awaited before a step is done, and once it is done but not told. */
  before: Partial<Record<Step, () => Promise<void>>> = {};
  after: Partial<Record<Step, () => Promise<void>>> = {};
  unusable = false;
  private opened = 0;

  private async step<T>(step: Step, signal: AbortSignal, work: () => T): Promise<T> {
    await this.before[step]?.();
    signal.throwIfAborted();
    if (this.fail[step]) throw this.fail[step];
    const result = work();
    await this.after[step]?.();
    signal.throwIfAborted();
    return result;
  }

  private hold(symbol: string): HeldQuotes {
    this.sets.set(++this.opened, symbol);
    return { generation: this.generation, set: this.opened };
  }

  /** The worker ends; the next request starts another one. */
  die(): void {
    this.generation++;
    this.sets.clear();
  }

  holds = ({ generation }: HeldQuotes): boolean => generation === this.generation;
  keepOnly = async ({ set }: HeldQuotes): Promise<void> => {
    for (const other of [...this.sets.keys()]) if (other !== set) this.sets.delete(other);
  };
  openEmbedded: QuotesSource['openEmbedded'] = (signal) =>
    this.step('openEmbedded', signal, () => ({ series: [seriesOf('SIM')], held: this.hold('SIM') }));
  readFiles: QuotesSource['readFiles'] = (files, signal) =>
    this.step('readFiles', signal, () => {
      const symbol = files.map(({ name }) => name.replace('.csv', '')).join('+');
      const read: QuotesRead = {
        reports: [],
        health: [],
        remembered: [],
        series: this.unusable ? [] : [seriesOf(symbol)],
        held: this.unusable ? undefined : this.hold(symbol),
        kept: Promise.resolve([]),
      };
      // Every file was read.
      return { ...read, reports: files.map(({ name }) => ({ file: name }) as QuotesRead['reports'][number]) };
    });
  sample: QuotesSource['sample'] = (held, { stepMs }, signal) =>
    this.step('sample', signal, () => {
      const symbol = this.holds(held) ? this.sets.get(held.set) : undefined;
      if (symbol === undefined) throw new UserError({ code: 'quotes/lost', message: 'gone' });
      return [{ ...makeGrid(symbol, ['2025-01-02', '2025-01-03']), stepMs }];
    });
  sizes: QuotesSource['sizes'] = () => Promise.reject(new Error('not here'));
  tryReading: QuotesSource['tryReading'] = () => Promise.reject(new Error('not here'));
}

const seriesOf = (symbol: string) => ({
  symbol,
  source: symbol === 'SIM' ? 'simulator' : `${symbol}.csv`,
  rows: 10,
  calendar: { kind: '24/7' } as const,
});
const dropped = (name: string) => [{ path: name, file: new File(['x'], name) }];
const tooLarge = new UserError({ code: 'quotes/grid-size', message: 'The grid would have 315,324,001 ticks.' });

async function opened() {
  const engine = new FaultyQuotes();
  const [sampling, setSampling] = createSignal<ResampleSettings>({ stepMs: 1000, window: null, staleAfterMs: null });
  const data = createRoot(() => createData(engine, sampling));
  await data.openEmbedded();
  const step = (stepMs: number): void => void setSampling((before) => ({ ...before, stepMs }));
  return { engine, data, step };
}

/** Source, series, grids and step agree, and whatever a run would be made of is named by what is shown. */
async function consistent(data: Awaited<ReturnType<typeof opened>>['data']): Promise<void> {
  const { source, series, grids, sampling } = data.inUse();
  for (const grid of grids) {
    expect(series.map(({ symbol }) => symbol)).toContain(grid.symbol);
    expect(grid.stepMs).toBe(sampling?.stepMs);
    expect(source).toBe(grid.symbol === 'SIM' ? 'embedded' : 'files');
  }
  if (grids.length > 0) expect((await saved(data)).every((each) => each !== '')).toBe(true);
}

/** Sources in the manifest of a run made now. */
async function saved(data: Awaited<ReturnType<typeof opened>>['data']): Promise<string[]> {
  const { grids, series } = data.inUse();
  const card = { name: 'm', family: 'f', weightsSha256: '0'.repeat(64), configSha256: '0'.repeat(64) };
  const manifest = await manifestOf({
    ...{ grids, series, settings: defaultRunSettings },
    card: card as Parameters<typeof manifestOf>[0]['card'],
    backend: { provider: 'wasm', threads: 1 },
  });
  return manifest.data.map(({ source }) => source);
}

const symbols = (grids: readonly Grid[]): string[] => grids.map(({ symbol }) => symbol);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('own quotes', () => {
  test('that cannot be sampled leave nothing to run, and say why; at another step they are there', async () => {
    const { engine, data, step } = await opened();
    engine.fail.sample = tooLarge;
    await data.addFiles(dropped('own.csv'));
    expect(data.inUse()).toMatchObject({ source: 'files', series: [{ symbol: 'own' }], grids: [] });
    expect(data.state.problem?.code).toBe('quotes/grid-size');
    delete engine.fail.sample;
    step(60_000);
    await settled();
    expect(symbols(data.grids())).toEqual(['own']);
    expect(data.state.problem).toBeUndefined();
    expect(await saved(data)).toEqual(['own.csv']);
    await consistent(data);
  });

  test('that are sampled once and then cannot be at another step are not run at the step before', async () => {
    const { engine, data, step } = await opened();
    await data.addFiles(dropped('own.csv'));
    engine.fail.sample = tooLarge;
    step(100);
    await settled();
    expect(data.grids()).toEqual([]);
    expect(data.inUse().source).toBe('files');
    delete engine.fail.sample;
    await data.sampleAgain();
    expect(data.grids()[0]?.stepMs).toBe(100);
  });

  test('that cannot be read leave the ones before in use, sampled as is set by then', async () => {
    const { engine, data, step } = await opened();
    engine.fail.readFiles = new UserError({ code: 'worker/failed', message: 'out of memory' });
    engine.before.readFiles = async () => step(5000);
    await data.addFiles(dropped('own.csv'));
    expect(data.state.problem?.code).toBe('worker/failed');
    expect(data.inUse()).toMatchObject({ source: 'embedded', grids: [{ symbol: 'SIM', stepMs: 5000 }] });
    expect(data.ready()).toBe(true);
    await consistent(data);
  });

  test('of which none is usable leave the ones before in use', async () => {
    const { engine, data } = await opened();
    engine.unusable = true;
    await data.addFiles(dropped('letter.csv'));
    expect(data.inUse()).toMatchObject({ source: 'embedded', grids: [{ symbol: 'SIM' }] });
    expect(data.state.reports).toHaveLength(1);
  });

  test.each(['readFiles', 'sample'] as const)('stopped in %s leave the ones before in use', async (at) => {
    for (const when of ['before', 'after'] as const) {
      const { engine, data } = await opened();
      engine[when][at] = async () => {
        engine[when] = {};
        data.cancel();
      };
      await data.addFiles(dropped('own.csv'));
      expect(data.inUse()).toMatchObject({ source: 'embedded', grids: [{ symbol: 'SIM' }] });
      // The worker may hold both by now: what is sampled is what is in use.
      expect(symbols(await data.sampler()(2000, new AbortController().signal))).toEqual(['SIM']);
      expect([data.state.busy, data.ready()]).toEqual([undefined, true]);
      await consistent(data);
    }
  });

  test('dropped while others are read or sampled are joined with them, whatever is set meanwhile', async () => {
    for (const at of ['readFiles', 'sample'] as const) {
      const { engine, data, step } = await opened();
      let second: Promise<void> | undefined;
      engine.before[at] = async () => {
        engine.before = {};
        step(3000);
        second = data.addFiles(dropped('late.csv'));
      };
      await data.addFiles(dropped('own.csv'));
      await second;
      await settled();
      // Read already, the first were not in use yet: either way none is lost in silence.
      expect(data.inUse().series.map(({ symbol }) => symbol)).toEqual(['own+late']);
      expect(data.grids()).toMatchObject([{ symbol: 'own+late', stepMs: 3000 }]);
      await consistent(data);
    }
  });

  test('whose worker ends are read again, or not used at all', async () => {
    const { engine, data, step } = await opened();
    await data.addFiles(dropped('own.csv'));
    engine.die();
    step(2000);
    await settled();
    expect(data.grids()).toMatchObject([{ symbol: 'own', stepMs: 2000 }]);
    // It ends while it samples.
    engine.before.sample = async () => engine.die();
    step(4000);
    await settled();
    expect(data.inUse()).toMatchObject({ source: 'files', grids: [] });
    expect(data.state.problem?.code).toBe('quotes/lost');
    engine.before = {};
    // And cannot be read again.
    engine.fail.readFiles = new UserError({ code: 'quotes/gone', message: 'The file is no longer at hand.' });
    step(6000);
    await settled();
    expect(data.grids()).toEqual([]);
    expect(data.state.problem?.code).toBe('quotes/gone');
    await data.openEmbedded();
    expect(symbols(data.grids())).toEqual(['SIM']);
    await consistent(data);
  });

  test('given up for the embedded market, which fails, are still there', async () => {
    const { engine, data } = await opened();
    await data.addFiles(dropped('own.csv'));
    engine.fail.openEmbedded = new Error('no');
    await data.openEmbedded();
    expect(data.inUse()).toMatchObject({ source: 'files', grids: [{ symbol: 'own' }] });
    await consistent(data);
  });
});

test('the embedded market that cannot be opened leaves nothing, and is opened on demand', async () => {
  const engine = new FaultyQuotes();
  const data = createRoot(() => createData(engine, () => ({ stepMs: 1000, window: null, staleAfterMs: null })));
  engine.fail.openEmbedded = new Error('no');
  await data.openEmbedded();
  expect([data.grids(), data.ready(), data.state.problem?.code]).toEqual([[], false, 'internal']);
  engine.fail = {};
  await data.sampleAgain();
  expect(symbols(data.grids())).toEqual(['SIM']);
});

test('a study that was begun on some quotes is never given others', async () => {
  const { data } = await opened();
  const sample = data.sampler();
  await data.addFiles(dropped('own.csv'));
  await expect(sample(1000, new AbortController().signal)).rejects.toMatchObject({ problem: { code: 'quotes/lost' } });
});

test('nothing is saved of a grid whose source is not known', async () => {
  const { data } = await opened();
  const { grids } = data.inUse();
  const inputs = { grids, series: [], settings: defaultRunSettings } as unknown as Parameters<typeof manifestOf>[0];
  await expect(manifestOf(inputs)).rejects.toThrow('have no source');
});
