import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { integrate, type MixtureEntry, type SeriesSource } from '../../../src/training/corpus/source.ts';
import { batchFeeds, drawWindows } from '../../../src/training/windows.ts';
import { randomValues } from '../../support/operatorCases.ts';
import { smallArchitecture } from '../../support/smallTtm.ts';

const CONTEXT = 32;
const HORIZON = 8;

/** A random walk whose steps after the context are multiplied. */
function walk(futureFactor = 1): SeriesSource {
  return {
    name: 'walk',
    draw: (stream, length) =>
      integrate(Float64Array.from({ length }, (_, i) => stream.normal() * (i < CONTEXT ? 1 : futureFactor))),
  };
}

function draw(mixture: readonly MixtureEntry[], count = 20) {
  return drawWindows(mixture, new RandomStream(1, 'windows'), count, CONTEXT, HORIZON);
}

const only = (source: SeriesSource): readonly MixtureEntry[] => [{ source, share: 1 }];

describe('training windows', () => {
  it('have contexts that know nothing of what follows', () => {
    const [one, other] = [draw(only(walk())), draw(only(walk(5)))];
    expect(other.contexts).toEqual(one.contexts);
    expect(other.futures).not.toEqual(one.futures);
  });

  it('go on where their context ends, in its units', () => {
    const { contexts, futures } = draw(only({ name: 'line with a kink', draw: (_, length) => path(length) }), 1);
    const values = path(CONTEXT + HORIZON);
    const unit = (values[0]! - values[CONTEXT - 1]!) / contexts[0]!;
    expect(contexts[CONTEXT - 1]).toBe(0);
    futures.forEach((future, h) => {
      expect(future * unit).toBeCloseTo(values[CONTEXT + h]! - values[CONTEXT - 1]!, 10);
    });
  });

  it('are asked of a source in just the length that is needed', () => {
    const lengths = new Set<number>();
    const { draw: drawWalk } = walk();
    const counting: SeriesSource = {
      name: 'counting',
      draw: (stream, length) => drawWalk(stream, lengths.add(length) && length),
    };
    draw(only(counting));
    expect([...lengths]).toEqual([CONTEXT + HORIZON]);
  });

  it('without any change in the context are drawn again', () => {
    let draws = 0;
    const { draw: drawWalk } = walk();
    const lazy: SeriesSource = {
      name: 'flat every other time',
      draw: (stream, length) => (draws++ % 2 === 0 ? new Float64Array(length).fill(7) : drawWalk(stream, length)),
    };
    const { contexts } = draw(only(lazy), 10);
    expect(draws).toBe(20);
    for (let n = 0; n < 10; n++) expect(contexts[n * CONTEXT]).not.toBe(0);
  });

  it('come from each source by its share', () => {
    const counts = [0, 0, 0];
    const mixture = [2, 0, 6].map((share, i) => ({
      share,
      source: {
        name: `${i}`,
        draw: (stream: RandomStream, length: number) => {
          counts[i]!++;
          return walk().draw(stream, length);
        },
      },
    }));
    draw(mixture, 800);
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0]! - 200)).toBeLessThan(60);
    expect(counts[0]! + counts[2]!).toBe(800);
  });
});

describe('the feeds of a training step', () => {
  it('weigh the squared error in scaled units so that it is the one in the units of the windows', () => {
    const { architecture } = smallArchitecture();
    const windows = draw(only(walk()));
    const feeds = batchFeeds(architecture, windows);
    const forecast = randomValues('forecast', windows.count * HORIZON);
    const { scaling } = architecture.prepare({ values: windows.contexts, contexts: 20, length: CONTEXT, channels: 1 });
    const restored = architecture.finish(forecast, scaling);
    forecast.forEach((value, i) => {
      const inUnits = (restored[i]! - windows.futures[i]!) ** 2;
      const weighted = feeds.weight![Math.floor(i / HORIZON)]! * (value - feeds.target![i]!) ** 2;
      expect(Math.abs(weighted - inUnits)).toBeLessThan(1e-4 * (1 + inUnits));
    });
  });
});

/** Up by 1 and by 2 in turn. */
function path(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.floor((3 * i) / 2));
}
