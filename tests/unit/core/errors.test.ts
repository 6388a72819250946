import { describe, expect, test } from 'vitest';
import { fail, isAbort, toProblem, UserError } from '../../../src/core/errors.ts';

describe('errors', () => {
  test('fail throws what a person needs to know, with the place in front', () => {
    const attempt = () => fail('quotes/format', 'This is not a quote file.', { where: 'a.csv', hint: 'Try another.' });
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow('a.csv: This is not a quote file.');
  });

  test('a user error comes back as its problem, unchanged', () => {
    const problem = { code: 'x/y', message: 'No.', hint: 'Yes.', where: 'row 3' };
    expect(toProblem(new UserError(problem))).toBe(problem);
  });

  test('a cancellation is told apart from a failure', () => {
    const controller = new AbortController();
    controller.abort();
    expect(isAbort(controller.signal.reason)).toBe(true);
    expect(toProblem(controller.signal.reason)).toEqual({ code: 'cancelled', message: 'Cancelled.' });
    expect(isAbort(new Error('AbortError'))).toBe(false);
  });

  test('anything else becomes a problem with its message', () => {
    expect(toProblem(new TypeError('boom'))).toMatchObject({
      code: 'internal',
      message: 'Something unexpected failed: boom',
    });
    expect(toProblem('text')).toMatchObject({ code: 'internal', message: 'Something unexpected failed: text' });
  });

  test('a problem survives structured cloning', () => {
    const problem = toProblem(new UserError({ code: 'a/b', message: 'm' }));
    expect(structuredClone(problem)).toEqual(problem);
  });
});
