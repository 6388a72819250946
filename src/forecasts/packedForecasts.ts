/** Forecasts as bytes to be kept: a prediction only where it changes, since it holds until the next one, and a checksum of it all. */

import { sha256 } from '../core/sha256.ts';
import type { Forecasts, Grid } from '../core/types.ts';
import { holdRows } from '../models/schedule.ts';

const MAGIC = 0x324c4d50;
/** Of a version that did not look whether forecasts are finite. */
const UNCHECKED_MAGIC = 0x4c4d5031;
const HEADER_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Little-endian: magic, rows, T, N (uint32 each), ticks [N] int32, values [rows, N] float64 (8-aligned), SHA-256 of all before it.
 * Nothing is rounded. Whoever packs has made sure that every forecast that was due is finite.
 */
export async function packForecasts({ predictedMid, variants }: Forecasts, grid: Grid): Promise<Uint8Array> {
  const rows = variants + 1;
  const tickCount = grid.timeMs.length;
  const ticks = changes(predictedMid, rows, grid);
  const valuesAt = HEADER_BYTES + Math.ceil(ticks.length / 2) * 8;
  const bytes = new Uint8Array(valuesAt + rows * ticks.length * 8 + HASH_BYTES);
  const view = new DataView(bytes.buffer);
  [MAGIC, rows, tickCount, ticks.length].forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  new Int32Array(bytes.buffer, HEADER_BYTES, ticks.length).set(ticks);
  const values = new Float64Array(bytes.buffer, valuesAt, rows * ticks.length);
  for (let row = 0; row < rows; row++) {
    ticks.forEach((tick, i) => {
      values[row * ticks.length + i] = predictedMid[row * tickCount + tick]!;
    });
  }
  bytes.set(fromHex(await sha256(bytes.subarray(0, -HASH_BYTES))), bytes.length - HASH_BYTES);
  return bytes;
}

export interface Unpacked {
  readonly forecasts: Forecasts;
  /** False for what an earlier version packed: whether all of it is finite is still to be seen. */
  readonly checked: boolean;
}

/** Undefined where the bytes are damaged, or of another grid: the job is then done again. */
export async function unpackForecasts(bytes: Uint8Array, grid: Grid): Promise<Unpacked | undefined> {
  if (bytes.length < HEADER_BYTES + HASH_BYTES) return undefined;
  const body = bytes.slice(0, -HASH_BYTES);
  const found = fromHex(await sha256(body));
  if (!bytes.subarray(-HASH_BYTES).every((byte, i) => byte === found[i])) return undefined;
  const view = new DataView(body.buffer);
  const [magic, rows, tickCount, count] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const valuesAt = HEADER_BYTES + Math.ceil(count / 2) * 8;
  if (
    (magic !== MAGIC && magic !== UNCHECKED_MAGIC) ||
    tickCount !== grid.timeMs.length ||
    body.length !== valuesAt + rows * count * 8
  )
    return undefined;
  const ticks = new Int32Array(body.buffer, HEADER_BYTES, count);
  const values = new Float64Array(body.buffer, valuesAt, rows * count);
  const predictedMid = holdRows(ticks, values, rows, grid.sessionStarts, tickCount);
  return { forecasts: { symbol: grid.symbol, variants: rows - 1, predictedMid }, checked: magic === MAGIC };
}

/** Ticks at which any row differs from the tick before in the same session; a session begins with NaN. */
function changes(predictedMid: Float64Array, rows: number, { sessionStarts, timeMs }: Grid): Int32Array {
  const tickCount = timeMs.length;
  const starts = new Set(sessionStarts);
  const ticks: number[] = [];
  for (let tick = 0; tick < tickCount; tick++) {
    const fresh = starts.has(tick);
    for (let row = 0; row < rows; row++) {
      const at = row * tickCount + tick;
      if (Object.is(predictedMid[at], fresh ? Number.NaN : predictedMid[at - 1])) continue;
      ticks.push(tick);
      break;
    }
  }
  return Int32Array.from(ticks);
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
