/** Checks that relative links and paths in the repository's documents lead somewhere: prints `file:line` for each that does not. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();

/** `[text](target)` and `![text](target)`; targets with a scheme are of other servers. */
const link = /\]\(([^)\s]+)\)/g;
/** A file of the sources, in code: `src/…`, `workers/…`, `tests/…` or `scripts/…`, without a placeholder. */
const source = /`((?:src|workers|tests|scripts)\/[\w./-]+\.(?:tsx?|css|json))`/g;

const offences = documents.flatMap(checkDocument);
for (const offence of offences) console.error(offence);
if (offences.length > 0) process.exitCode = 1;
else console.log(`Links in ${documents.length} documents lead somewhere.`);

function checkDocument(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const headings = new Map<string, ReadonlySet<string>>([[path, anchorsOf(text)]]);
  const found: string[] = [];
  const complain = (index: number, message: string): void => {
    found.push(`${path}:${text.slice(0, index).split('\n').length}: ${message}`);
  };
  for (const match of text.matchAll(link)) {
    const [file = '', anchor] = match[1]!.split('#');
    if (/^[a-z]+:/i.test(match[1]!)) continue;
    const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
    if (!existsSync(join(root, target))) complain(match.index, `there is no ${target}.`);
    else if (anchor && target.endsWith('.md')) {
      const known = headings.get(target) ?? anchorsOf(readFileSync(join(root, target), 'utf8'));
      headings.set(target, known);
      if (!known.has(anchor)) complain(match.index, `${target} has no heading “${anchor}”.`);
    }
  }
  for (const match of text.matchAll(source)) {
    if (!existsSync(join(root, match[1]!))) complain(match.index, `there is no ${match[1]}.`);
  }
  return found;
}

/** Headings as hosts of repositories name them in links. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
