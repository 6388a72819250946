import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sinks =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|eval\(|new Function\b|srcdoc)/;

test('no source makes markup or code from a string', () => {
  const root = join(import.meta.dirname, '../../..');
  const found = ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) => sinks.test(readFileSync(join(root, folder, name), 'utf8')))
      .map((name) => `${folder}/${name}`),
  );
  expect(found).toEqual([]);
});
