import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../src/models/graph/ir.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { warmUpCosine } from '../../../src/training/learningRate.ts';
import { flatten, unflatten } from '../../../src/training/parameters.ts';
import { smallArchitecture } from '../../support/smallTtm.ts';

describe('the learning rate', () => {
  const settings = { peak: 0.01, warmUpSteps: 10, totalSteps: 110 };
  const rates = Array.from({ length: 130 }, (_, step) => warmUpCosine(step, settings));

  it('grows linearly to its peak in the warm-up', () => {
    for (let step = 0; step < 10; step++) expect(rates[step]).toBeCloseTo((0.01 * (step + 1)) / 10, 15);
  });

  it('then falls along half a cosine to zero, and stays there', () => {
    expect(rates[10]).toBe(0.01);
    expect(rates[35]).toBeCloseTo((0.01 * (1 + Math.SQRT1_2)) / 2, 15);
    expect(rates[60]).toBeCloseTo(0.005, 15);
    for (let step = 11; step < 110; step++) expect(rates[step]).toBeLessThan(rates[step - 1]!);
    for (const rate of rates.slice(110)) expect(rate).toBe(0);
  });

  it('needs no warm-up', () => {
    expect(warmUpCosine(0, { ...settings, warmUpSteps: 0 })).toBe(0.01);
  });
});

describe('initial parameters', () => {
  const { layout } = smallArchitecture();
  const parameters = initialParameters(layout, 4);
  const tensors = unflatten(layout, parameters);

  it('are the same for the same seed, and others for another', () => {
    expect(initialParameters(layout, 4)).toEqual(parameters);
    expect(initialParameters(layout, 5)).not.toEqual(parameters);
  });

  it('of a tensor do not depend on the other tensors', () => {
    const { layout: deeper } = smallArchitecture({ num_layers: 2, decoder_num_layers: 2 });
    const others = new Map(unflatten(deeper, initialParameters(deeper, 4)).map(([name, , values]) => [name, values]));
    for (const [name, , values] of tensors) expect(others.get(name), name).toEqual(values);
  });

  it('of two tensors have nothing in common', () => {
    const firsts = tensors.flatMap(([, shape, values]) =>
      shape.length === 2 ? [values[0]! * Math.sqrt(shape[1]!)] : [],
    );
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('fill matrices uniformly within ±1/√inputs, start norms as the identity and biases at zero', () => {
    for (const [name, shape, values] of tensors) {
      if (shape.length === 2) {
        const bound = 1 / Math.sqrt(shape[1]!);
        const largest = Math.max(...values.map(Math.abs));
        expect(largest, name).toBeLessThanOrEqual(bound);
        expect(largest, name).toBeGreaterThan(0.8 * bound);
      } else {
        const gain = name.endsWith('norm.norm.weight');
        expect([...values], name).toEqual(new Array(sizeOf(shape)).fill(gain ? 1 : 0));
      }
    }
  });

  it('are cut into tensors and put together again', () => {
    const byName = new Map(tensors.map(([name, , values]) => [name, values]));
    expect(flatten(layout, (name) => byName.get(name)!)).toEqual(parameters);
    expect(layout.size).toBe(parameters.length);
  });
});
