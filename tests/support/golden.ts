/** How a golden test reports itself: one test per case, its folder, back end and largest error against the tolerance. */

import { expect, type TestContext } from 'vitest';

/** Travels with the test's result to the golden reporter. */
export interface GoldenRecord {
  /** Folder below `golden/` or `quotes/`, for instance `golden/ttm/small-mix`. */
  readonly folder: string;
  /** What computed the value: `typescript`, `wasm`, `webgpu`. */
  readonly backend: string;
  /** Largest |got − want| / tolerance over everything compared; at most 1 passes. */
  worst: number;
  /** What the largest error was found in; of a failure, also the first value out of tolerance: the layer that differs. */
  worstAt: string;
}

declare module 'vitest' {
  interface TaskMeta {
    golden?: GoldenRecord;
  }
}

/** Compares numbers, keeps the largest error relative to its tolerance, and fails the test at `finish`. */
export class GoldenComparison {
  private readonly record: GoldenRecord;
  private compared = 0;
  /** Values are compared in the order they are computed in. */
  private firstOut: string | undefined;

  constructor(context: TestContext, folder: string, backend: string) {
    this.record = { folder, backend, worst: 0, worstAt: '' };
    context.task.meta.golden = this.record;
  }

  /** Compares one number; NaN equals NaN only, an infinity only itself. */
  number(name: string, got: number, want: number, tolerance: number): void {
    this.compared++;
    if (Object.is(got, want) || got === want || (Number.isNaN(got) && Number.isNaN(want))) return;
    const difference = Math.abs(got - want);
    const ratio = Number.isFinite(difference) && tolerance > 0 ? difference / tolerance : Number.POSITIVE_INFINITY;
    const found = (): string => `${name}: got ${got}, want ${want}, tolerance ${tolerance}`;
    if (ratio > 1) this.firstOut ??= found();
    if (ratio > this.record.worst) {
      this.record.worst = ratio;
      this.record.worstAt = found();
    }
  }

  /** Compares arrays element by element; `tolerance` is one number or one for each index. */
  array(
    name: string,
    got: ArrayLike<number>,
    want: ArrayLike<number>,
    tolerance: number | ((index: number) => number),
  ): void {
    if (got.length !== want.length) {
      this.number(`${name}.length`, got.length, want.length, 0);
      return;
    }
    for (let i = 0; i < want.length; i++) {
      const bound = typeof tolerance === 'number' ? tolerance : tolerance(i);
      this.number(`${name}[${i}]`, got[i] as number, want[i] as number, bound);
    }
  }

  /** Fails the test if anything was out of tolerance, or if nothing was compared. */
  finish(): void {
    expect(this.compared, `${this.record.folder}: nothing was compared`).toBeGreaterThan(0);
    const { worstAt } = this.record;
    if (this.firstOut && this.firstOut !== worstAt) this.record.worstAt = `first ${this.firstOut}; most ${worstAt}`;
    expect(this.record.worst, this.record.worstAt).toBeLessThanOrEqual(1);
  }
}
