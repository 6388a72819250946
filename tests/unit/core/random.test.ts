import { describe, expect, test } from 'vitest';
import { hashName, RandomStream } from '../../../src/core/random.ts';

const draw = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.uniform());

describe('RandomStream', () => {
  test('always comes out the same', () => {
    const stream = new RandomStream(42, 'test', 3);
    expect(Array.from({ length: 6 }, () => stream.uint32())).toEqual([
      // The words of Philox 4x32-10 at counters (0 and 1, 0, 3, hash of "test") under the key (42, 0).
      3345178775, 1998823385, 2928780228, 2798254434, 2440060623, 1317623524,
    ]);
  });

  test('is another stream for another seed, name or index, also beyond 32 bits of seed', () => {
    const streams = [
      new RandomStream(1, 'a'),
      new RandomStream(2, 'a'),
      new RandomStream(1 + 2 ** 32, 'a'),
      new RandomStream(1, 'b'),
      new RandomStream(1, 'a', 1),
    ];
    const firsts = streams.map((stream) => stream.uint32());
    expect(new Set(firsts).size).toBe(streams.length);
  });

  test('has uniform moments and stays inside (0, 1)', () => {
    const values = draw(new RandomStream(5, 'uniform'), 100_000);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(1 / 2, 2);
    expect(moment(2)).toBeCloseTo(1 / 3, 2);
    expect(moment(3)).toBeCloseTo(1 / 4, 2);
    expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  });

  test('has normal moments', () => {
    const stream = new RandomStream(5, 'normal');
    const values = Array.from({ length: 100_000 }, () => stream.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(3))).toBeLessThan(0.06);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });

  test('has streams that do not correlate', () => {
    const a = draw(new RandomStream(9, 'masks/site', 1), 50_000);
    const b = draw(new RandomStream(9, 'masks/site', 2), 50_000);
    const covariance = a.reduce((sum, value, i) => sum + (value - 0.5) * (b[i]! - 0.5), 0) / a.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.02);
  });

  test('draws integers below their end, every one of them', () => {
    const stream = new RandomStream(1, 'integers');
    const seen = new Set(Array.from({ length: 1000 }, () => stream.integer(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('refuses a seed that is not an integer in [0, 2^53)', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => new RandomStream(seed, 'x')).toThrow(RangeError);
  });
});

describe('hashName', () => {
  test('is FNV-1a', () => {
    expect(hashName('')).toBe(0x811c9dc5);
    expect(hashName('a')).toBe(0xe40c292c);
    expect(hashName('foobar')).toBe(0xbf9cf968);
  });
});
