/** Which of the known formats a content is in, and the table in it, or a sentence on why it is none. */

import { fail } from '../../core/errors.ts';
import { type ByteSource, isSeekable, memorySource, readHead } from '../bytes/byteSource.ts';
import { detectEncoding, transcoded } from '../bytes/encoding.ts';
import { type FileNames, HEAD_BYTES, mostRows, sampleText, shorten, splitBy, type TextSample } from '../bytes/text.ts';
import { LF } from '../table/scan.ts';
import type { ColumnMapping, FileOverrides, TableLook } from '../types.ts';
import { binanceBookTicker } from './binanceBookTicker.ts';
import { binaryFormats } from './binaryFormats.ts';
import { delimited } from './delimited.ts';
import { dukascopyColumns, dukascopyRows } from './dukascopyJson.ts';
import type { QuoteFormat, RawTable } from './format.ts';
import { histData, trueFx } from './headerless.ts';
import { ibkrBars } from './ibkrBars.ts';
import { ibkrTicks } from './ibkrTicks.ts';
import { jsonRows, jsonTable } from './jsonTable.ts';
import { kibot } from './kibot.ts';
import { leanBars } from './leanBars.ts';
import { leanEquityTicks, leanTicks } from './leanTicks.ts';
import { lobsterBook, lobsterMessages } from './lobster.ts';
import { oneSided } from './oneSided.ts';
import { orderEvents } from './orderEvents.ts';
import { dividePrices } from './prices.ts';
import { sideRows } from './sideRows.ts';
import { carrySidesForward } from './sides.ts';
import { socketLog } from './socketLog.ts';
import { lookAtTable } from './tableLook.ts';
import { textRoles } from './tableRoles.ts';

/** Every text that is read; a new format is one file and one line here. */
const quoteFormats: readonly QuoteFormat[] = [
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
  jsonTable,
  orderEvents,
  oneSided,
  sideRows,
  delimited,
];

export interface ReadTable {
  /** Title of the format. */
  readonly format: string;
  readonly table: RawTable;
}

/** What a content is taken for: reads all of it, or a first look at it. */
export interface DetectedContent {
  /** Title of the format; empty where it is none that is known, and reading then fails. */
  readonly format: string;
  /** From 0 to 1. */
  readonly confidence: number;
  /** Set for tables. */
  readonly look?: TableLook;
  /** What lines are looked up in: the text in UTF-8. */
  readonly text: ByteSource;
  read(): Promise<RawTable>;
  /** The rows at its beginning; `undefined` where they cannot be had without the others. */
  readonly readFirst: (() => Promise<RawTable>) | undefined;
}

const FIRST_ROWS = 1000;

/**
 * Looks at the beginning of a content. Rejects with a UserError `quotes/empty` or `quotes/binary`; reading what is of no known format
 * rejects with `quotes/format` or `quotes/columns`.
 */
export async function detectContent(
  names: FileNames,
  bytes: ByteSource,
  overrides: FileOverrides,
): Promise<DetectedContent> {
  const raw = await readHead(bytes, HEAD_BYTES);
  const binary = binaryFormats.find((format) => format.detect(raw));
  if (binary) {
    const file = { ...names, source: bytes };
    // Behind a decompressor the whole file would be unpacked for it.
    const rows = isSeekable(bytes) ? await binary.look?.(file) : undefined;
    const { mapping } = overrides;
    return {
      format: binary.title,
      confidence: 1,
      text: bytes,
      ...(rows && rows.length > 0 && { look: lookAtTable(rows, true) }),
      read: async () => applyMapping(await binary.read(file, overrides), mapping),
      readFirst: binary.previews
        ? async () => applyMapping(await binary.read({ ...file, firstRows: FIRST_ROWS }, overrides), mapping)
        : undefined,
    };
  }
  const encoding = overrides.encoding ?? detectEncoding(raw);
  const source = encoding === undefined || encoding === 'utf-8' ? bytes : transcoded(bytes, encoding);
  const head = source === bytes ? raw : await readHead(source, HEAD_BYTES);
  const told = sampleText(names, source, head);
  const json = jsonRows(told);
  const toldLook = json || isTable(told) ? lookAtTable(json ?? told.cells, json && true) : undefined;
  const shape = toldLook?.shape ?? '';
  const settled = overrides.mapping ? overrides : { ...overrides, ...overrides.savedMappings?.[shape] };
  const { mapping } = settled;
  const sample = mapping?.delimiter === undefined ? told : splitBy(told, mapping.delimiter);
  const { format, confidence } = mapping
    ? { format: json ? jsonTable : delimited, confidence: 1 }
    : detectFormat(sample);
  const asTold = json || (sample === told && mapping?.header === undefined);
  const look = asTold
    ? toldLook
    : isTable(sample)
      ? { ...lookAtTable(sample.cells, mapping?.header), shape }
      : undefined;
  const described = { confidence, text: source, ...(look && { look }) };
  if (!format) {
    const read = async () => fail(...explain(sample));
    return { format: '', ...described, read, readFirst: undefined };
  }
  const whole = head.lastIndexOf(LF) + 1;
  return {
    format: format.title,
    ...described,
    read: async () => noteEncoding(applyMapping(await format.read(sample, settled), mapping), encoding),
    // Without a line end there, as in JSON, the beginning alone is of no use.
    readFirst:
      whole > 0
        ? async () => {
            const first = { ...sample, source: memorySource(head.subarray(0, whole)) };
            return applyMapping(await format.read(first, settled), mapping);
          }
        : undefined,
  };
}

function noteEncoding(table: RawTable, encoding: string | undefined): RawTable {
  if (encoding === undefined || encoding === 'utf-8') return table;
  return { ...table, notes: [...table.notes, `The text is encoded as ${encoding.toUpperCase()}.`] };
}

/** What a person says of the prices holds for every kind of table. */
function applyMapping(table: RawTable, mapping: ColumnMapping | undefined): RawTable {
  if (!mapping) return table;
  const { priceDivisor = 1, oneSided = false } = mapping;
  dividePrices(table.rows, priceDivisor);
  if (oneSided) carrySidesForward(table.rows);
  const notes = [
    ...(priceDivisor === 1 ? [] : [`Prices are divided by ${priceDivisor}, as set.`]),
    ...(oneSided
      ? ['Each row carries one side only: the last bid and the last ask were carried forward, as set.']
      : []),
  ];
  return { ...table, notes: [...table.notes, ...notes], oneUpdatePerStamp: table.oneUpdatePerStamp || oneSided };
}

/** No table of quotes has more columns. */
const MOST_COLUMNS = 200;

/** Texts of which most lines have as many columns as the first, and more than one. JSON has lines and commas of its own. */
function isTable(sample: TextSample): boolean {
  const width = sample.cells[0]!.length;
  return (
    width > 1 &&
    width <= MOST_COLUMNS &&
    !/^\s*[[{]/.test(sample.lines[0]!) &&
    mostRows(sample, (cells) => cells.length === width)
  );
}

/** The surest format, if any is sure enough to be tried. */
function detectFormat(sample: TextSample): { format: QuoteFormat | undefined; confidence: number } {
  let best: QuoteFormat | undefined;
  let confidence = 0;
  for (const format of quoteFormats) {
    const found = format.detect(sample);
    if (found >= 0.5 && found > confidence) {
      best = format;
      confidence = found;
    }
  }
  return { format: best, confidence };
}

function explain(sample: TextSample): Parameters<typeof fail> {
  const header = sample.cells[0]!;
  const roles = textRoles(sample);
  const lacking = (['time', 'bid', 'ask'] as const).filter((role) => roles[role] === undefined);
  if (lacking.length < 3) {
    return [
      'quotes/columns',
      `The columns are ${shorten(header.join(', '))}: none of them is named like ${lacking.join(' or ')}.`,
      {
        hint: 'Say which columns are time, bid and ask, or drop a file that has all three; trades and one-sided files are not quotes.',
      },
    ];
  }
  const titles = [...quoteFormats, ...binaryFormats].map((format) => format.title);
  return [
    'quotes/format',
    `This is not a quote file that can be read; it begins with “${shorten(sample.lines[0]!, 80)}”.`,
    { hint: `Readable are: ${titles.join('; ')} (columns named like time, bid, ask); plain, zip, gz or zst.` },
  ];
}
