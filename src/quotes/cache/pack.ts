/**
 * Plain data with typed arrays as one run of bytes and back: a head in JSON, in which arrays and numbers that JSON lacks are references,
 * then the arrays as they lie in memory, each with a checksum. Meant for the machine it was
 * written on: the byte order is the machine's.
 */

/** Changes whenever the layout does. */
const MARK = 'PMLQUOT1';
const PREAMBLE_BYTES = 24;
const ALIGNMENT = 8;

const ARRAYS = { Float64Array, Uint32Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type KnownArray = Float64Array | Uint32Array | Uint8Array;

interface ArrayReference {
  readonly $array: ArrayName;
  /** Byte offset behind the head. */
  readonly at: number;
  readonly length: number;
  readonly check: number;
}

/** Bytes of a packed value, in order; the arrays' bytes are views of them. `meta` can be read back without the rest. */
export function packValue(meta: object, value: object): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  let bodyBytes = 0;
  const reference = (array: KnownArray, $array: ArrayName): ArrayReference => {
    const bytes = bytesOf(array);
    const at = bodyBytes;
    bodies.push(bytes, new Uint8Array(paddingOf(bytes.length)));
    bodyBytes += bytes.length + paddingOf(bytes.length);
    return { $array, at, length: array.length, check: checksum(bytes) };
  };
  const replace = (_: string, each: unknown): unknown => {
    if (each instanceof Float64Array) return reference(each, 'Float64Array');
    if (each instanceof Uint32Array) return reference(each, 'Uint32Array');
    if (each instanceof Uint8Array) return reference(each, 'Uint8Array');
    return typeof each === 'number' && !Number.isFinite(each) ? { $number: String(each) } : each;
  };
  const encoder = new TextEncoder();
  const metaBytes = encoder.encode(JSON.stringify(meta, replace));
  const valueBytes = encoder.encode(JSON.stringify(value, replace));
  const head = new Uint8Array(PREAMBLE_BYTES + metaBytes.length + valueBytes.length);
  head.set(metaBytes, PREAMBLE_BYTES);
  head.set(valueBytes, PREAMBLE_BYTES + metaBytes.length);
  head.set(encoder.encode(MARK));
  new Uint32Array(head.buffer, 8, 2).set([metaBytes.length, valueBytes.length]);
  // Checked apart from the preamble, whose numbers are checked by being used.
  new Uint32Array(head.buffer, 16, 1)[0] = checksum(head.subarray(PREAMBLE_BYTES));
  return [head, new Uint8Array(paddingOf(head.length)), ...bodies];
}

/** Thrown where bytes are not what was packed. */
export class DamagedPack extends Error {}

/** What was packed as `meta`. @throws DamagedPack, and what reading throws. */
export async function unpackMeta(packed: Blob): Promise<unknown> {
  return (await readHead(packed)).meta;
}

/** What was packed as `value`. @throws DamagedPack, and what reading throws. */
export async function unpackValue(packed: Blob): Promise<unknown> {
  const { value, bodyStart } = await readHead(packed);
  // The arrays are read side by side, and put in where they were.
  const references = new Map<ArrayReference, KnownArray>();
  const collect = (each: unknown): void => {
    if (isReference(each)) references.set(each, new Uint8Array());
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(collect);
  };
  collect(value);
  await Promise.all(
    [...references.keys()].map(async (reference) => {
      references.set(reference, await readArray(packed, bodyStart, reference));
    }),
  );
  const restore = (each: unknown): unknown => {
    if (isReference(each)) return references.get(each);
    if (Array.isArray(each)) return each.map(restore);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, restore(inner)]));
  };
  return restore(value);
}

async function readHead(packed: Blob): Promise<{ meta: unknown; value: unknown; bodyStart: number }> {
  const preamble = await packed.slice(0, PREAMBLE_BYTES).arrayBuffer();
  const decoder = new TextDecoder();
  if (preamble.byteLength < PREAMBLE_BYTES || decoder.decode(preamble.slice(0, MARK.length)) !== MARK) {
    throw new DamagedPack('another mark');
  }
  const [metaBytes = 0, valueBytes = 0, check] = new Uint32Array(preamble, 8, 3);
  const headBytes = PREAMBLE_BYTES + metaBytes + valueBytes;
  if (headBytes > packed.size) throw new DamagedPack('cut off');
  const json = new Uint8Array(await packed.slice(PREAMBLE_BYTES, headBytes).arrayBuffer());
  if (checksum(json) !== check) throw new DamagedPack('another head');
  const parse = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes), revive);
  const bodyStart = headBytes + paddingOf(headBytes);
  return { meta: parse(json.subarray(0, metaBytes)), value: parse(json.subarray(metaBytes)), bodyStart };
}

async function readArray(packed: Blob, bodyStart: number, reference: ArrayReference): Promise<KnownArray> {
  const { $array, at, length, check } = reference;
  const start = bodyStart + at;
  const buffer = await packed.slice(start, start + length * ARRAYS[$array].BYTES_PER_ELEMENT).arrayBuffer();
  const bytes = new Uint8Array(buffer);
  if (bytes.length !== length * ARRAYS[$array].BYTES_PER_ELEMENT || checksum(bytes) !== check) {
    throw new DamagedPack('another array');
  }
  return new ARRAYS[$array](buffer);
}

function isReference(value: unknown): value is ArrayReference {
  return typeof value === 'object' && value !== null && '$array' in value;
}

function revive(_: string, value: unknown): unknown {
  const special = typeof value === 'object' && value !== null && '$number' in value;
  return special ? Number(value.$number) : value;
}

function bytesOf({ buffer, byteOffset, byteLength }: KnownArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function paddingOf(length: number): number {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}

/** Tells damage, not malice. Four lanes, so that a gigabyte takes a fraction of a second. */
export function checksum(bytes: Uint8Array): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  let [a, b, c, d] = [1, 2, 3, 4] as [number, number, number, number];
  let i = 0;
  for (const last = words.length - 3; i < last; i += 4) {
    a = Math.imul(a ^ words[i]!, 0x9e3779b1);
    b = Math.imul(b ^ words[i + 1]!, 0x85ebca77);
    c = Math.imul(c ^ words[i + 2]!, 0xc2b2ae3d);
    d = Math.imul(d ^ words[i + 3]!, 0x27d4eb2f);
    // What the low bits lack after a product, the high ones have.
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  for (; i < words.length; i++) a = Math.imul(a ^ words[i]!, 0x9e3779b1);
  for (let at = words.length * 4; at < aligned.length; at++) b = Math.imul(b ^ aligned[at]!, 0x85ebca77);
  return (Math.imul(a, 31) ^ Math.imul(b, 37) ^ Math.imul(c, 41) ^ Math.imul(d, 43) ^ aligned.length) >>> 0;
}
