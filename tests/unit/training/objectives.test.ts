/** What each family is trained by: targets that are what follows, in the units the network answers in. */

import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { parseChronosConfig } from '../../../src/models/families/chronosT5/config.ts';
import { tokenCentres, tokenise } from '../../../src/models/families/chronosT5/tokeniser.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { evaluate } from '../../../src/models/graph/evaluate.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { integrate } from '../../../src/training/corpus/source.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { pretrainingObjective } from '../../../src/training/objectives/index.ts';
import { layoutOf, TrainableGraph } from '../../../src/training/parameters.ts';
import { embeddedRecipes } from '../../../src/training/recipes.ts';
import { drawWindows, type Windows } from '../../../src/training/windows.ts';

const COUNT = 3;

function taskOf(name: string) {
  const { config } = embeddedRecipes.find((embedded) => embedded.name === name)!;
  const configJson = JSON.stringify(config);
  const architecture = openArchitecture(configJson, name);
  const objective = pretrainingObjective(configJson, name);
  return { config, architecture, objective };
}

function windowsFor(name: string): Windows {
  const { architecture, objective } = taskOf(name);
  const walk = {
    name: 'walk',
    draw: (stream: RandomStream, length: number) => integrate(Float64Array.from({ length }, () => stream.normal())),
  };
  const stream = new RandomStream(5, 'objectives');
  return drawWindows([{ source: walk, share: 1 }], stream, COUNT, architecture.shape.contextLength, objective.horizon);
}

/** What follows each patch of the n-th window. */
function following({ contexts, futures, count }: Windows, n: number, from: number, steps: number): number[] {
  const [length, horizon] = [contexts.length / count, futures.length / count];
  const whole = [...contexts.slice(n * length, (n + 1) * length), ...futures.slice(n * horizon, (n + 1) * horizon)];
  return whole.slice(from, from + steps);
}

/** One graph in plain loops is slow: the smallest of Chronos' sizes is enough. */
const larger = ['chronos-t5-micro', 'chronos-t5-milli'];
const evaluated = embeddedRecipes.map(({ name }) => name).filter((name) => !larger.includes(name));

describe.each(evaluated)('the objective of %s', (name) => {
  it('is one finite number that depends on the parameters', () => {
    const { architecture, objective } = taskOf(name);
    const declared = new Graph();
    architecture.addTo(declared, { contexts: 1, channels: 1 });
    const layout = layoutOf(declared);
    const g = new TrainableGraph(layout);
    architecture.addTo(g, { contexts: COUNT, channels: 1, ...objective.batch });
    const loss = objective.loss(g);
    const lossAt = (seed: number): number => {
      const parameters = initialParameters(layout, seed, objective.ordered);
      return evaluate(g, [loss], { ...objective.feeds(windowsFor(name)), parameters }, () => [])[0]![0]!;
    };
    const losses = [lossAt(1), lossAt(2)];
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[0]).not.toBe(losses[1]);
  });
});

describe('the targets', () => {
  it('of TimesFM 2.5 are what follows each patch, in the units the forecast of that patch is given in', () => {
    const { architecture, objective } = taskOf('timesfm-2.5-nano');
    const windows = windowsFor('timesfm-2.5-nano');
    const { target, weight } = objective.feeds(windows);
    const { tokens } = architecture.causal!.tokens(windows.contexts, COUNT, 1000).feeds;
    const { loc, scale } = architecture.causal!.tokens(windows.contexts, COUNT, 1000);
    expect(tokens).toBeDefined();
    for (const [place, unit] of scale.entries()) {
      expect(weight![place]).toBeCloseTo(unit, 6);
      const got = Array.from(target!.subarray(place * 32, (place + 1) * 32), (value) => value * unit + loc[place]!);
      following(windows, Math.floor(place / 8), 16 * ((place % 8) + 1), 32).forEach((value, h) => {
        expect(got[h]).toBeCloseTo(value, 5);
      });
    }
  });

  it('of Timer are each token’s successor', () => {
    const { architecture, objective } = taskOf('timer-nano');
    const windows = windowsFor('timer-nano');
    const { target } = objective.feeds(windows);
    const { scaling } = architecture.prepare({ values: windows.contexts, contexts: COUNT, length: 128, channels: 1 });
    for (let token = 0; token < 4; token++) {
      const scaled = Float32Array.from(
        { length: COUNT * 32 },
        (_, i) => target![Math.floor(i / 32) * 128 + token * 32 + (i % 32)]!,
      );
      const restored = architecture.finish(scaled, scaling);
      for (let n = 0; n < COUNT; n++) {
        following(windows, n, 32 * (token + 1), 32).forEach((value, h) => {
          expect(restored[n * 32 + h]).toBeCloseTo(value, 5);
        });
      }
    }
  });

  it('of Chronos are the words of what follows and the end, and it is told those before each', () => {
    const { config, objective } = taskOf('chronos-t5-nano');
    const chronos = parseChronosConfig(config, 'config.json');
    const windows = windowsFor('chronos-t5-nano');
    const { labels, given } = objective.feeds(windows);
    const centres = tokenCentres(chronos);
    const half = (centres.at(-1)! - centres.at(-2)!) / 2;
    for (let n = 0; n < COUNT; n++) {
      const context = windows.contexts.subarray(n * 64, (n + 1) * 64);
      const [scale] = tokenise(chronos, [context], 64).scale;
      const own = Array.from(labels!.subarray(n * 17, (n + 1) * 17));
      expect([...given!.subarray(n * 17, (n + 1) * 17)]).toEqual([0, ...own.slice(0, -1)]);
      expect(own.at(-1)).toBe(1);
      following(windows, n, 64, 16).forEach((value, h) => {
        const clipped = Math.max(-8, Math.min(8, value / scale!));
        expect(Math.abs(centres[own[h]!]! - clipped)).toBeLessThanOrEqual(half * 1.001);
      });
    }
  });
});

describe('the first values of tokens that stand for numbers', () => {
  it('are alike for neighbours, unlike for distant ones, and of unit variance', () => {
    const { architecture, objective } = taskOf('chronos-t5-nano');
    const declared = new Graph();
    architecture.addTo(declared, { contexts: 1, channels: 1 });
    const layout = layoutOf(declared);
    const { offset, shape } = layout.slots.find(({ name }) => name === 'shared.weight')!;
    const parameters = initialParameters(layout, 1, objective.ordered);
    const [rows, width] = shape as [number, number];
    const row = (token: number) => parameters.subarray(offset + token * width, offset + (token + 1) * width);
    const product = (a: number, b: number) => row(a).reduce((sum, value, i) => sum + value * row(b)[i]!, 0) / width;
    const mean = (of: (token: number) => number) => {
      const tokens = Array.from({ length: 100 }, (_, i) => 50 + i);
      return tokens.reduce((sum, token) => sum + of(token), 0) / tokens.length;
    };
    expect(rows).toBe(256);
    expect(mean((token) => product(token, token))).toBeCloseTo(1, 0);
    expect(mean((token) => product(token, token + 1))).toBeGreaterThan(0.8);
    expect(Math.abs(mean((token) => product(token, token + 90)))).toBeLessThan(0.5);
  });
});
