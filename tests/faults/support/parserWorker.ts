/** Reads what it is sent, in a thread of its own that can be ended. */

import { parentPort } from 'node:worker_threads';
import { type ParserName, parse } from './parsers.ts';

parentPort!.on('message', async ({ parser, bytes, name }: { parser: ParserName; bytes: Uint8Array; name: string }) => {
  parentPort!.postMessage({ problems: await parse(parser, bytes, name) });
});
parentPort!.postMessage('ready');
