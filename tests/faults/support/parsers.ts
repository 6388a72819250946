/** Everything that reads what somebody else wrote, each as one function of bytes. Whatever it throws that is no UserError is a fault. */

import { fail, toProblem, type UserProblem } from '../../../src/core/errors.ts';
import { readWeights } from '../../../src/models/checkpoints/readWeights.ts';
import { readRepository } from '../../../src/models/hub/repository.ts';
import { suggestMapping } from '../../../src/models/onnxFile/mapping.ts';
import { readOnnx } from '../../../src/models/onnxFile/model.ts';
import { findSites } from '../../../src/models/onnxFile/sites.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import { tryReading } from '../../../src/quotes/table/trial.ts';
import { readRunFile } from '../../../src/runs/importedRun.ts';
import { readLink } from '../../../src/runs/link.ts';
import { parseManifest } from '../../../src/runs/runManifest.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { checkStudyManifest } from '../../../src/studies/machine/studyManifest.ts';
import { readRecords } from '../../../src/studies/runRecord.ts';

/** Every sentence that came of it; empty where it was read. */
type Parser = (
  bytes: Uint8Array,
  name: string,
) => Promise<readonly UserProblem[] | undefined> | readonly UserProblem[] | undefined;

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch {
    return fail('test/json', 'This is not JSON.');
  }
}

const good = { name: 'good.csv', bytes: new TextEncoder().encode('time,bid,ask\n1709285400,5,6\n') };

/** A value came of it, which is as good as a sentence. */
function nothing(_: unknown): undefined {}

export const parsers = {
  /** With a good file beside it, which is to be read whatever is in the other one. */
  quotes: async (bytes, name) => {
    const { series, reports } = await readQuoteFiles([{ name, bytes }, good]);
    const other = reports.find(({ file }) => file === good.name);
    if (other?.problem || !series.some(({ symbol }) => symbol.includes('GOOD')))
      throw new Error('the good file was lost');
    return reports.flatMap(({ problem }) => problem ?? []);
  },
  /** As the dialog about columns looks at a file. */
  quoteTrial: async (bytes, name) => {
    const { problem } = await tryReading({ name, bytes }, undefined, {});
    return problem ? [problem] : [];
  },
  config: (bytes, name) => nothing(openArchitecture(textOf(bytes), name)),
  weights: (bytes, name) => nothing(readWeights([{ path: name, bytes }], 'dropped')),
  onnx: (bytes, name) => {
    const file = readOnnx(bytes, name);
    findSites(file);
    suggestMapping(file, name);
    return undefined;
  },
  hub: (bytes) => nothing(readRepository('https://huggingface.co', 'somebody/something', jsonOf(bytes))),
  settings: (bytes) => nothing(parseRunSettings(jsonOf(bytes))),
  runManifest: (bytes) => nothing(parseManifest(jsonOf(bytes))),
  studyManifest: (bytes) => nothing(checkStudyManifest(jsonOf(bytes), true)),
  runFile: (bytes, name) => nothing(readRunFile(textOf(bytes), name)),
  link: (bytes) => nothing(readLink(textOf(bytes))),
  record: async (bytes) => nothing(await readRecords({ keys: async () => ['a'], get: async () => bytes })),
} satisfies Record<string, Parser>;

export type ParserName = keyof typeof parsers;

/** What came of one input: sentences for people, and none that says that something unexpected failed. */
export async function parse(parser: ParserName, bytes: Uint8Array, name: string): Promise<readonly UserProblem[]> {
  try {
    return (await (parsers[parser] as Parser)(bytes, name)) ?? [];
  } catch (caught) {
    return [toProblem(caught)];
  }
}
