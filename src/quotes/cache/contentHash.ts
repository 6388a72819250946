/**
 * The names of contents. The *content hash* of a source is the SHA-256 over the SHA-256 of each of its pieces of 4 MiB: the platform can
 * hash pieces while others are parsed, which it cannot do for one hash over all, and equal hashes mean equal contents just as well.
 * A *look* is a hash over what is known of a file without reading it (name, size, time of change) and over samples of it.
 */

import { sha256 } from '../../core/sha256.ts';
import { PIECE_BYTES, type SeekableSource } from '../bytes/byteSource.ts';

/** Pieces on their way to the hash at one time. */
const MOST_PENDING = 4;
const SAMPLES = 16;
const SAMPLE_BYTES = 1 << 16;

/** Pieces read again one by one; for more the file is read through, which needs less memory. */
const FEW_PIECES = 4;

/** Takes the hashes of pieces as they are read; those that were not read from start to end are read again at the end. */
export class HashedSource implements SeekableSource {
  readonly size: number;
  readonly packedBytes: number;
  readonly slice: SeekableSource['slice'];
  private readonly hashes = new Map<number, Promise<string>>();
  private pending = 0;

  constructor(private readonly source: SeekableSource) {
    this.size = source.size;
    this.packedBytes = source.packedBytes;
    this.slice = source.slice;
  }

  async *pieces(start = 0, pieceBytes = PIECE_BYTES): ReturnType<SeekableSource['pieces']> & AsyncGenerator {
    let at = start;
    for await (const piece of this.source.pieces(start, pieceBytes)) {
      await this.take(at, piece.bytes);
      at += piece.bytes.length;
      yield piece;
    }
  }

  /** The content hash. Rejects where the file cannot be read any more. */
  async hash(): Promise<string> {
    const missing = pieceStarts(this.size).filter((at) => !this.hashes.has(at));
    if (missing.length <= FEW_PIECES) {
      for (const at of missing) await this.take(at, await this.source.slice(at, at + PIECE_BYTES));
    } else {
      for await (const _ of this.pieces());
    }
    const hashes: string[] = [];
    for (const at of pieceStarts(this.size)) hashes.push((await this.hashes.get(at)) ?? '');
    return sha256(new TextEncoder().encode(`${this.size}:${hashes.join()}`));
  }

  private async take(at: number, bytes: Uint8Array): Promise<void> {
    const whole = at % PIECE_BYTES === 0 && bytes.length === Math.min(PIECE_BYTES, this.size - at);
    if (!whole || this.hashes.has(at)) return;
    const hash = sha256(bytes);
    this.hashes.set(at, hash);
    this.pending++;
    hash.finally(() => this.pending--).catch(() => {});
    if (this.pending >= MOST_PENDING) await hash;
  }
}

function pieceStarts(size: number): number[] {
  return Array.from({ length: Math.ceil(size / PIECE_BYTES) }, (_, i) => i * PIECE_BYTES);
}

/**
 * A cheap name for a file as it is now: hashing two gigabytes takes as long as a tenth of parsing them, sampling a megabyte takes no time.
 * It stands for the content hash only where it was seen before together with one. To be fooled, a file would have to be changed without a
 * trace in its size, in its time of change (which the file system renews with every write) and in sixteen samples from its first byte to its
 * last; what is then shown are quotes of an earlier state of that very file, and "forget" and reading again cure it.
 */
export async function lookOf(name: string, file: File, source: SeekableSource): Promise<string> {
  const samples: string[] = [];
  const last = Math.max(0, file.size - SAMPLE_BYTES);
  for (let i = 0; i < SAMPLES; i++) {
    const at = Math.round((last * i) / (SAMPLES - 1));
    samples.push(await sha256(await source.slice(at, at + SAMPLE_BYTES)));
    if (last === 0) break;
  }
  return sha256(new TextEncoder().encode(JSON.stringify([name, file.size, file.lastModified, samples])));
}
