/** What the names and shapes of a checkpoint's tensors tell of its sizes. */

import type { TensorTable } from './tensors.ts';

export class Shapes {
  constructor(private readonly table: TensorTable) {}

  /** Length of an axis of a tensor; NaN where there is none. */
  of(name: string, axis: number): number {
    return this.table.tensors.get(name)?.shape[axis] ?? Number.NaN;
  }

  /** Layers named `<prefix>.<index>.…`. */
  layers(prefix: string): number {
    const start = `${prefix}.`;
    const indices = [...this.table.tensors.keys()]
      .filter((name) => name.startsWith(start))
      .map((name) => Number.parseInt(name.slice(start.length), 10));
    return indices.length > 0 ? 1 + Math.max(...indices) : 0;
  }
}
