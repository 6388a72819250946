/** Damaged files that once took minutes or gigabytes: each is refused in a sentence, quickly, and a good file beside it is read. */

import { afterAll, expect, test } from 'vitest';
import { sharedBytes, sharedFiles } from '../support/shared.ts';
import { BoundedParser } from './support/boundedParser.ts';

const folder = 'reports/hostile';
const parser = new BoundedParser({ mostMs: 2000, mostMb: 256 });
afterAll(() => parser.close());

/** Configs have tests of their own. */
const names = sharedFiles(folder, '').filter((name) => !name.startsWith('config-'));

test.for(names)('%s', async (name) => {
  const bytes = sharedBytes(`${folder}/${name}`);
  const outcome = await parser.parse('quotes', bytes, name);
  expect(outcome).toMatchObject({ kind: 'answer' });
  if (outcome.kind !== 'answer') return;
  const [problem] = outcome.problems;
  expect(problem?.code).toMatch(/^quotes\//);
  expect(problem?.message).toMatch(/^[A-Z].*\.$/);
  expect(problem?.hint).toMatch(/^[A-Z].*\.$/);
});
