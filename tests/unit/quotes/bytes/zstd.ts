/** Writes Zstandard frames for tests, by RFC 8878; nothing is compressed but runs. */

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Most bytes a block may unpack to. */
const BLOCK_BYTES = 1 << 17;

/** One frame with the content as it is. */
export function zstdStored(content: Uint8Array): Uint8Array {
  const out = [...MAGIC, 0xa0, ...uint(content.length, 4)];
  for (let at = 0; at === 0 || at < content.length; at += BLOCK_BYTES) {
    const block = content.subarray(at, at + BLOCK_BYTES);
    const last = at + BLOCK_BYTES >= content.length ? 1 : 0;
    out.push(...uint((block.length << 3) | last, 3), ...block);
  }
  return Uint8Array.from(out);
}

/** One frame that unpacks to as many blocks of zeros. */
export function zstdZeros(blocks: number): Uint8Array {
  const out = [...MAGIC, 0xa0, ...uint(blocks * BLOCK_BYTES, 4)];
  for (let i = 0; i < blocks; i++) out.push(...uint((BLOCK_BYTES << 3) | 2 | (i === blocks - 1 ? 1 : 0), 3), 0);
  return Uint8Array.from(out);
}

function uint(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 255);
}
