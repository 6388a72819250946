/** What a back end throws, in words: a lost device, no memory left, a refused computation. */

import type { UserProblem } from '../../core/errors.ts';
import type { Provider } from '../types.ts';

const kinds = [
  {
    code: 'runtime/lost',
    pattern: /device.{0,40}lost|lost.{0,40}device|device.{0,40}(destroyed|removed|hung)|instance dropped/i,
    message:
      'The graphics processor was lost while it computed: its driver restarted, the device slept, or another program took it.',
  },
  {
    code: 'runtime/out-of-memory',
    pattern:
      /out[ -]of[ -]memory|memory access out of bounds|\bOOM\b|bad_alloc|failed to (allocate|grow)|not enough memory/i,
    message: 'There is no memory left for the computation',
  },
  {
    code: 'runtime/invalid',
    pattern: /validation|invalid (buffer|bind|command|compute|shader)|GPUValidationError|exceeds the max/i,
    message: 'The graphics driver refused the computation.',
  },
] as const;

/** A failed run. Texts of the runtime are for its authors and name files of their build: they are told apart here and not passed on. */
export function runProblem(provider: Provider, caught: unknown): UserProblem {
  const text = caught instanceof Error ? caught.message : String(caught);
  const kind = kinds.find(({ pattern }) => pattern.test(text));
  const hint =
    provider === 'webgpu'
      ? 'Run again; if it fails again, choose the WASM back end. What was finished is kept.'
      : 'Run again with fewer variants or a smaller model. What was finished is kept.';
  if (!kind)
    return { code: 'runtime/run', message: `The computation failed on ${provider}: ${withoutPaths(text)}.`, hint };
  const message = kind.code === 'runtime/out-of-memory' ? `${kind.message} on ${provider}.` : kind.message;
  return { code: kind.code, message, hint };
}

const MOST_LETTERS = 160;

/** The first sentence, without places in somebody's build. */
export function withoutPaths(text: string): string {
  const plain = text
    .replace(/(?:[A-Za-z]:)?[\w.@-]*(?:[/\\][\w.@+-]+)+(?::\d+)*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const first = /^.*?[.!](?=\s|$)/.exec(plain)?.[0] ?? plain;
  return first.slice(0, MOST_LETTERS).replace(/[.\s:]+$/, '') || 'no reason was given';
}
