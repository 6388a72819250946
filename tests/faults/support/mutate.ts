/** Seeded damage to an input: the same seed, name and number give the same bytes on every machine. */

import { RandomStream } from '../../../src/core/random.ts';

/** Bytes that readers stumble over: ends of ranges, quotes, separators, line ends. */
const awkwardBytes = [0, 1, 9, 10, 13, 34, 44, 45, 46, 48, 57, 91, 123, 127, 128, 255];
const awkwardWords = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
/** In place of a number in a text. */
const awkwardNumbers = [
  '',
  '-1',
  '0',
  'NaN',
  'Infinity',
  '1e308',
  '-0',
  '9223372036854775807',
  '1e-320',
  '٣',
  '"',
  '{}',
  'null',
];

type Mutation = (bytes: Uint8Array, draw: (below: number) => number) => Uint8Array;

const mutations: readonly Mutation[] = [
  (bytes, draw) => changed(bytes, draw(bytes.length), (byte) => byte ^ (1 << draw(8))),
  (bytes, draw) => changed(bytes, draw(bytes.length), () => awkwardBytes[draw(awkwardBytes.length)]!),
  (bytes, draw) => bytes.slice(0, draw(bytes.length)),
  (bytes, draw) => {
    const [from, to] = [draw(bytes.length), draw(bytes.length)].sort((a, b) => a - b) as [number, number];
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, draw) => {
    const from = draw(bytes.length);
    const part = bytes.subarray(from, from + 1 + draw(64));
    const times = 1 + draw(40);
    return joined(bytes.subarray(0, from), ...Array.from({ length: times }, () => part), bytes.subarray(from));
  },
  // A length or an offset that promises more than there is.
  (bytes, draw) => {
    const copy = bytes.slice();
    if (copy.length < 8) return copy;
    const at = draw(copy.length - 7);
    const view = new DataView(copy.buffer);
    const word = awkwardWords[draw(awkwardWords.length)]!;
    view.setUint32(at, word, draw(2) === 0);
    if (draw(2) === 0) view.setUint32(at + 4, word, draw(2) === 0);
    return copy;
  },
  (bytes, draw) => {
    const text = new TextDecoder().decode(bytes);
    const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
    const found = numbers[draw(Math.max(1, numbers.length))];
    if (!found) return bytes.slice();
    const put = awkwardNumbers[draw(awkwardNumbers.length)]!;
    return new TextEncoder().encode(text.slice(0, found.index) + put + text.slice(found.index + found[0].length));
  },
];

/** One to four kinds of damage, one after the other. */
export function mutate(seed: number, name: string, index: number, bytes: Uint8Array): Uint8Array {
  const stream = new RandomStream(seed, `fuzz/${name}`, index);
  const draw = (below: number): number => Math.floor(stream.uniform() * Math.max(1, below));
  let out = bytes;
  for (let left = 1 + draw(4); left > 0; left--) out = mutations[draw(mutations.length)]!(out, draw);
  return out;
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) copy[at] = change(copy[at]!);
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
