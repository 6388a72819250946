import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/core/errors.ts';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import { parseStreamMessage } from '../../../../src/quotes/recording/bookTicker.ts';
import { SILENCE_LIMIT_MS } from '../../../../src/quotes/recording/connection.ts';
import { parseSymbols, Recorder } from '../../../../src/quotes/recording/recorder.ts';
import { FakeClock, FakeNetwork, ticker } from './fakes.ts';

function recording(symbols = ['BTCUSDT', 'ETHUSDT']) {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const stored = { text: '', full: false };
  const failures: unknown[] = [];
  const sink = {
    append(text: string) {
      if (stored.full) throw new DOMException('full', 'QuotaExceededError');
      stored.text += text;
    },
  };
  const settings = { address: 'wss://exchange.test/', symbols, stepMs: 100 };
  const recorder = new Recorder(settings, network.open, clock, sink, (caught) => failures.push(caught));
  recorder.start();
  const rows = () => stored.text.trimEnd().split('\n').slice(1);
  return { clock, network, recorder, stored, failures, rows };
}

describe('recording a live stream', () => {
  it('asks for the combined stream of its pairs', () => {
    const { network } = recording();
    expect(network.sockets[0]!.url).toBe('wss://exchange.test/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker');
  });

  it('writes a CSV that reads back as the quotes of every pair', async () => {
    const { clock, network, recorder, stored } = recording();
    network.latest.onOpen();
    for (let i = 0; i < 20; i++) {
      network.latest.onText(ticker('BTCUSDT', 2 * i, 100 + i, 101 + i));
      network.latest.onText(ticker('ETHUSDT', 2 * i, 10 + i, 10.5 + i));
      clock.advance(100);
    }
    recorder.stop();
    const bytes = new TextEncoder().encode(stored.text);
    const { series, reports } = await readQuoteFiles([{ name: 'recording.csv', bytes }]);
    expect(reports.map(({ problem, findings }) => [problem, findings])).toEqual([[undefined, []]]);
    expect(series.map(({ symbol, timeMs }) => [symbol, timeMs.length])).toEqual([
      ['BTCUSDT', 20],
      ['ETHUSDT', 20],
    ]);
    expect(series[1]!.ask[3]).toBe(13.5);
    expect(series[1]!.askSize?.[3]).toBe(2.5);
  });

  it('connects again after a loss, waiting longer each time, and leaves the gap a gap', () => {
    const { clock, network, recorder, rows } = recording(['BTCUSDT']);
    network.latest.onOpen();
    network.latest.onText(ticker('BTCUSDT', 7, 100, 101));
    clock.advance(100);
    network.latest.onEnd('code 1006');
    expect(recorder.status().connection).toMatchObject({ kind: 'waiting', reason: 'code 1006' });
    clock.advance(500);
    expect(network.sockets).toHaveLength(2);
    network.latest.onEnd('');
    clock.advance(999);
    expect(network.sockets).toHaveLength(2);
    clock.advance(1);
    expect(network.sockets).toHaveLength(3);
    clock.advance(5000);
    network.latest.onOpen();
    network.latest.onText(ticker('BTCUSDT', 1, 100, 101));
    clock.advance(100);
    const times = rows().map((row) => Number(row.split(',')[0]));
    expect(times[1]! - times[0]!).toBeGreaterThan(6000);
    expect(recorder.status()).toMatchObject({ losses: 1, connection: { kind: 'open' } });
  });

  it('takes a silent connection for lost, and does not hear the one it gave up', () => {
    const { clock, network, recorder, rows } = recording(['BTCUSDT']);
    network.latest.onOpen();
    network.latest.onText(ticker('BTCUSDT', 7, 100, 101));
    const deaf = network.latest;
    clock.advance(SILENCE_LIMIT_MS);
    expect(recorder.status().connection).toMatchObject({ reason: 'nothing came for 15 seconds' });
    expect(network.sockets[0]!.closed).toBe(true);
    const before = rows().length;
    deaf.onText(ticker('BTCUSDT', 8, 100, 101));
    deaf.onEnd('late');
    clock.advance(400);
    expect(rows()).toHaveLength(before);
  });

  it('writes nothing over the time in which the device slept', () => {
    const { clock, network, rows } = recording(['BTCUSDT']);
    network.latest.onOpen();
    network.latest.onText(ticker('BTCUSDT', 7, 100, 101));
    clock.advance(100);
    clock.sleep(3_600_000);
    clock.advance(1000);
    expect(rows()).toHaveLength(1);
    expect(network.sockets).toHaveLength(2);
  });

  it('counts what it cannot understand and says what the exchange refused', () => {
    const { clock, network, recorder } = recording(['BTCUSDT']);
    network.latest.onOpen();
    const texts = [
      'not JSON',
      '[]',
      '{"data":{"s":"BTCUSDT","u":1,"b":"x","B":"1","a":"2","A":"1"}}',
      '{"data":{"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}',
      '{"result":null,"id":1}',
      '{"error":{"code":2,"msg":"Invalid request"}}',
    ];
    for (const text of texts) network.latest.onText(text);
    clock.advance(100);
    expect(recorder.status()).toMatchObject({ broken: 4, refusal: 'Invalid request' });
  });

  it('stops when nothing more can be stored, keeps what is, and says so once', () => {
    const { clock, network, recorder, stored, failures, rows } = recording(['BTCUSDT']);
    network.latest.onOpen();
    network.latest.onText(ticker('BTCUSDT', 1, 100, 101));
    clock.advance(100);
    stored.full = true;
    network.latest.onText(ticker('BTCUSDT', 2, 100, 102));
    clock.advance(1000);
    expect(failures).toHaveLength(1);
    expect(recorder.status().connection).toEqual({ kind: 'closed' });
    expect(rows()).toHaveLength(1);
  });

  it('survives a socket that cannot even be made', () => {
    const clock = new FakeClock();
    let tries = 0;
    const open = () => {
      tries++;
      throw new SyntaxError('The URL is invalid.');
    };
    const settings = { address: 'nonsense', symbols: ['BTCUSDT'], stepMs: 100 };
    const recorder = new Recorder(settings, open, clock, { append: () => {} }, () => {});
    recorder.start();
    expect(recorder.status().connection).toMatchObject({ kind: 'waiting', reason: 'The URL is invalid.' });
    clock.advance(10_000);
    expect(tries).toBe(5);
    recorder.stop();
    clock.advance(60_000);
    expect(tries).toBe(5);
  });
});

describe('a message of the stream', () => {
  it('is read whether wrapped in its stream or not', () => {
    const data = { u: 1, s: 'BNBUSDT', b: '25.3519', B: '31.21', a: '25.3652', A: '40.66', E: 1, T: 1 };
    const quote = { symbol: 'BNBUSDT', updateId: 1, bid: 25.3519, bidSize: 31.21, ask: 25.3652, askSize: 40.66 };
    expect(parseStreamMessage(JSON.stringify(data))).toEqual({ kind: 'quote', quote });
    expect(parseStreamMessage(JSON.stringify({ stream: 'x', data }))).toEqual({ kind: 'quote', quote });
  });
});

describe('the pairs a user types', () => {
  it('are upper case, each once, without the slash', () => {
    expect(parseSymbols(' btcusdt, ETH/USDT;btcusdt\n')).toEqual(['BTCUSDT', 'ETHUSDT']);
  });

  const refused: readonly [string, string][] = [
    ['', 'No pair is named.'],
    ['BTC$', '“BTC$” is not the name of a pair.'],
    [
      Array.from({ length: 51 }, (_, i) => `A${i}USDT`).join(),
      '51 pairs are more than the 50 that are recorded at once.',
    ],
  ];
  it.each(refused)('are refused: %j', (text, message) => {
    expect(() => parseSymbols(text)).toThrow(UserError);
    expect(() => parseSymbols(text)).toThrow(message);
  });
});
