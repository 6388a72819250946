/**
 * NautilusTrader's quote ticks: prices and sizes as little-endian integers of 8 bytes (× 10⁹) or 16 bytes (× 10¹⁶). They are read as
 * documented; stored files are known to be wrong in scale and in the unit of their stamps, and where one looks so, the notes say it.
 */

import type { FileMetaData } from 'hyparquet';
import type { ColumnRoles, FileOverrides } from '../types.ts';
import { checkArrow } from './arrowGuard.ts';
import { type ColumnSource, readColumnTable } from './columnTable.ts';
import type { BinaryFile, RawTable } from './format.ts';

type Width = 8 | 16;
const DECIMALS: Readonly<Record<Width, number>> = { 8: 9, 16: 16 };

/** Whether a Parquet column of this type and width in bytes is NautilusTrader's way to write prices. */
export function isNautilus(type: string | undefined, width: number | undefined): boolean {
  return type === 'FIXED_LEN_BYTE_ARRAY' && (width === 8 || width === 16);
}

/** Reads `source`, whose integers are `width` bytes wide. @throws what reading the source throws. */
export async function nautilusTable(
  file: BinaryFile,
  overrides: FileOverrides,
  source: ColumnSource,
  roles: Partial<ColumnRoles> & { readonly time: number },
  beginning: readonly (readonly unknown[])[],
  width: number | undefined,
  metadata: FileMetaData,
): Promise<RawTable> {
  const decimals = DECIMALS[width === 16 ? 16 : 8];
  const schema = await schemaMetadata(metadata);
  const prices = [roles.bid, roles.ask];
  const unused = new UnusedDecimals();
  const stamps = new StampSuspicion();
  const decoded: ColumnSource = {
    ...source,
    types: source.types.map((type, at) => (at === roles.time ? { unit: 'ns', zone: 'utc' } : type)),
    first: beginning.map((row) =>
      row.map((value) =>
        String(value instanceof Uint8Array ? Number(integerOf(value)) / 10 ** decimals : (value ?? '')),
      ),
    ),
    read: (wanted, sink) =>
      source.read(wanted, (at, values, rowStart) => {
        const isTime = at === roles.time;
        const numbers = Array.from(values, (value) => {
          if (isTime) stamps.see(value);
          if (!(value instanceof Uint8Array)) return value;
          const raw = integerOf(value);
          if (prices.includes(at)) unused.see(raw);
          return Number(raw) / 10 ** decimals;
        });
        sink(at, numbers, rowStart);
      }),
  };
  const symbol = overrides.symbol ?? schema.get('instrument_id');
  const table = await readColumnTable(file, { ...overrides, ...(symbol !== undefined && { symbol }) }, decoded, roles);
  const precision = Number(schema.get('price_precision') ?? Number.NaN);
  return {
    ...table,
    notes: [
      ...table.notes,
      `NautilusTrader: prices and sizes are whole numbers divided by 10 to the ${decimals}, as documented.`,
      ...unused.suspicion(decimals, precision),
      ...stamps.suspicion(),
    ],
  };
}

/** Signed, little-endian. */
function integerOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** Finds prices that never use the last decimals which the file says they have: a sign that they were scaled up by as much. */
class UnusedDecimals {
  private divisor = 0n;

  see(raw: bigint): void {
    if (this.divisor !== 1n) this.divisor = greatestCommonDivisor(raw < 0n ? -raw : raw, this.divisor);
  }

  suspicion(decimals: number, precision: number): string[] {
    let zeros = 0;
    for (let rest = this.divisor; rest > 0n && rest % 10n === 0n; rest /= 10n) zeros++;
    const idle = precision - (decimals - zeros);
    if (!(idle >= 2) || this.divisor === 0n) return [];
    return [
      `Suspicion: the file says its prices have ${precision} decimals, but none uses more than ${precision - idle}. They may be ${10 ** idle} times the market's; they were left as they are.`,
    ];
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** Finds stamps whose fractions of a second are all below a microsecond: a sign that milliseconds were stored as nanoseconds. */
class StampSuspicion {
  private seen = 0;
  private tiny = 0;
  private whole = 0;

  see(stamp: unknown): void {
    if (typeof stamp !== 'bigint') return;
    const fraction = stamp % 1_000_000_000n;
    this.seen++;
    if (fraction < 1000n) this.tiny++;
    if (fraction === 0n) this.whole++;
  }

  suspicion(): string[] {
    if (this.seen < 2 || this.tiny < this.seen || this.whole * 2 > this.seen) return [];
    return [
      'Suspicion: no stamp has a fraction of a second above a microsecond. Milliseconds may have been stored as nanoseconds; the stamps were left as they are.',
    ];
  }
}

/** NautilusTrader's own fields, which Parquet keeps in an Arrow schema. Empty where there is none that can be read. */
async function schemaMetadata({ key_value_metadata: pairs }: FileMetaData): Promise<ReadonlyMap<string, string>> {
  const encoded = pairs?.find(({ key }) => key === 'ARROW:schema')?.value;
  if (encoded === undefined) return new Map();
  const { tableFromIPC } = await import('@uwdata/flechette');
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    checkArrow(bytes);
    return tableFromIPC(bytes).schema.metadata ?? new Map();
  } catch {
    return new Map();
  }
}
