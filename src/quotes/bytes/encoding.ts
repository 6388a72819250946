/**
 * Texts that are not UTF-8: UTF-16 with and without a mark, and the encodings of one region. Told by content and turned into UTF-8 while
 * they are read, so that all readers see one encoding.
 */

import { fail } from '../../core/errors.ts';
import type { ByteSource, Piece } from './byteSource.ts';
import { encodings, REGIONAL, WESTERN } from './encodings.ts';

/** With fewer NULs than this part of one half of its bytes a text is not UTF-16. */
const MOSTLY = 0.7;
/** Characters that headers of quotes have: side, price, quantity, time. */
const QUOTE_WORDS = /[买卖買賣价價量时時]|매수|매도|호가|気配|数量/;

/** The encoding of a text that begins with these bytes; `undefined` for UTF-8 and for what is no text. */
export function detectEncoding(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const wide = wideEncoding(head);
  if (wide !== undefined || head.includes(0)) return wide;
  // A character may be cut at the end of the head.
  const whole = head.subarray(0, head.lastIndexOf(10) + 1 || head.length);
  if (fits(whole, 'utf-8') !== undefined) return undefined;
  const fitting = REGIONAL.filter((encoding) => fits(whole, encoding) !== undefined);
  return (
    fitting.find((encoding) => QUOTE_WORDS.test(fits(whole, encoding)!)) ??
    fitting.find((encoding) => /\p{Script=Han}{2}/u.test(fits(whole, encoding)!)) ??
    WESTERN
  );
}

/** Latin letters and digits in 16 bits have a NUL in every second byte. */
function wideEncoding(head: Uint8Array): string | undefined {
  const pairs = head.length >> 1;
  if (pairs < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < head.length; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  if (odd > MOSTLY * pairs && even === 0) return 'utf-16le';
  return even > MOSTLY * pairs && odd === 0 ? 'utf-16be' : undefined;
}

function fits(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same text in UTF-8. @throws UserError `quotes/encoding` for a name the platform does not know */
export function transcoded(source: ByteSource, encoding: string): ByteSource {
  const decoderOf = () => {
    try {
      return new TextDecoder(encoding);
    } catch {
      return fail('quotes/encoding', `“${encoding}” is no encoding of texts that is known here.`, {
        hint: `Known are ${encodings.join(', ')}.`,
      });
    }
  };
  decoderOf();
  return {
    size: undefined,
    packedBytes: source.packedBytes,
    slice: undefined,
    async *pieces(start = 0, pieceBytes) {
      const decoder = decoderOf();
      const encoder = new TextEncoder();
      let skip = start;
      const rest = (bytes: Uint8Array): Uint8Array => {
        const from = Math.min(skip, bytes.length);
        skip -= from;
        return bytes.subarray(from);
      };
      let share = 0;
      for await (const piece of source.pieces(0, pieceBytes)) {
        share = piece.share;
        const bytes = rest(encoder.encode(decoder.decode(piece.bytes, { stream: true })));
        if (bytes.length > 0) yield { bytes, share } satisfies Piece;
      }
      const end = rest(encoder.encode(decoder.decode()));
      if (end.length > 0) yield { bytes: end, share };
    },
  };
}
