/**
 * A connection that comes back: it opens a stream again after every loss, later and later while nothing comes, and takes a silent one
 * for lost. Sockets and time are handed in, so that tests can play both.
 */

/** What is used of a WebSocket. */
export interface Socket {
  close(): void;
}

/** What happens on a socket; after `onEnd` nothing more does. */
export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Refused, broken or closed; `reason` is for people and may be empty. */
  readonly onEnd: (reason: string) => void;
}

export type OpenSocket = (url: string, events: SocketEvents) => Socket;

export interface Clock {
  /** Milliseconds since the Unix epoch, never falling. */
  nowMs(): number;
  /** Calls back once after `ms`; returns how to call it off. */
  after(ms: number, callback: () => void): () => void;
}

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly retryAtMs: number; readonly reason: string }
  | { readonly kind: 'closed' };

/** An opening handshake, or a pause between two messages, of more than this is a loss. */
export const SILENCE_LIMIT_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export class StreamConnection {
  private socket: Socket | undefined;
  private callOff = () => {};
  private failuresInARow = 0;
  /** Which socket is in use: one that was given up may still speak, and is not heard. */
  private attempt = 0;
  private now: ConnectionState = { kind: 'closed' };
  /** How often an open connection was lost. */
  losses = 0;
  /** When the present connection last gave a sign of life. */
  heardMs = 0;

  constructor(
    private readonly url: string,
    private readonly openSocket: OpenSocket,
    private readonly clock: Clock,
    private readonly events: {
      readonly onText: (text: string) => void;
      readonly onState: (state: ConnectionState) => void;
    },
  ) {}

  get state(): ConnectionState {
    return this.now;
  }

  start(): void {
    this.become({ kind: 'connecting' });
    const attempt = ++this.attempt;
    const inUse = (): boolean => attempt === this.attempt;
    this.heardMs = this.clock.nowMs();
    this.watch(SILENCE_LIMIT_MS);
    try {
      this.socket = this.openSocket(this.url, {
        onOpen: () => {
          if (!inUse()) return;
          this.heardMs = this.clock.nowMs();
          this.become({ kind: 'open' });
        },
        onText: (text) => {
          if (!inUse()) return;
          this.heardMs = this.clock.nowMs();
          this.failuresInARow = 0;
          this.events.onText(text);
        },
        onEnd: (reason) => {
          if (inUse()) this.lose(reason || 'the connection was closed');
        },
      });
    } catch (caught) {
      this.lose(caught instanceof Error ? caught.message : String(caught));
    }
  }

  /** Gives the present connection up and makes another: for whoever knows that it is no longer to be trusted. */
  restart(reason: string): void {
    if (this.now.kind === 'open' || this.now.kind === 'connecting') this.lose(reason);
  }

  close(): void {
    this.drop();
    this.become({ kind: 'closed' });
  }

  /** Looks again when the silence so far could have grown too long: no timer is set for every message. */
  private watch(ms: number): void {
    this.callOff();
    this.callOff = this.clock.after(ms, () => {
      const leftMs = this.heardMs + SILENCE_LIMIT_MS - this.clock.nowMs();
      if (leftMs > 0) this.watch(leftMs);
      else this.lose(`nothing came for ${SILENCE_LIMIT_MS / 1000} seconds`);
    });
  }

  private lose(reason: string): void {
    if (this.now.kind === 'open') this.losses++;
    this.drop();
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failuresInARow++);
    this.callOff = this.clock.after(waitMs, () => this.start());
    this.become({ kind: 'waiting', retryAtMs: this.clock.nowMs() + waitMs, reason });
  }

  private drop(): void {
    this.callOff();
    this.attempt++;
    this.socket?.close();
    this.socket = undefined;
  }

  private become(state: ConnectionState): void {
    this.now = state;
    this.events.onState(state);
  }
}
