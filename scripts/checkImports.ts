/**
 * Checks that dependencies point one way (README, "Layout"): prints `file:line` and the forbidden import for each offence.
 * That nothing outside the page touches the DOM is checked by types, with `scripts/tsconfig.pure.json`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/**
 * Which parts of `src/` a part may import besides itself, from the lowest floor up. `workers` holds one folder a worker: what
 * crosses the wire, the thin worker, and the client that the page and other workers call.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  storage: ['core'],
  export: ['core'],
  quotes: ['core', 'storage'],
  models: ['core', 'storage'],
  strategy: ['core'],
  risk: ['core'],
  // The corpus of the embedded checkpoints is drawn from the market simulator.
  training: ['core', 'storage', 'models', 'quotes'],
  forecasts: ['core', 'storage', 'models'],
  marketLine: ['core', 'models', 'strategy', 'risk'],
  analysis: ['core', 'export', 'quotes', 'models', 'strategy', 'risk', 'marketLine'],
  runs: [
    ...['core', 'storage', 'export', 'quotes', 'models', 'strategy', 'risk', 'training', 'forecasts', 'marketLine'],
    'analysis',
  ],
  studies: [
    ...['core', 'storage', 'export', 'quotes', 'models', 'strategy', 'risk', 'training', 'forecasts', 'marketLine'],
    ...['runs', 'analysis'],
  ],
  workers: [
    ...['core', 'storage', 'export', 'quotes', 'models', 'strategy', 'risk', 'training', 'forecasts', 'marketLine'],
    ...['runs', 'analysis', 'studies'],
  ],
  app: [
    ...['core', 'storage', 'export', 'quotes', 'models', 'strategy', 'risk', 'training', 'forecasts', 'marketLine'],
    ...['runs', 'analysis', 'studies', 'workers', 'package.json'],
  ],
};

/** `from '…'`, `import '…'`, `import('…')` and `new URL('…', import.meta.url)` with a relative path. */
const specifier = /(?:from\s*|import\s*\(?\s*|new URL\(\s*)(['"])(\.{1,2}\/[^'"]*)\1/g;

const offences = [...sourceFiles('src'), ...sourceFiles('workers')].flatMap(checkFile);
for (const offence of offences) console.error(offence);
if (offences.length > 0) process.exitCode = 1;
else console.log('Dependencies point one way.');

function checkFile(path: string): string[] {
  const part = partOf(path);
  const known = allowed[part];
  if (!known)
    return [`${path}:1: "${part}" is no known part; add it to scripts/checkImports.ts with what it may import.`];
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(specifier)].flatMap((match) => {
    const target = partOf(relative(root, resolve(root, dirname(path), match[2] as string)));
    if (target === part || known.includes(target)) return [];
    const line = text.slice(0, match.index).split('\n').length;
    return [`${path}:${line}: ${part} may not import ${target} ("${match[2]}").`];
  });
}

/** The folder below `src/` a path lies in, or `workers`; another top-level folder is named as it is. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split(sep);
  return top === 'src' ? second : top;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}
