/**
 * Thrift's compact protocol, as Parquet writes its metadata and page headers in, within bounds: every list, text and number has to fit the
 * bytes that are left, so that a damaged length costs nothing. Read ahead of hyparquet, which trusts them.
 */

export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
/** By the fields' numbers. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12];
/** Parquet's own structures lie in one another five deep. */
const MOST_DEPTH = 16;
/** Numbers of 64 bits take no more. */
const LONGEST_VARINT = 10;

/** A struct at a byte of `bytes`, and where it ends. @throws RangeError for anything that does not fit. */
export function readThrift(bytes: Uint8Array, at: number): { readonly value: ThriftStruct; readonly end: number } {
  const reader = new ThriftReader(bytes, at);
  const value = reader.struct(0);
  return { value, end: reader.at };
}

/** A field that has to be a count: whole, not negative, at most 32 bits. @throws RangeError where it is none. */
export function countOf(struct: ThriftStruct, field: number): number {
  const value = struct.get(field);
  if (typeof value !== 'number' || !(value >= 0 && value <= 0x7fffffff))
    throw new RangeError('a count that is missing or out of range');
  return value;
}

/** An unsigned number of seven bits a byte, and where it ends. Numbers beyond 2⁵³ are rounded. @throws RangeError */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < LONGEST_VARINT; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  throw new RangeError('a number that is cut off');
}

class ThriftReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): ThriftStruct {
    if (depth > MOST_DEPTH) throw new RangeError('structures too deep in one another');
    const fields = new Map<number, ThriftValue>();
    let field = 0;
    for (;;) {
      const head = this.byte();
      const type = head & 15;
      if (type === STOP) return fields;
      const step = head >> 4;
      field = step > 0 ? field + step : zigzag(this.varint());
      fields.set(field, this.element(type, depth));
    }
  }

  private element(type: number, depth: number): ThriftValue {
    switch (type) {
      case TRUE:
        return true;
      case FALSE:
        return false;
      case BYTE:
        return this.byte();
      case I16:
      case I32:
      case I64:
        return zigzag(this.varint());
      case DOUBLE:
        this.take(8);
        return Number.NaN;
      case BINARY:
        return this.take(this.varint());
      case LIST:
        return this.list(depth);
      case STRUCT:
        return this.struct(depth + 1);
      default:
        throw new RangeError('a type that Parquet does not use');
    }
  }

  private list(depth: number): readonly ThriftValue[] {
    const head = this.byte();
    const type = head & 15;
    const count = head >> 4 === 15 ? this.varint() : head >> 4;
    // Every element takes a byte at least.
    if (count > this.bytes.length - this.at) throw new RangeError('a list longer than its file');
    if (depth > MOST_DEPTH) throw new RangeError('lists too deep in one another');
    const isFlag = type === TRUE || type === FALSE;
    return Array.from({ length: count }, () => (isFlag ? this.byte() === 1 : this.element(type, depth + 1)));
  }

  private varint(): number {
    const { value, end } = readVarint(this.bytes, this.at);
    this.at = end;
    return value;
  }

  private byte(): number {
    return this.take(1)[0]!;
  }

  private take(length: number): Uint8Array {
    if (!(length <= this.bytes.length - this.at)) throw new RangeError('a structure that is cut off');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
