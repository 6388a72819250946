/**
 * The configuration of checkpoints that come without one: families whose official code keeps it in code tell most of it from the tensors' names and
 * shapes (`Family.infer`), and what cannot be told is a question with a default.
 */

import { fail } from '../../core/errors.ts';
import { familyList } from '../registry.ts';
import { unwrappedTables } from './fitNames.ts';
import type { Answers, InferredConfig } from './inferredConfig.ts';
import { Shapes } from './shapes.ts';
import { firstFew } from './shards.ts';
import type { TensorTable } from './tensors.ts';

/**
 * Tells the architecture from the tensors.
 * @throws UserError `checkpoint/no-config` for tensors of any other family.
 */
export function inferConfig(table: TensorTable, answers: Answers, where: string): InferredConfig {
  return (
    tryInferring(table, answers) ??
    fail(
      'checkpoint/no-config',
      `There is no config.json, and the tensors' names (${firstFew([...table.tensors.keys()])}) belong to no family that can be told without one.`,
      { where, hint: 'Drop the config.json of the checkpoint together with its weights.' },
    )
  );
}

/** The same, behind a wrapper's prefix too; undefined for tensors of any other family. */
export function tryInferring(table: TensorTable, answers: Answers): InferredConfig | undefined {
  for (const unwrapped of unwrappedTables(table)) {
    const shapes = new Shapes(unwrapped);
    for (const { infer } of familyList) {
      const inferred = infer?.(shapes, answers);
      if (inferred) return inferred;
    }
  }
  return undefined;
}
