/** Bytes with a checksum in front, for what is kept on a device: damage is noticed when they are opened. */

import { sha256 } from '../core/sha256.ts';

const MAGIC = new TextEncoder().encode('PMLSEAL1');
const HEADER_BYTES = MAGIC.length + 64;

/** The magic word, SHA-256 as hex, and the bytes. */
export async function seal(bytes: Uint8Array): Promise<Uint8Array> {
  const sealed = new Uint8Array(HEADER_BYTES + bytes.length);
  sealed.set(MAGIC);
  sealed.set(new TextEncoder().encode(await sha256(bytes)), MAGIC.length);
  sealed.set(bytes, HEADER_BYTES);
  return sealed;
}

/** The bytes; undefined where they are damaged. What an earlier version wrote has no seal, and is passed as it is. */
export async function unseal(sealed: Uint8Array): Promise<Uint8Array | undefined> {
  if (!MAGIC.every((byte, i) => sealed[i] === byte)) return sealed;
  const bytes = sealed.slice(HEADER_BYTES);
  const claimed = new TextDecoder().decode(sealed.subarray(MAGIC.length, HEADER_BYTES));
  return claimed === (await sha256(bytes)) ? bytes : undefined;
}
