/** What to make of a hub's answers and of failures on the way: the decisions of a download, without any fetching. */

import type { UserProblem } from '../../core/errors.ts';

/** What was asked for. */
export interface FileRequest {
  readonly path: string;
  /** Bytes already here: the answer should begin behind them. */
  readonly have: number;
  /** Length of the whole file; undefined where the hub did not say. */
  readonly expected: number | undefined;
}

/** An answer's head. */
export interface ResponseHead {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentLength: string | null;
  readonly contentRange: string | null;
  readonly retryAfter: string | null;
}

export type Verdict =
  /** The body goes to this offset; `total` is the length of the whole file, where it is known. */
  | { readonly kind: 'take'; readonly offset: number; readonly total: number | undefined }
  /** Ask again, from the start: what is here does not fit the file. */
  | { readonly kind: 'restart' }
  /** Everything is here already. */
  | { readonly kind: 'complete' }
  /** Ask again after a pause; `afterMs` where the server says how long. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number | undefined }
  | { readonly kind: 'refuse'; readonly problem: UserProblem };

const LONGEST_PAUSE_MS = 60_000;

/** Judges the head of an answer to a request for a file. */
export function judgeFile(request: FileRequest, head: ResponseHead): Verdict {
  const { path, have, expected } = request;
  const { status, contentType } = head;
  if (status === 416) return have > 0 && have === expected ? { kind: 'complete' } : { kind: 'restart' };
  if (status !== 200 && status !== 206) return judgeFailure(path, head);
  if (contentType?.includes('text/html'))
    return refuse('hub/html', `The hub answered with a web page instead of ${path}.`, HTML_HINT);
  const length = head.contentLength === null ? undefined : Number(head.contentLength);
  if (status === 200) {
    return expected !== undefined && length !== undefined && length !== expected
      ? refuse('hub/length', lengthSentence(path, length, expected), LENGTH_HINT)
      : { kind: 'take', offset: 0, total: expected ?? length };
  }
  if (head.contentRange === null) {
    // A server elsewhere may not let the page read this header; length and hash still have to fit in the end.
    const fits = length === undefined || expected === undefined || have + length === expected;
    return fits ? { kind: 'take', offset: have, total: expected } : { kind: 'restart' };
  }
  const [, start, , whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(head.contentRange) ?? [];
  if (start === undefined || Number(start) !== have) return { kind: 'restart' };
  const total = whole === '*' ? expected : Number(whole);
  if (expected !== undefined && total !== expected) {
    return refuse('hub/length', lengthSentence(path, total!, expected), LENGTH_HINT);
  }
  return { kind: 'take', offset: have, total };
}

/** Judges an answer that is no success. */
export function judgeFailure(what: string, { status, retryAfter }: ResponseHead): Verdict {
  if (status === 401 || status === 403) {
    return refuse('hub/gated', `The hub gives ${what} only to those it knows (status ${status}).`, GATED_HINT);
  }
  if (status === 404) {
    return refuse(
      'hub/not-found',
      `The hub has no ${what}.`,
      'Check the name; a private repository also looks like this without a token.',
    );
  }
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(retryAfter ?? Number.NaN);
    const reason = status === 429 ? 'the hub asks to wait' : `the hub failed (status ${status})`;
    return {
      kind: 'retry',
      reason,
      afterMs: Number.isFinite(seconds) && seconds >= 0 ? Math.min(1000 * seconds, LONGEST_PAUSE_MS) : undefined,
    };
  }
  return refuse('hub/status', `The hub answered with status ${status} to the request for ${what}.`, 'Try again later.');
}

/** How long to wait before the next try; `failures` counts those since the last byte that came. */
export function pauseMs(failures: number, afterMs: number | undefined): number {
  return afterMs ?? Math.min(1000 * 2 ** (failures - 1), 30_000);
}

/** Tries without a single new byte before a download is given up. */
export const MOST_FAILURES = 5;

/** The problem of a download that was given up. */
export function exhausted(path: string, reason: string): UserProblem {
  return {
    code: 'hub/interrupted',
    message: `The download of ${path} broke off ${MOST_FAILURES} times in a row: ${reason}.`,
    hint: 'What came is kept: resume when the connection is better.',
  };
}

/** A file whose length is not the one the hub reported. */
export function wrongLength(path: string, got: number, expected: number): UserProblem {
  return { code: 'hub/length', message: lengthSentence(path, got, expected), hint: LENGTH_HINT };
}

/** A file whose content is not the one the hub reported. */
export function wrongHash(path: string, got: string, expected: string): UserProblem {
  return {
    code: 'hub/hash',
    message: `${path} arrived damaged: its SHA-256 is ${got.slice(0, 12)}…, but the hub reports ${expected.slice(0, 12)}….`,
    hint: 'It was deleted; download it again.',
  };
}

function lengthSentence(path: string, got: number, expected: number): string {
  return `${path} has ${got} bytes, but the hub reports ${expected}.`;
}

function refuse(code: string, message: string, hint: string): Verdict {
  return { kind: 'refuse', problem: { code, message, hint } };
}

const HTML_HINT = 'Check the address of the hub; a sign-in page of a network may answer in its place.';
const LENGTH_HINT = 'The repository may have changed: look it up and download again.';
const GATED_HINT =
  'Accept the licence on its page at the hub, make a read token there and enter it here; it is not stored.';
