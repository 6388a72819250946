import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/models/graph/builder.ts';
import { evaluate } from '../../../src/models/graph/evaluate.ts';
import { differentiate } from '../../../src/models/graph/gradients.ts';
import { sizeOf } from '../../../src/models/graph/ir.ts';
import { operatorCases, operatorsWithoutCase, randomValues } from '../../support/operatorCases.ts';

const lengths = { a: 3, b: 4, c: 2, d: 5 };

describe('gradient rules agree with central differences in float64', () => {
  for (const [name, { shapes: shapesFor, shift = 0, build }] of Object.entries(operatorCases)) {
    it(name, () => {
      const g = new Graph();
      const shapes = shapesFor(lengths);
      const inputs = shapes.map((shape, i) => g.input(`x${i}`, shape));
      const out = build(g, ...inputs);
      const projection = g.input('projection', out.shape);
      const loss = g.reduceSum(
        g.mul(out, projection),
        out.shape.map((_, axis) => axis),
      );
      const gradients = differentiate(g, loss, inputs);
      const feeds: Record<string, Float64Array> = {
        projection: Float64Array.from(randomValues('projection', sizeOf(out.shape))),
      };
      shapes.forEach((shape, i) => {
        feeds[`x${i}`] = Float64Array.from(randomValues(`${name} ${i}`, sizeOf(shape), shift));
      });
      const value = () => evaluate(g, [loss], feeds, () => [])[0]![0]!;
      const got = gradients.map((gradient) => gradient && evaluate(g, [gradient], feeds, () => [])[0]!);
      const step = 1e-5;
      shapes.forEach((_, i) => {
        const x = feeds[`x${i}`]!;
        x.forEach((kept, j) => {
          x[j] = kept + step;
          const above = value();
          x[j] = kept - step;
          const below = value();
          x[j] = kept;
          expect(got[i]?.[j] ?? 0).toBeCloseTo((above - below) / (2 * step), 6);
        });
      });
    });
  }

  it('covers every operator of the language', () => {
    expect(operatorsWithoutCase()).toEqual([]);
  });

  it('has no gradient for what the loss does not depend on', () => {
    const g = new Graph();
    const [x, y] = [g.input('x', [2]), g.input('y', [2])];
    expect(differentiate(g, g.reduceSum(x, [0]), [x, y])[1]).toBeUndefined();
  });

  it('refuses a loss of more than one element', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    expect(() => differentiate(g, x, [x])).toThrow('a loss has one element');
  });
});
