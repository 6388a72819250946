/**
 * Bytes to numbers and fields: the scanner under every delimited-text format. It makes no strings and no objects on the way,
 * and its numbers are exactly those of `Number(text)`. Text is ASCII or UTF-8; a field with other bytes is never a number.
 */

export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const MINUS = 45;
export const DOT = 46;
export const ZERO = 48;
export const NINE = 57;

/** 10^0 … 10^22 are the powers of ten a double holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const EXACT_INTEGERS = 2 ** 53;

/** What people write where there is no value. */
const NO_VALUE = new Set(['', 'nan', 'null', 'none', 'na', 'n/a', '-', '.']);

/** Walks over delimited text. The position always rests at the start or the end of a field. */
export class FieldScanner {
  /** Byte offset of the next byte to read. */
  position: number;
  /** Whether the field read last held nothing, or a word for nothing. */
  blank = false;
  /** [fieldStart, fieldEndExclusive) is the content of the field read last, without enclosing quotes; see `field()`. */
  fieldStart = 0;
  fieldEndExclusive = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly delimiter: number,
    start = 0,
    readonly endExclusive = bytes.length,
  ) {
    this.position = start;
  }

  atEnd(): boolean {
    return this.position >= this.endExclusive;
  }

  /**
   * Reads a field as a number and stops behind it. NaN with `blank` set: no value; NaN without: not a number.
   *
   * Fast path: a mantissa below 2^53 and at most 22 decimals are both exact doubles, so one division rounds once, as `Number` does.
   * (Once the running mantissa passes 2^53 it can never appear below it again, so one check at the end is enough.)
   */
  number(): number {
    const { bytes, endExclusive, delimiter } = this;
    const start = this.position;
    let at = start;
    let byte = at < endExclusive ? bytes[at]! : LF;
    const negative = byte === MINUS;
    if (negative) byte = ++at < endExclusive ? bytes[at]! : LF;
    const firstDigit = at;
    let mantissa = 0;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      byte = ++at < endExclusive ? bytes[at]! : LF;
    }
    let digits = at - firstDigit;
    let decimals = 0;
    if (byte === DOT) {
      const firstDecimal = at + 1;
      byte = ++at < endExclusive ? bytes[at]! : LF;
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        byte = ++at < endExclusive ? bytes[at]! : LF;
      }
      decimals = at - firstDecimal;
      digits += decimals;
    }
    const ended = byte === delimiter || byte === LF || byte === CR;
    if (!ended || digits === 0 || decimals > 22 || mantissa >= EXACT_INTEGERS) return this.slowNumber();
    this.position = at;
    this.blank = false;
    const value = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals]!;
    return negative ? -value : value;
  }

  /**
   * Reads a field of integer nanoseconds as milliseconds. Nineteen digits are no exact double, so whole milliseconds and the rest
   * are read apart.
   */
  nanosecondsAsMs(): number {
    const start = this.position;
    this.field();
    const split = this.fieldEndExclusive - 6;
    let whole = 0;
    let rest = 0;
    for (let at = this.fieldStart; at < this.fieldEndExclusive; at++) {
      const digit = this.bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) {
        this.position = start;
        return this.number() / 1e6;
      }
      if (at < split) whole = whole * 10 + digit;
      else rest = rest * 10 + digit;
    }
    this.blank = this.fieldStart === this.fieldEndExclusive;
    return this.blank ? Number.NaN : whole + rest / 1e6;
  }

  /** Reads a field and stops behind it; its content is `[fieldStart, fieldEndExclusive)`. A quoted field may hold delimiters. */
  field(): void {
    const { bytes, endExclusive, delimiter } = this;
    let at = this.position;
    if (at < endExclusive && bytes[at] === QUOTE) {
      this.fieldStart = ++at;
      while (at < endExclusive && bytes[at] !== QUOTE && bytes[at] !== LF) at++;
      this.fieldEndExclusive = at;
      while (at < endExclusive && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
    } else {
      this.fieldStart = at;
      while (at < endExclusive && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
      this.fieldEndExclusive = at;
    }
    this.position = at;
  }

  /** Moves behind a field that nobody wants to know. */
  skipField(): void {
    const { bytes, endExclusive, delimiter } = this;
    let at = this.position;
    if (at < endExclusive && bytes[at] === QUOTE) {
      this.field();
      return;
    }
    for (; at < endExclusive; at++) {
      const byte = bytes[at]!;
      if (byte === delimiter || byte === LF || byte === CR) break;
    }
    this.position = at;
  }

  /** Steps over a delimiter to the next field of the line; false at the end of the line. */
  nextField(): boolean {
    if (this.position >= this.endExclusive || this.bytes[this.position] !== this.delimiter) return false;
    this.position++;
    return true;
  }

  /** Moves to the start of the next line. */
  nextLine(): void {
    let at = this.position;
    while (at < this.endExclusive && this.bytes[at] !== LF) at++;
    this.position = at + 1;
  }

  /** True when nothing but white space is left on the line. */
  lineIsBlank(): boolean {
    for (let at = this.position; at < this.endExclusive; at++) {
      const byte = this.bytes[at]!;
      if (byte === LF) return true;
      if (byte > 32) return false;
    }
    return true;
  }

  private slowNumber(): number {
    this.field();
    const text = asciiText(this.bytes, this.fieldStart, this.fieldEndExclusive).trim();
    this.blank = NO_VALUE.has(text.toLowerCase());
    return this.blank ? Number.NaN : Number(text);
  }
}

/** Text of a byte range; a byte that is not ASCII becomes U+FFFD, which no number contains. */
export function asciiText(bytes: Uint8Array, start: number, endExclusive: number): string {
  let text = '';
  for (let at = start; at < endExclusive; at++) {
    const byte = bytes[at]!;
    text += byte < 128 ? String.fromCharCode(byte) : '\ufffd';
  }
  return text;
}
