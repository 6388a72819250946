/** What a finished job leaves as bytes: the forecasts of its parts one after the other, and whether the model was renewed for them. */

import type { Forecasts, Grid } from '../../core/types.ts';
import { packForecasts, unpackForecasts } from '../../forecasts/packedForecasts.ts';

export interface JobResult {
  /** As the parts of the job. */
  readonly forecasts: readonly Forecasts[];
  /** Null for jobs that train nothing; false where there was too little to train on, so that the model forecast as it was. */
  readonly tuned: boolean | null;
}

/** One part alone is `packForecasts`; otherwise [tuned, bytes of each part] uint32 little-endian come before them. */
export async function packJob({ forecasts, tuned }: JobResult, grids: readonly Grid[]): Promise<Uint8Array> {
  const parts = await Promise.all(forecasts.map((each, i) => packForecasts(each, grids[i]!)));
  if (tuned === null) return parts[0]!;
  const header = new Uint8Array(4 * (1 + parts.length));
  const view = new DataView(header.buffer);
  view.setUint32(0, tuned ? TUNED : AS_IT_WAS, true);
  parts.forEach(({ length }, i) => {
    view.setUint32(4 * (i + 1), length, true);
  });
  const bytes = new Uint8Array(header.length + parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of [header, ...parts]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Words that no damaged bit turns into each other. */
const TUNED = 0x64656e74;
const AS_IT_WAS = 0x65726f66;

/** Undefined where the bytes are damaged, or of other grids: the job is then done again. What is not `checked` may be not finite. */
export async function unpackJob(
  bytes: Uint8Array,
  grids: readonly Grid[],
  trains: boolean,
): Promise<(JobResult & { readonly checked: boolean }) | undefined> {
  const parts = trains ? partsOf(bytes, grids.length) : { tuned: null, parts: [bytes] };
  if (!parts) return undefined;
  const forecasts: Forecasts[] = [];
  let checked = true;
  for (const [i, part] of parts.parts.entries()) {
    const found = await unpackForecasts(part, grids[i]!);
    if (!found) return undefined;
    forecasts.push(found.forecasts);
    checked &&= found.checked;
  }
  return { forecasts, tuned: parts.tuned, checked };
}

function partsOf(bytes: Uint8Array, count: number): { tuned: boolean; parts: Uint8Array[] } | undefined {
  if (bytes.length < 4 * (1 + count)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32(0, true);
  if (word !== TUNED && word !== AS_IT_WAS) return undefined;
  const parts: Uint8Array[] = [];
  let at = 4 * (1 + count);
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(4 * (i + 1), true);
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return at === bytes.length ? { tuned: word === TUNED, parts } : undefined;
}
