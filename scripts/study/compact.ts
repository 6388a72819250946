/** Results as short text: seven significant digits, which is more than any plot or table shows, and far less than doubles print. */

export function compactJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => (typeof part === 'number' && !Number.isSafeInteger(part) ? Number(part.toPrecision(7)) : part))}\n`;
}
