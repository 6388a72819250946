/** Parsers in a thread that is ended when one takes too long or too much memory, so that a hang is a finding and not the end of the test. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { UserProblem } from '../../../src/core/errors.ts';
import type { ParserName } from './parsers.ts';

export interface Bounds {
  readonly mostMs: number;
  readonly mostMb: number;
}

export type Outcome =
  | { readonly kind: 'answer'; readonly problems: readonly UserProblem[]; readonly ms: number }
  /** Ended: late, too large, or fallen over. */
  | { readonly kind: 'ended'; readonly why: string };

/** Memory is looked at this often. */
const lookMs = 20;

export class BoundedParser {
  private worker: Worker | undefined;

  constructor(private readonly bounds: Bounds) {}

  async parse(parser: ParserName, bytes: Uint8Array, name: string): Promise<Outcome> {
    const first = await this.once(parser, bytes, name);
    // What else runs on the machine may take the two seconds; it will not take them twice.
    return first.kind === 'answer' ? first : this.once(parser, bytes, name);
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private async once(parser: ParserName, bytes: Uint8Array, name: string): Promise<Outcome> {
    this.worker ??= await start(this.bounds.mostMb);
    const { worker } = this;
    const before = process.memoryUsage().rss;
    const startMs = performance.now();
    const outcome = await new Promise<Outcome>((resolve) => {
      const look = setInterval(() => {
        const mb = (process.memoryUsage().rss - before) / 1e6;
        if (mb > this.bounds.mostMb) resolve({ kind: 'ended', why: `it took ${Math.round(mb)} MB` });
        if (performance.now() - startMs > this.bounds.mostMs) {
          resolve({ kind: 'ended', why: `it took longer than ${this.bounds.mostMs} ms` });
        }
      }, lookMs);
      const done = (result: Outcome) => {
        clearInterval(look);
        resolve(result);
      };
      worker.once('message', ({ problems }: { problems: readonly UserProblem[] }) =>
        done({ kind: 'answer', problems, ms: performance.now() - startMs }),
      );
      worker.once('error', (error: Error) => done({ kind: 'ended', why: error.message }));
      worker.postMessage({ parser, bytes, name });
    });
    worker.removeAllListeners('message').removeAllListeners('error');
    if (outcome.kind === 'ended') await this.close();
    return outcome;
  }
}

async function start(mostMb: number): Promise<Worker> {
  const file = new URL('./parserWorker.ts', import.meta.url).href;
  // Worker threads do not take over the loader of TypeScript.
  const boot = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(file)}, ${JSON.stringify(file)}))`;
  const worker = new Worker(boot, { eval: true, resourceLimits: { maxOldGenerationSizeMb: mostMb } });
  await once(worker, 'message');
  return worker;
}
