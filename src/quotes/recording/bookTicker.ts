/** Best bid and offer as Binance's WebSocket streams send it: the address of a combined stream, and its messages. */

/** An update of one pair's best bid and offer. */
export interface BookTicker {
  /** Upper case, as the exchange writes it. */
  readonly symbol: string;
  /** Grows with every update of the pair's order book. */
  readonly updateId: number;
  readonly bid: number;
  /** In the base currency. */
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
}

/** What a message is: a quote, the exchange's refusal, another message of no interest, or no message at all. */
export type StreamMessage =
  | { readonly kind: 'quote'; readonly quote: BookTicker }
  | { readonly kind: 'refusal'; readonly reason: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'broken' };

/** Where pairs are quoted, with the public addresses of their market-data streams. */
export const venues = [
  { id: 'spot', title: 'Binance spot', address: 'wss://stream.binance.com:9443' },
  { id: 'usdm', title: 'Binance USD-M futures', address: 'wss://fstream.binance.com' },
] as const;

export type VenueId = (typeof venues)[number]['id'];

/** The combined stream of several pairs below a venue's address. */
export function streamUrl(address: string, symbols: readonly string[]): string {
  const streams = symbols.map((symbol) => `${symbol.toLowerCase()}@bookTicker`);
  return `${address.replace(/\/+$/, '')}/stream?streams=${streams.join('/')}`;
}

/** Never throws: what is no message is `broken`. */
export function parseStreamMessage(text: string): StreamMessage {
  const message = parseObject(text);
  if (!message) return { kind: 'broken' };
  const refusal = message.error ?? (message.code !== undefined ? message : undefined);
  if (refusal !== undefined) return { kind: 'refusal', reason: reasonOf(refusal) };
  const data = isObject(message.data) ? message.data : message;
  if (!('b' in data && 'a' in data)) return { kind: 'other' };
  const { s: symbol, u: updateId } = data;
  const quote = {
    bid: priceOf(data.b),
    bidSize: priceOf(data.B),
    ask: priceOf(data.a),
    askSize: priceOf(data.A),
  };
  const complete = typeof symbol === 'string' && symbol !== '' && Number.isSafeInteger(updateId);
  if (!complete || !Object.values(quote).every(Number.isFinite)) return { kind: 'broken' };
  return { kind: 'quote', quote: { symbol: symbol.toUpperCase(), updateId: Number(updateId), ...quote } };
}

/** Prices and quantities are texts, so that no digit is lost on the way. */
function priceOf(value: unknown): number {
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(refusal: unknown): string {
  if (isObject(refusal) && typeof refusal.msg === 'string') return refusal.msg;
  return JSON.stringify(refusal);
}
