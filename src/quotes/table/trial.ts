/** Reads the beginning of a file by given settings: what a person sees of them before they are used. */

import { toProblem, type UserProblem } from '../../core/errors.ts';
import { pauses } from '../../core/yielding.ts';
import { sourceOf } from '../bytes/byteSource.ts';
import { openFile } from '../bytes/containers.ts';
import { fileNames } from '../bytes/text.ts';
import { detectContent } from '../formats/detect.ts';
import { checkTable } from '../readFile.ts';
import type { FileOverrides, QuoteFile, QuotePreview, TableLook } from '../types.ts';
import { unknownReport } from '../unread.ts';
import { previewTable } from './preview.ts';

export interface Trial {
  /** The table as the settings cut it, where it is one. */
  readonly look?: TableLook;
  readonly preview?: QuotePreview;
  /** Why there is no preview. */
  readonly problem?: UserProblem;
}

/** Tries the settings on one content of a file (`member` of an archive). Never rejects for what is in it. */
export async function tryReading(
  file: QuoteFile,
  member: string | undefined,
  overrides: FileOverrides,
): Promise<Trial> {
  let look: { look?: TableLook } = {};
  try {
    const opened = (await openFile(file.name, sourceOf(file.bytes))).find((each) => each.member === member);
    if (!opened) return { problem: { code: 'quotes/gone', message: 'The file no longer holds this content.' } };
    if ('problem' in opened) return { problem: opened.problem };
    const content = await detectContent(fileNames(file.name, member), opened.source, overrides);
    if (content.look) look = { look: content.look };
    const table = await (content.readFirst ?? content.read)();
    const named = { file: file.name, ...(member !== undefined && { member }) };
    if (table.half) return { ...look, preview: previewTable(named, content.format, table, undefined) };
    const { policies } = overrides;
    const { quotes, report } = await checkTable(
      { ...unknownReport, ...named },
      { format: content.format, table },
      policies,
      pauses(),
      async ({ lines }, wanted) => (lines ? lines.find(content.text, wanted) : new Map()),
    );
    if (report.problem) return { ...look, problem: report.problem };
    return { ...look, preview: previewTable(named, content.format, table, quotes[0]) };
  } catch (caught) {
    return { ...look, problem: toProblem(caught) };
  }
}
