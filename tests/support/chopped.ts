/** A source whose every piece has the size asked for here, so that all kinds of ends fall into the middle of things. */

import { memorySource, type SeekableSource } from '../../src/quotes/bytes/byteSource.ts';

export function choppedSource(bytes: Uint8Array, pieceBytes: number): SeekableSource {
  const whole = memorySource(bytes);
  return { ...whole, pieces: (start) => whole.pieces(start, pieceBytes) };
}
