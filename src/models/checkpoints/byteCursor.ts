/** Reads little-endian values one behind the other, and says so when the bytes end too early. */

export class ByteCursor {
  private readonly view: DataView;
  private at = 0;

  /** `broken` throws, with what is wrong. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly broken: (what: string) => never,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Little-endian, unsigned. */
  number(width: 2 | 4): number {
    const at = this.take(width);
    return width === 2 ? this.view.getUint16(at, true) : this.view.getUint32(at, true);
  }

  long(width: number): number {
    if (width > 8) this.broken('a number has more than 64 bits');
    const bytes = this.slice(width);
    let value = 0n;
    for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return Number(width === 0 ? 0n : BigInt.asIntN(8 * width, value));
  }

  text(length: number): string {
    return new TextDecoder().decode(this.slice(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) return this.broken('it ends in the middle');
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }

  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Steps over so many bytes; returns where they begin. */
  take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) this.broken('it ends in the middle');
    this.at += length;
    return start;
  }

  signed(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** Big-endian, as pickles have it. */
  double(): number {
    return this.view.getFloat64(this.take(8));
  }
}
