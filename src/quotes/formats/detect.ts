/** Which of the known formats a content is in, and the table in it, or a sentence on why it is none. */

import { UserError } from '../../core/errors.ts';
import { fileNames, sampleText, shorten, type TextSample } from '../text.ts';
import type { FileOverrides } from '../types.ts';
import { binanceBookTicker } from './binanceBookTicker.ts';
import { binaryFormats } from './binaryFormats.ts';
import { rolesFromHeader } from './columnNames.ts';
import { delimited } from './delimited.ts';
import { dukascopyColumns, dukascopyRows } from './dukascopyJson.ts';
import type { QuoteFormat, RawTable } from './format.ts';
import { histData, trueFx } from './headerless.ts';
import { ibkrBars } from './ibkrBars.ts';
import { ibkrTicks } from './ibkrTicks.ts';
import { kibot } from './kibot.ts';
import { leanBars } from './leanBars.ts';
import { leanEquityTicks, leanTicks } from './leanTicks.ts';
import { lobsterBook, lobsterMessages } from './lobster.ts';
import { oneSided } from './oneSided.ts';
import { socketLog } from './socketLog.ts';

/** Every text that is read; a new format is one file and one line here. */
export const quoteFormats: readonly QuoteFormat[] = [
  leanBars,
  leanEquityTicks,
  leanTicks,
  binanceBookTicker,
  histData,
  trueFx,
  kibot,
  lobsterBook,
  lobsterMessages,
  ibkrBars,
  ibkrTicks,
  dukascopyColumns,
  dukascopyRows,
  socketLog,
  oneSided,
  delimited,
];

export interface ReadTable {
  /** Title of the format. */
  readonly format: string;
  readonly table: RawTable;
}

/** @throws UserError of the format, or `quotes/format`, `quotes/columns`, `quotes/empty`, `quotes/binary` where there is none. */
export async function readTable(
  file: string,
  member: string | undefined,
  bytes: Uint8Array,
  overrides: FileOverrides,
): Promise<ReadTable> {
  const binary = binaryFormats.find((format) => format.detect(bytes));
  if (binary) {
    return { format: binary.title, table: await binary.read({ ...fileNames(file, member), bytes }, overrides) };
  }
  const sample = sampleText(file, member, bytes);
  const format = detectFormat(sample, overrides);
  return { format: format.title, table: format.read(sample, overrides) };
}

function detectFormat(sample: TextSample, overrides: FileOverrides): QuoteFormat {
  if (overrides.columns) return delimited;
  let best: QuoteFormat | undefined;
  let confidence = 0;
  for (const format of quoteFormats) {
    const found = format.detect(sample);
    if (found >= 0.5 && found > confidence) {
      best = format;
      confidence = found;
    }
  }
  if (best) return best;
  throw new UserError(explain(sample));
}

function explain(sample: TextSample) {
  const header = sample.cells[0]!;
  const roles = rolesFromHeader(header);
  const lacking = (['time', 'bid', 'ask'] as const).filter((role) => roles[role] === undefined);
  if (lacking.length < 3) {
    return {
      code: 'quotes/columns',
      message: `The columns are ${shorten(header.join(', '))}: none of them is named like ${lacking.join(' or ')}.`,
      hint: 'Say which columns are time, bid and ask, or drop a file that has all three; trades and one-sided files are not quotes.',
    };
  }
  const titles = [...quoteFormats, ...binaryFormats].map((format) => format.title);
  return {
    code: 'quotes/format',
    message: `This is not a quote file that can be read; it begins with “${shorten(sample.lines[0]!, 80)}”.`,
    hint: `Readable are: ${titles.join('; ')} (columns named like time, bid, ask); plain, zip, gz or zst.`,
  };
}
