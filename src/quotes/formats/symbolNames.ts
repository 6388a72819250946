/** Symbols out of file names: `BTCUSDT-bookTicker-2023-05-16.csv` → `BTCUSDT`, `prices_ETH.csv` → `ETH`, `ticks-BTC-USD-2023.json` → `BTC-USD`. */

const EXTENSIONS = /(\.(csv|txt|tsv|psv|json|jsonl|ndjson|log|dat|parquet|pq|arrow|feather|dbn|zip|gz|zst))+$/i;

/** What a file holds, or who made it, is no symbol. */
const KINDS = new Set(
  [
    'price prices quote quotes orderbook orderbooks order book books bookticker booktickers ticker tickers tick ticks bbo nbbo tob top',
    'level l1 l2 depth spread spreads bidask tickbidask bid ask bids asks data hist history historical market md feed raw stream live log',
    'rec recording recorder recorded capture snapshot snapshots snap lob mbp mbo export output out sample test file dat ascii bars bar',
    'candles candlestick ohlc intraday daily full all bybit binance kraken coinbase okx bitget deribit hyperliquid aster lighter ctp',
    'dukascopy histdata truefx joined merged clean cleaned ws rest message messages update updates best offer event events series csv json',
    'second minute hour from to of the my with without and utc gmt local time times objects rows columns lines',
  ].flatMap((line) => line.split(' ')),
);
const CURRENCIES =
  /^(USD|USDT|USDC|FDUSD|TUSD|BUSD|DAI|EUR|GBP|JPY|CHF|AUD|CAD|NZD|KRW|TRY|BRL|INR|CNY|HKD|SGD|BTC|ETH|BNB)$/i;
const CONTRACTS = /^(PERP|PERPETUAL|SWAP|SPOT|FUT|FUTURES)$/i;

/** Upper case; the first word of the name where none is like a symbol. */
export function symbolFromName(name: string): string {
  const base = name.replace(EXTENSIONS, '');
  const words = base.match(/[A-Za-z0-9]+/g) ?? [];
  const at = words.findIndex((word, i) => isSymbol(word, i === 0));
  if (at < 0) return (words[0] ?? base).toUpperCase();
  const symbol = [words[at]!];
  for (const next of words.slice(at + 1, at + 3)) {
    const last = symbol.at(-1)!;
    if (CURRENCIES.test(next) ? !CURRENCIES.test(last) || symbol.length === 1 : CONTRACTS.test(next)) symbol.push(next);
    else break;
  }
  return symbol.join('-').toUpperCase();
}

/** A share of Asia is a number of four to six digits; in front of the name it is no year and no time. */
function isSymbol(word: string, first: boolean): boolean {
  if (/^\d+$/.test(word)) return first && /^\d{4,6}$/.test(word) && !/^(19|20)\d{2}/.test(word);
  return !KINDS.has(word.toLowerCase()) && !/^\d+(ms|s|m|min|h|d)$/i.test(word);
}
