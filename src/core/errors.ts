/**
 * Errors a user can meet are data worded for a person and made here; anything else that throws is a programming error.
 * They survive structured cloning (workers) as plain `UserProblem` values.
 */

/** What went wrong, where, and what to do about it. */
export interface UserProblem {
  /** Stable, machine-readable: `area/what`, for instance `checkpoint/shape`. */
  readonly code: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** One sentence: what the user can do. */
  readonly hint?: string;
  /** File, tensor, row or setting it is about. */
  readonly where?: string;
}

/** The throwable form of a `UserProblem`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(readonly problem: UserProblem) {
    super(problem.where ? `${problem.where}: ${problem.message}` : problem.message);
  }
}

/** Throws a `UserError` made of its arguments. */
export function fail(code: string, message: string, detail: { hint?: string; where?: string } = {}): never {
  throw new UserError({ code, message, ...detail });
}

/** Turns anything caught into a `UserProblem`, so that every failure can be shown. */
export function toProblem(caught: unknown): UserProblem {
  if (caught instanceof UserError) return caught.problem;
  if (isAbort(caught)) return { code: 'cancelled', message: 'Cancelled.' };
  if (caught instanceof Error && caught.name === 'QuotaExceededError') return noRoom;
  const message = caught instanceof Error ? caught.message : String(caught);
  if (missingScript.test(message)) {
    return {
      code: 'page/part-missing',
      message: 'The code of this part of the page could not be fetched.',
      hint: 'Check the connection and try again. The server may just have got another version of the page: then load it anew.',
    };
  }
  return {
    code: 'internal',
    message: `Something unexpected failed: ${message}`,
    hint: 'Nothing else was lost; try again, and report it with this sentence if it happens twice.',
  };
}

const noRoom: UserProblem = {
  code: 'storage/full',
  message: 'There is no room left in what this browser lets the page keep on this device.',
  hint: 'Make room: forget kept forecasts (Run, earlier runs) or remembered quotes (Quotes), delete checkpoints (Model), or free space on the disk. Then do it again.',
};
/** How browsers word that an `import()` found nothing, or something else; the last is of a part's stylesheet. */
const missingScript = /dynamically imported module|Importing a module script failed|Unable to preload CSS/i;

/** True for the rejection of a cancelled operation (AbortSignal). */
export function isAbort(caught: unknown): boolean {
  return caught instanceof DOMException && caught.name === 'AbortError';
}
