/** Zstandard: all frames of a content, within the bounds on what may be unpacked. Loaded only where such a content is met. */

import { Decompress } from 'fzstd';
import { type Unpacker, unpackWhole } from './unpacked.ts';

/** Anything it throws means that the content is damaged. */
export function zstdUnpacker(emit: (bytes: Uint8Array) => void): Unpacker {
  return new Decompress((bytes) => {
    if (bytes.length > 0) emit(bytes);
  });
}

/** @throws UserError `quotes/too-large`, `quotes/bomb`; anything else it throws means that the content is damaged. */
export function unzstd(bytes: Uint8Array): Uint8Array {
  return unpackWhole(bytes, zstdUnpacker);
}
