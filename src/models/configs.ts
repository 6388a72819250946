/** Reading a checkpoint's `config.json` against a schema, with a sentence that names the field that is wrong. */

import * as v from 'valibot';
import { fail } from '../core/errors.ts';

/** A whole number from 1 on. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Refuses a configuration. */
export function refuseConfig(message: string, where: string): never {
  return fail('checkpoint/config', message, {
    where,
    hint: 'Use the config.json that belongs to the checkpoint, unchanged.',
  });
}

/** @throws UserError `checkpoint/config` naming the field. */
export function readConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  where: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return refuseConfig(
    `The field ${v.getDotPath(issue) ?? '?'} is ${JSON.stringify(issue.input)}: ${issue.message}.`,
    where,
  );
}
