/** Instruments of a table that several columns tell apart: a root and its suffix, an expiry, a right and a strike, an id. */

type Kind = 'suffix' | 'contract' | 'id';

interface Instrument {
  readonly symbol: string;
  readonly parts: readonly string[];
}

/** Numbers instruments in the order they appear; their names are known once all were seen. */
export class InstrumentNames {
  private readonly instruments: Instrument[] = [];
  private readonly codes = new Map<string, number>();
  private lastSymbol = '';
  private lastParts: readonly string[] = [];
  private lastCode = -1;

  /** @param kinds what each part is, @param fileSymbol what a symbol is called where no column has it */
  constructor(
    private readonly fileSymbol: string,
    private readonly kinds: readonly Kind[],
    private readonly withSymbol: boolean,
  ) {}

  code(symbol: string, parts: readonly string[]): number {
    if (this.lastCode >= 0 && symbol === this.lastSymbol && parts.every((part, i) => part === this.lastParts[i])) {
      return this.lastCode;
    }
    const key = JSON.stringify([symbol, ...parts]);
    let code = this.codes.get(key);
    if (code === undefined) {
      code = this.instruments.push({ symbol, parts }) - 1;
      this.codes.set(key, code);
    }
    this.lastSymbol = symbol;
    this.lastParts = parts;
    this.lastCode = code;
    return code;
  }

  /**
   * Names by code, after which two instruments of one name are one (`codes` is changed in place). Suffixes and what makes a contract are part
   * of every name; an id only where one name has several.
   */
  settle(
    codes: Uint32Array,
    count: number,
  ): { readonly symbols: readonly string[]; readonly notes: readonly string[] } {
    const base = this.instruments.map(({ symbol, parts }) => {
      const own = this.withSymbol ? symbol || 'UNKNOWN' : this.fileSymbol;
      return [own, ...parts.filter((part, i) => this.kinds[i] !== 'id' && part !== '')].join(' ');
    });
    const idOf = ({ parts }: Instrument) => parts.filter((part, i) => this.kinds[i] === 'id' && part !== '').join(' ');
    const ids = new Map<string, Set<string>>();
    this.instruments.forEach((instrument, i) => {
      const known = ids.get(base[i]!) ?? new Set();
      ids.set(base[i]!, known.add(idOf(instrument)));
    });
    const names = this.instruments.map((instrument, i) =>
      ids.get(base[i]!)!.size > 1 ? `${base[i]} ${idOf(instrument)}`.trim() : base[i]!,
    );
    const symbols = [...new Set(names)];
    const numberOf = new Map(symbols.map((name, i) => [name, i]));
    const numbers = names.map((name) => numberOf.get(name)!);
    for (let row = 0; row < count; row++) codes[row] = numbers[codes[row]!]!;
    const apart = [...ids.values()].some((known) => known.size > 1);
    return {
      symbols,
      notes: apart ? ['One symbol has several ids in this file: each id is a symbol of its own.'] : [],
    };
  }
}
