/**
 * Reading a checkpoint's `config.json` against a schema, with a sentence that names the field that is wrong. Sizes are bounded before anything is made
 * of them: what a graph takes to build grows with them, and whether the weights have them is known only afterwards.
 */

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

/** @throws UserError `checkpoint/config` or `checkpoint/size` naming the field. */
export function readConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  where: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json);
  if (parsed.success) {
    checkSizes(fieldsOf(parsed.output), where);
    return parsed.output;
  }
  const [issue] = parsed.issues;
  return refuseConfig(
    `The field ${v.getDotPath(issue) ?? '?'} is ${JSON.stringify(issue.input)}: ${issue.message}.`,
    where,
  );
}

type Kind = 'layers' | 'patch' | 'context' | 'vocabulary' | 'other';

/** Several times what the largest official checkpoints have (50 layers, 16,384 values of context, widths of 5,120). */
const most: Readonly<Record<Kind, number>> = {
  layers: 512,
  patch: 65_536,
  context: 65_536,
  vocabulary: 2 ** 20,
  other: 65_536,
};

/** Tokens that a model can attend to: masks and positions grow with their square. */
const MOST_TOKENS = 2048;
/** Numbers in a table of positions. */
const MOST_POSITION_VALUES = 2 ** 26;

interface Field {
  readonly name: string;
  readonly kind: Kind;
  readonly value: number;
}

function checkSizes(fields: readonly Field[], where: string): void {
  for (const { name, kind, value } of fields) {
    if (value > most[kind]) tooLarge(`The field ${name} is ${shown(value)}`, shown(most[kind]), where);
  }
  const largest = (kind: Kind) =>
    fields.filter((field) => field.kind === kind).toSorted((a, b) => b.value - a.value)[0];
  const patches = fields.filter(({ kind }) => kind === 'patch').map(({ value }) => value);
  const context = largest('context');
  if (!context) return;
  const tokens = Math.ceil(context.value / Math.min(...patches, context.value));
  const asTokens = patches.length === 0 ? context.value : tokens;
  if (asTokens > MOST_TOKENS) {
    tooLarge(
      `The field ${context.name} is ${shown(context.value)}: ${shown(asTokens)} tokens`,
      shown(MOST_TOKENS),
      where,
    );
  }
  const width = largest('other');
  if (width && asTokens * width.value > MOST_POSITION_VALUES) {
    const both = `The fields ${context.name} (${shown(context.value)}) and ${width.name} (${shown(width.value)})`;
    tooLarge(`${both} together come to ${shown(asTokens * width.value)} numbers`, shown(MOST_POSITION_VALUES), where);
  }
}

function tooLarge(what: string, allowed: string, where: string): never {
  return fail('checkpoint/size', `${what}, but no more than ${allowed} can be built here.`, {
    where,
    hint: 'Use the config.json that belongs to the checkpoint, unchanged.',
  });
}

/** The whole numbers of a configuration, with their dotted names. */
function fieldsOf(value: unknown, name = ''): Field[] {
  if (typeof value === 'number')
    return Number.isInteger(value) && !aside.test(name) ? [{ name, value, kind: kindOf(name) }] : [];
  if (typeof value !== 'object' || value === null) return [];
  const listed: Field[] = Array.isArray(value)
    ? [{ name: `${name} (its length)`, value: value.length, kind: 'other' }]
    : [];
  return [
    ...listed,
    ...Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, name ? `${name}.${key}` : key)),
  ];
}

/** What is no size. */
const aside = /pad_val|_id$|quantiles|_limit$/;

function kindOf(name: string): Kind {
  if (/(layers|levels)$/.test(name)) return 'layers';
  if (/patch|token_len/.test(name)) return 'patch';
  if (/context|seq_len/.test(name)) return 'context';
  return /vocab|tokens/.test(name) ? 'vocabulary' : 'other';
}

function shown(value: number): string {
  return value.toLocaleString('en');
}
