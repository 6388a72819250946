/** Records best bid and offer of several pairs from a live stream into rows of CSV, through losses of the connection. */

import { fail } from '../../core/errors.ts';
import { parseStreamMessage, streamUrl } from './bookTicker.ts';
import { type Clock, type ConnectionState, type OpenSocket, StreamConnection } from './connection.ts';
import { type PairState, QuoteSampler, type SampledQuote } from './sampler.ts';

export interface RecordingSettings {
  /** Address of the venue's streams, for instance `wss://stream.binance.com:9443`. */
  readonly address: string;
  /** Somebody clicked on a button with this address in full; without that none but a venue's own is listened to. */
  readonly clicked?: boolean;
  /** Pairs as the exchange writes them, for instance `BTCUSDT`. */
  readonly symbols: readonly string[];
  /** Grid of the recorded rows. */
  readonly stepMs: number;
}

/** How a recording stands. */
export interface RecordingStatus {
  readonly connection: ConnectionState;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly pairs: readonly PairState[];
  /** How often the connection was lost; while it was, nothing is recorded. */
  readonly losses: number;
  /** Messages that could not be understood. */
  readonly broken: number;
  /** What the exchange last refused, in its words. */
  readonly refusal: string | undefined;
}

/** Takes the text of a recording piece by piece. @throws whatever storage throws when it is full. */
export interface TextSink {
  append(text: string): void;
}

export const RECORDING_HEADER = 'time,symbol,bid,ask,bid_size,ask_size\n';

/** At most as many pairs as one connection of the exchange carries with ease. */
const MOST_PAIRS = 50;
const TICK_MS = 100;
/** A clock that jumped by more than this slept: the connection is not the one it was. */
const SLEEP_MS = 5000;

/** What a user typed into symbols: upper case, each once. @throws UserError where it is none or too many. */
export function parseSymbols(text: string): string[] {
  const symbols = [
    ...new Set(
      text
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ].map((each) => each.replace(/[/-]/g, ''));
  const hint = { hint: 'Write pairs as the exchange does, for instance BTCUSDT, ETHUSDT.' };
  if (symbols.length === 0) fail('recording/no-pair', 'No pair is named.', hint);
  const odd = symbols.find((symbol) => !/^[A-Z0-9_]{2,40}$/.test(symbol));
  if (odd !== undefined) fail('recording/pair', `“${odd}” is not the name of a pair.`, hint);
  if (symbols.length > MOST_PAIRS) {
    fail('recording/too-many', `${symbols.length} pairs are more than the ${MOST_PAIRS} that are recorded at once.`, {
      hint: 'Name fewer pairs.',
    });
  }
  return [...new Set(symbols)];
}

export class Recorder {
  private readonly connection: StreamConnection;
  private readonly sampler: QuoteSampler;
  private readonly startedMs: number;
  private lastTickMs: number;
  private callOff = () => {};
  private broken = 0;
  private refusal: string | undefined;
  private pending = '';

  /** `onFailure` is called once, when rows can no longer be stored; the recording has then stopped. */
  constructor(
    settings: RecordingSettings,
    openSocket: OpenSocket,
    private readonly clock: Clock,
    private readonly sink: TextSink,
    private readonly onFailure: (caught: unknown) => void,
  ) {
    this.startedMs = clock.nowMs();
    this.lastTickMs = this.startedMs;
    this.sampler = new QuoteSampler(settings.symbols, settings.stepMs, (row) => {
      this.pending += csvLine(row);
    });
    this.connection = new StreamConnection(streamUrl(settings.address, settings.symbols), openSocket, clock, {
      onText: (text) => this.take(text),
      onState: ({ kind }) => {
        if (kind !== 'open') this.sampler.interrupt();
      },
    });
  }

  start(): void {
    this.sink.append(RECORDING_HEADER);
    this.connection.start();
    this.tick();
  }

  /** Ends the connection and writes what is due. */
  stop(): void {
    this.callOff();
    this.sampler.advance(this.clock.nowMs(), this.connection.heardMs);
    this.connection.close();
    this.flush();
  }

  status(): RecordingStatus {
    return {
      connection: this.connection.state,
      startedMs: this.startedMs,
      nowMs: this.clock.nowMs(),
      pairs: this.sampler.states(),
      losses: this.connection.losses,
      broken: this.broken,
      refusal: this.refusal,
    };
  }

  private take(text: string): void {
    const message = parseStreamMessage(text);
    if (message.kind === 'quote') this.sampler.accept(message.quote, this.clock.nowMs());
    else if (message.kind === 'refusal') this.refusal = message.reason;
    else if (message.kind === 'broken') this.broken++;
  }

  private tick(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.lastTickMs > SLEEP_MS) this.connection.restart('this device slept');
    this.lastTickMs = nowMs;
    this.sampler.advance(nowMs, this.connection.heardMs);
    this.flush();
    if (this.connection.state.kind !== 'closed') this.callOff = this.clock.after(TICK_MS, () => this.tick());
  }

  private flush(): void {
    const text = this.pending;
    if (text === '') return;
    this.pending = '';
    try {
      this.sink.append(text);
    } catch (caught) {
      this.callOff();
      this.connection.close();
      this.pending = '';
      this.onFailure(caught);
    }
  }
}

function csvLine({ timeMs, quote }: SampledQuote): string {
  const { symbol, bid, ask, bidSize, askSize } = quote;
  return `${timeMs},${symbol},${bid},${ask},${bidSize},${askSize}\n`;
}
