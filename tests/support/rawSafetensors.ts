/** Safetensors files as others write them, broken ones included: any header, any bytes, any alignment. */

/** A file of a header and data; a header that is no text is written as JSON. `padding` blanks shift the data. */
export function rawSafetensors(header: unknown, data: Uint8Array = new Uint8Array(), padding = 0): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text + ' '.repeat(padding));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

/** A file of one-axis tensors of any type: name → type and bytes. */
export function tensorsFile(
  tensors: Readonly<Record<string, { dtype: string; shape: readonly number[]; data: ArrayBufferView }>>,
  padding = 0,
): Uint8Array {
  const header: Record<string, unknown> = {};
  const bytes: number[] = [];
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const start = bytes.length;
    for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) bytes.push(byte);
    header[name] = { dtype, shape, data_offsets: [start, bytes.length] };
  }
  return rawSafetensors(header, Uint8Array.from(bytes), padding);
}
