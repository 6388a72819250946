/** Writes Databento DBN files for tests, by the documented layout. */

interface DbnRecord {
  readonly id: number;
  readonly received: bigint;
  readonly event?: bigint;
  /** × 10⁹ */
  readonly bid: bigint;
  readonly ask: bigint;
  readonly bidSize: number;
  readonly askSize: number;
}

/** `symbols` maps names to instrument ids; `schema` is DBN's number of it. Records are of type mbp-1. */
export function dbnFile(file: {
  readonly version: number;
  readonly schema: number;
  readonly symbols: Readonly<Record<string, number>>;
  readonly records: readonly DbnRecord[];
}): Uint8Array<ArrayBuffer> {
  const nameBytes = file.version === 1 ? 22 : 71;
  const symbols = Object.entries(file.symbols);
  const mappingBytes = nameBytes + 4 + 8 + nameBytes;
  const metadataBytes = 100 + 4 + 4 + symbols.length * nameBytes + 4 + 4 + 4 + symbols.length * mappingBytes;
  const bytes = new Uint8Array(8 + metadataBytes + file.records.length * 80);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  text(0, 'DBN');
  bytes[3] = file.version;
  view.setUint32(4, metadataBytes, true);
  text(8, 'TEST');
  view.setUint16(24, file.schema, true);
  if (file.version > 1) view.setUint16(53, nameBytes, true);
  let at = 108 + 4;
  view.setUint32(at, symbols.length, true);
  at += 4;
  for (const [name] of symbols) {
    text(at, name);
    at += nameBytes;
  }
  at += 8;
  view.setUint32(at, symbols.length, true);
  at += 4;
  for (const [name, id] of symbols) {
    text(at, name);
    view.setUint32(at + nameBytes, 1, true);
    text(at + nameBytes + 12, `${id}`);
    at += mappingBytes;
  }
  for (const record of file.records) {
    bytes[at] = 20;
    bytes[at + 1] = 1;
    view.setUint32(at + 4, record.id, true);
    view.setBigUint64(at + 8, record.event ?? record.received, true);
    view.setBigUint64(at + 32, record.received, true);
    view.setBigInt64(at + 48, record.bid, true);
    view.setBigInt64(at + 56, record.ask, true);
    view.setUint32(at + 64, record.bidSize, true);
    view.setUint32(at + 68, record.askSize, true);
    at += 80;
  }
  return bytes;
}
