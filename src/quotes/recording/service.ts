/** The recorder worker's service: one recording at a time, and those kept on this device. `workers/recorder/worker.ts` exposes it. */

import { fail, toProblem, type UserProblem } from '../../core/errors.ts';
import { admitServer, standingOf } from '../../core/hosts.ts';
import { isFull } from '../../storage/files.ts';
import type { Clock, OpenSocket } from './connection.ts';
import { Recorder, type RecordingSettings, type RecordingStatus } from './recorder.ts';
import {
  createRecording,
  listRecordings,
  type OpenRecording,
  readRecording,
  removeRecording,
  type StoredRecording,
} from './storage.ts';

/** What the page is told twice a second. */
export interface RecordingReport extends RecordingStatus {
  readonly name: string;
  /** False where the recording is in memory only and a closed tab loses it. */
  readonly durable: boolean;
  /** Set when the recording had to stop; what was recorded until then is kept. */
  readonly failure: UserProblem | undefined;
}

export interface RecorderService {
  /** Starts a recording; `onReport` is called until it is stopped. @throws UserError where one is under way. */
  start(settings: RecordingSettings, onReport: (report: RecordingReport) => void): Promise<void>;
  /** Ends the recording and hands over its CSV. */
  stop(): Promise<File>;
  list(): Promise<readonly StoredRecording[]>;
  read(name: string): Promise<File>;
  remove(name: string): Promise<void>;
}

const REPORT_EVERY_MS = 500;

export function createRecorderService(): RecorderService {
  let current: { recorder: Recorder; file: OpenRecording; stopReports: () => void } | undefined;

  return {
    async start(settings, onReport) {
      if (current) fail('recording/under-way', 'A recording is under way already.', { hint: 'Stop it first.' });
      const official = standingOf(settings.address, 'streams') === 'official';
      if (!official && !settings.clicked) {
        fail('recording/not-asked', `${settings.address} is no exchange’s own address, and nobody has agreed to it.`);
      }
      admitServer(settings.address, 'streams');
      const startedMs = wallClock.nowMs();
      const file = await createRecording(nameOf(settings, startedMs));
      let failure: UserProblem | undefined;
      const recorder = new Recorder(settings, openWebSocket, wallClock, file, (caught) => {
        failure = storageProblem(caught);
        report();
      });
      const report = () => onReport({ ...recorder.status(), name: file.name, durable: file.durable, failure });
      const timer = setInterval(report, REPORT_EVERY_MS);
      current = { recorder, file, stopReports: () => clearInterval(timer) };
      recorder.start();
      report();
    },
    async stop() {
      if (!current) fail('recording/none', 'No recording is under way.');
      const { recorder, file, stopReports } = current;
      current = undefined;
      stopReports();
      recorder.stop();
      return file.finish();
    },
    list: () => listRecordings(),
    read: (name) => readRecording(name),
    remove: (name) => removeRecording(name),
  };
}

/** `BTCUSDT-ETHUSDT-2026-03-01T09-30-00.csv`, with the server before it where it is not the exchange's: names of files hold no colons. */
function nameOf({ address, symbols }: RecordingSettings, startedMs: number): string {
  const official = standingOf(address, 'streams') === 'official';
  const from = official ? '' : `from-${address.replace(/^\w+:\/\//, '').replace(/[^\w.]+/g, '-')}-`;
  const shown =
    symbols.length > 4 ? `${symbols.slice(0, 4).join('-')}-and-${symbols.length - 4}-more` : symbols.join('-');
  return `${from}${shown}-${new Date(startedMs).toISOString().slice(0, 19).replaceAll(':', '-')}.csv`;
}

function storageProblem(caught: unknown): UserProblem {
  if (isFull(caught)) {
    return {
      code: 'recording/full',
      message: 'The storage of this device is full, so the recording stopped; what was recorded until then is kept.',
      hint: 'Delete recordings or datasets kept here, then start again.',
    };
  }
  return toProblem(caught);
}

let latestMs = 0;

/** The system's clock, except that it waits where that one is set back: stamps never fall. (`performance.now` may stop while a device sleeps.) */
const wallClock: Clock = {
  nowMs() {
    latestMs = Math.max(latestMs, Date.now());
    return latestMs;
  },
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const openWebSocket: OpenSocket = (url, { onOpen, onText, onEnd }) => {
  const socket = new WebSocket(url);
  socket.onopen = onOpen;
  socket.onmessage = ({ data }) => onText(typeof data === 'string' ? data : '');
  socket.onclose = ({ code, reason }) => onEnd(reason || (code === 1006 ? 'it could not be reached' : `code ${code}`));
  return socket;
};
