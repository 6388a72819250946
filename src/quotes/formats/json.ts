/** JSON quote files are read whole: parsing them, and saying what is wrong with one. */

import { fail } from '../../core/errors.ts';
import { readAll } from '../bytes/byteSource.ts';
import type { TextSample } from '../bytes/text.ts';

const MAX_BYTES = 256e6;

/** Rejects with UserError `quotes/json-damaged`, `quotes/too-large`. */
export async function parseJson({ source, start }: TextSample): Promise<unknown> {
  const bytes = await readAll(source, MAX_BYTES, 'JSON files');
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(start)));
  } catch {
    return damagedJson('it is cut off or not written correctly');
  }
}

/** @throws UserError `quotes/json-damaged`, always. */
export function damagedJson(why: string): never {
  return fail('quotes/json-damaged', `The JSON file cannot be read: ${why}.`, { hint: 'Download the file again.' });
}

/** The start of a JSON text on one line, white space left out. */
export function jsonHead({ lines }: TextSample): string {
  return lines.slice(0, 40).join('').slice(0, 4000).replace(/\s+/g, '');
}

/** A value as a number; NaN where it is none. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
