import { gzipSync as gzipQuickly } from 'node:zlib';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import type { FindingKind } from '../../../src/quotes/types.ts';
import { zstdStored, zstdZeros } from './bytes/zstd.ts';

const CSV = 'time,bid,ask\n1709285400,1,2\n1709285401,1.5,2.5\n';
const bytesOf = (text: string) => strToU8(text);
const zip = (members: Record<string, Uint8Array>) => zipSync(members);
const good = { name: 'good.csv', bytes: bytesOf('time,bid,ask\n1709285400,5,6\n') };

/** A zip whose directory claims that its member unpacks to two gigabytes. */
function boastfulZip(): Uint8Array {
  const bytes = zip({ 'a.csv': bytesOf(CSV) });
  const directory = bytes.findIndex((_, at) => [0x50, 0x4b, 1, 2].every((byte, i) => bytes[at + i] === byte));
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(directory + 24, 2 ** 31, true);
  return bytes;
}

function damagedZip(): Uint8Array {
  const bytes = zip({ 'a.csv': bytesOf(CSV.repeat(100)) });
  bytes[60]! ^= 255;
  return bytes;
}

const encrypted = zip({ 'a.csv': bytesOf(CSV) });
encrypted[encrypted.findIndex((_, at) => [0x50, 0x4b, 1, 2].every((byte, i) => encrypted[at + i] === byte)) + 8]! |= 1;

describe('files that cannot be read say why, and harm no other', () => {
  const gz = gzipSync(bytesOf(CSV.repeat(50)));
  const zst = zstdStored(bytesOf(CSV));
  test.each<[string, Uint8Array, string, string]>([
    ['empty', new Uint8Array(), 'quotes/empty', 'The file is empty.'],
    ['a byte-order mark only', bytesOf('\ufeff'), 'quotes/empty', 'The file is empty.'],
    ['header only', bytesOf('time,bid,ask\n'), 'quotes/empty', 'The file has a header but no quotes.'],
    ['header only, no final newline', bytesOf('time,bid,ask'), 'quotes/empty', 'The file has a header but no quotes.'],
    [
      'a delimiter that is none',
      bytesOf('time bid ask\n1709285400 1 2\n'),
      'quotes/format',
      'This is not a quote file that can be read; it begins with “time bid ask”.',
    ],
    [
      'a missing column',
      bytesOf('time,bid,bid_size,last\n1709285400,1,2,3\n'),
      'quotes/one-sided',
      'This file holds bids only and is not a quote file by itself.',
    ],
    [
      'trades',
      bytesOf('time,price,volume\n1709285400,1,2\n'),
      'quotes/columns',
      'The columns are time, price, volume: none of them is named like bid or ask.',
    ],
    [
      'a column twice',
      bytesOf('time,bid,ask,Bid\n1709285400,1,2,3\n'),
      'quotes/columns-twice',
      'There are two columns called “bid”, and nothing tells which one is meant.',
    ],
    [
      'all NaN',
      bytesOf('time,bid,ask\n1709285400,NaN,NaN\n1709285401,NaN,NaN\n'),
      'quotes/none-usable',
      'None of its 2 rows is a usable quote: 2 are without a bid or an ask.',
    ],
    [
      'only ragged rows',
      bytesOf('time,bid,ask\n1709285400,1\n1709285401\n'),
      'quotes/none-usable',
      'None of its 2 rows is a usable quote: 2 are not readable.',
    ],
    ['gzip cut short', gz.subarray(0, gz.length - 9), 'quotes/gzip-damaged', 'The gzip file is truncated or damaged.'],
    ['gzip without its last byte', gz.subarray(0, -1), 'quotes/gzip-damaged', 'The gzip file is truncated or damaged.'],
    ['gzip, its head only', gz.subarray(0, 5), 'quotes/gzip-damaged', 'The gzip file is truncated or damaged.'],
    [
      'zstd cut short',
      zst.subarray(0, zst.length - 9),
      'quotes/zstd-damaged',
      'The Zstandard file is truncated or damaged.',
    ],
    ['zstd, its head only', zst.subarray(0, 5), 'quotes/zstd-damaged', 'The Zstandard file is truncated or damaged.'],
    [
      'zip cut short',
      zip({ 'a.csv': bytesOf(CSV) }).subarray(0, -9),
      'quotes/zip-truncated',
      'The zip file is truncated or damaged: the directory at its end is missing.',
    ],
    ['an encrypted zip', encrypted, 'quotes/zip-method', 'The zip file is encrypted.'],
    [
      'Parquet cut short',
      bytesOf('PAR1 and so on'),
      'quotes/parquet-damaged',
      'The Parquet file is truncated or damaged (parquet file invalid (footer != PAR1)).',
    ],
    [
      'Parquet with a broken foot',
      Uint8Array.from([...bytesOf('PAR1'), 0x15, 0x99, 0x19, 3, 0, 0, 0, ...bytesOf('PAR1')]),
      'quotes/parquet-damaged',
      'The Parquet file is truncated or damaged (a structure that is cut off).',
    ],
    [
      'DBN cut short',
      Uint8Array.from([0x44, 0x42, 0x4e, 3, 0, 1, 0, 0, 1]),
      'quotes/dbn-damaged',
      'The Databento file is truncated or damaged: its metadata is cut off.',
    ],
    [
      'JSON cut short',
      bytesOf('[{"time": "2022-01-07T05:58:09Z", "price": 443.6, "size": 1, "tickType": 0}, {"ti'),
      'quotes/json-damaged',
      'The JSON file cannot be read: it is cut off or not written correctly.',
    ],
    [
      'JSON columns of two lengths',
      bytesOf('{"timestamp":1,"multiplier":1,"ask":1,"bid":1,"times":[1],"asks":[],"bids":[1]}'),
      'quotes/json-damaged',
      'The JSON file cannot be read: its columns are not of one length.',
    ],
    [
      'a zip in a zip',
      zip({ 'b.zip': zip({ 'a.csv': bytesOf(CSV) }) }),
      'quotes/nested',
      'There is an archive inside the archive, which is not opened.',
    ],
    [
      'a zip in a gzip',
      gzipSync(zip({ 'a.csv': bytesOf(CSV) })),
      'quotes/nested',
      'There is an archive inside the archive, which is not opened.',
    ],
    [
      'a gzip bomb',
      gzipQuickly(new Uint8Array(70e6)),
      'quotes/bomb',
      'The file unpacks to more than 300 times its size, which quotes do not: it was not opened.',
    ],
    [
      'a zstd bomb',
      zstdZeros(600),
      'quotes/bomb',
      'The file unpacks to more than 300 times its size, which quotes do not: it was not opened.',
    ],
    [
      'a zip bomb',
      boastfulZip(),
      'quotes/bomb',
      'The file unpacks to more than 300 times its size, which quotes do not: it was not opened.',
    ],
    [
      'a zip whose member was changed',
      damagedZip(),
      'quotes/zip-damaged',
      'This part of the zip file is damaged: it does not unpack to what the archive says it holds.',
    ],
    ['an empty zip', zip({}), 'quotes/zip-empty', 'The zip file holds no files.'],
    [
      'a gzip in a zstd',
      zstdStored(gz),
      'quotes/nested',
      'There is an archive inside the archive, which is not opened.',
    ],
    [
      'gzip whose checksum was changed',
      gz.map((byte, at) => (at === gz.length - 6 ? byte ^ 1 : byte)),
      'quotes/gzip-damaged',
      'The gzip file is truncated or damaged.',
    ],
    [
      'one row only, which is no quote',
      bytesOf('time,bid,ask\n1709285400,0,0\n'),
      'quotes/none-usable',
      'None of its 1 rows is a usable quote: 1 are priced at zero or below.',
    ],
    [
      'a log without quotes',
      bytesOf('1723161255088176367 {"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","p":"1"}}\n'),
      'quotes/no-book-ticker',
      'The log holds no bookTicker messages, which are where the best bid and ask are.',
    ],
    [
      '7-Zip',
      Uint8Array.from([0x37, 0x7a, 0xbc, 0xaf, 0, 0]),
      'quotes/binary',
      'This is a 7-Zip file that cannot be read.',
    ],
  ])('%s', async (_, bytes, code, message) => {
    const { series, reports } = await readQuoteFiles([{ name: 'bad', bytes }, good]);
    expect(reports[0]!.problem).toMatchObject({ code, message });
    expect(reports[0]!.problem!.hint).toMatch(/^[A-Z].*\.$/);
    expect(reports[0]!.problem!.where).toMatch(/^bad/);
    expect(series.map((each) => each.symbol)).toEqual(['GOOD']);
  });
});

describe('files that look odd are read all the same', () => {
  test.each<[string, string, Uint8Array]>([
    ['a byte-order mark', 'x.csv', bytesOf(`\ufeff${CSV}`)],
    ['CRLF', 'x.csv', bytesOf(CSV.replaceAll('\n', '\r\n'))],
    ['no final newline', 'x.csv', bytesOf(CSV.trimEnd())],
    ['blank lines', 'x.csv', bytesOf(CSV.replaceAll('\n', '\n\n'))],
    ['another delimiter', 'x.csv', bytesOf(CSV.replaceAll(',', ';'))],
    ['quoted numbers and names', 'x.csv', bytesOf(CSV.replaceAll(/[^,\n]+/g, '"$&"'))],
    ['a wrong extension', 'x.parquet', bytesOf(CSV)],
    ['gzip called CSV', 'x.csv', gzipSync(bytesOf(CSV))],
    ['zstd called gz', 'x.gz', zstdStored(bytesOf(CSV))],
    ['zip called CSV', 'x.csv', zip({ 'x.txt': bytesOf(CSV) })],
    ['gzip in a zip', 'x.zip', zip({ 'x.csv.gz': gzipSync(bytesOf(CSV)) })],
    ['zstd in a zip', 'x.zip', zip({ 'x.csv.zst': zstdStored(bytesOf(CSV)) })],
  ])('%s', async (_, name, bytes) => {
    const { series, reports } = await readQuoteFiles([{ name, bytes }]);
    expect(reports.map((report) => report.problem)).toEqual([undefined]);
    expect(series.map(({ symbol, timeMs, bid, ask }) => [symbol, [...timeMs], [...bid], [...ask]])).toEqual([
      ['X', [1_709_285_400_000, 1_709_285_401_000], [1, 1.5], [2, 2.5]],
    ]);
  });

  test.each<[string, string, number, FindingKind, number]>([
    ['one row', 'time,bid,ask\n1709285400,1,2\n', 1, 'unparsable', 0],
    ['ragged rows', `${CSV}1709285402,3\n1709285403,3,4,5,6\n`, 3, 'unparsable', 1],
    ['some NaN', `${CSV}1709285402,nan,4\n`, 2, 'missing', 1],
    ['text among the numbers', `${CSV}1709285402,three,4\n`, 2, 'unparsable', 1],
  ])('%s', async (_, text, kept, kind, count) => {
    const { reports } = await readQuoteFiles([{ name: 'x.csv', bytes: bytesOf(text) }]);
    expect(reports[0]).toMatchObject({ rowsKept: kept });
    expect(reports[0]!.findings.find((each) => each.kind === kind)?.count ?? 0).toBe(count);
  });

  test('the same file twice, once packed, counts once', async () => {
    const { series, reports } = await readQuoteFiles([
      { name: 'x.csv', bytes: bytesOf(CSV) },
      { name: 'x.csv.gz', bytes: gzipSync(bytesOf(CSV)) },
    ]);
    expect(series[0]!.timeMs).toHaveLength(2);
    expect(reports.map((report) => report.duplicateOf)).toEqual([undefined, 'x.csv']);
  });
});
