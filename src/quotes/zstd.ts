/** Zstandard: all frames of a content, within the bounds on what may be unpacked. Loaded only where such a content is met. */

import { Decompress } from 'fzstd';
import { feed, Unpacked } from './unpacked.ts';

/** @throws UserError `quotes/too-large`, `quotes/bomb`; anything else it throws means that the content is damaged. */
export function unzstd(bytes: Uint8Array): Uint8Array {
  const unpacked = new Unpacked(bytes.length);
  const stream = new Decompress((chunk) => unpacked.push(chunk));
  feed(bytes, (chunk, last) => stream.push(chunk, last));
  return unpacked.whole();
}
