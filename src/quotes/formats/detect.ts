/** Which of the known formats a content is in, and the table in it, or a sentence on why it is none. */

import { UserError } from '../../core/errors.ts';
import { type ByteSource, memorySource, readHead } from '../byteSource.ts';
import { LF } from '../scan.ts';
import { type FileNames, HEAD_BYTES, sampleText, shorten, type TextSample } from '../text.ts';
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

/** A content whose format is known: reads all of it, or a first look at it. */
export interface DetectedContent {
  /** Title of the format. */
  readonly format: string;
  read(): Promise<RawTable>;
  /** The rows at its beginning; `undefined` where they cannot be had without the others. */
  readonly readFirst: (() => Promise<RawTable>) | undefined;
}

const FIRST_ROWS = 1000;

/**
 * Looks at the beginning of a content. Rejects with the UserError of the format, or `quotes/format`, `quotes/columns`, `quotes/empty`,
 * `quotes/binary` where there is none.
 */
export async function detectContent(
  names: FileNames,
  source: ByteSource,
  overrides: FileOverrides,
): Promise<DetectedContent> {
  const head = await readHead(source, HEAD_BYTES);
  const binary = binaryFormats.find((format) => format.detect(head));
  if (binary) {
    const file = { ...names, source };
    return {
      format: binary.title,
      read: () => binary.read(file, overrides),
      readFirst: binary.previews ? () => binary.read({ ...file, firstRows: FIRST_ROWS }, overrides) : undefined,
    };
  }
  const sample = sampleText(names, source, head);
  const format = detectFormat(sample, overrides);
  const whole = head.lastIndexOf(LF) + 1;
  return {
    format: format.title,
    read: () => format.read(sample, overrides),
    // Without a line end there, as in JSON, the beginning alone is of no use.
    readFirst:
      whole > 0
        ? () => format.read({ ...sample, source: memorySource(head.subarray(0, whole)) }, overrides)
        : undefined,
  };
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
