/** Writes protobuf wire format: just what an ONNX model needs. */

export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** A varint field (int32, int64, enum); `value` is a non-negative safe integer, or −1 … −2^31 in two's complement. */
  integer(field: number, value: number): this {
    this.varint(field * 8);
    return this.varint(value);
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.varint(field * 8 + 5);
    return this.raw(new Uint8Array(new Float32Array([value]).buffer));
  }

  /** A length-delimited field: string, bytes or message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const payload =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof ProtobufWriter
          ? value.finish()
          : value;
    this.varint(field * 8 + 2);
    this.varint(payload.length);
    return this.raw(payload);
  }

  /** Fields as they are in another message. */
  copy(fields: Uint8Array): this {
    return this.raw(fields);
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, offset);
      offset += chunk.length;
    }
    return out;
  }

  private raw(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.length += bytes.length;
    return this;
  }

  private varint(value: number): this {
    const out: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      out.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    return this.raw(Uint8Array.from(out));
  }
}
