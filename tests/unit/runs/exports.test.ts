import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashGrid } from '../../../src/core/hashGrid.ts';
import { csvMetadata, tableCsv, toCsv } from '../../../src/export/csv.ts';
import { tableParquet } from '../../../src/export/parquet.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { configurationsTable, fitsTable, naiveTable, returnsTable, runJson } from '../../../src/runs/exports.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import { makeManifest, parseManifest, type RunManifest } from '../../../src/runs/runManifest.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { card, leakingForecaster, makeGrid } from './fixtures.ts';

const settings = parseRunSettings({ variants: 2, configurations: 6, thresholdMaxBps: 5 });
const grid = makeGrid('A', ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08']);
let result: MarketLineResult;
let manifest: RunManifest;

beforeAll(async () => {
  const forecaster = leakingForecaster(5e-4);
  const study = { grids: [grid], forecaster, backtester: directBacktester, settings };
  result = (await runMarketLine(study)).result;
  manifest = makeManifest({
    appVersion: '0.1.0',
    data: [{ symbol: 'A', source: 'simulator, seed 1', gridSha256: await hashGrid(grid) }],
    card,
    backend: forecaster.backend,
    settings,
  });
});

describe('CSV', () => {
  test('quotes what needs quoting and ends every record with CRLF', () => {
    expect(
      toCsv([
        ['a', 'b,c', 'say "x"', 'two\nlines'],
        [1e-7, null, Number.NaN, true],
      ]),
    ).toBe('a,"b,c","say ""x""","two\nlines"\r\n1e-7,,,true\r\n');
  });

  test('lets no name become a formula, and leaves numbers as they are', () => {
    const names = ['=1+1', '+49', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', 'AT&T', '4-5'];
    expect(toCsv([names, [-1, 1e-7]])).toBe(
      "'=1+1,'+49,'-2+3,'@SUM(A1),'\t=1,\"'\r=1\",' =1,'＝1,AT&T,4-5\r\n-1,1e-7\r\n",
    );
  });

  test('has a row for each configuration, whose numbers read back exactly', () => {
    const lines = tableCsv(configurationsTable(result)).split('\r\n');
    expect(lines).toHaveLength(1 + 6 + 1);
    const header = lines[0]!.split(',');
    expect(header.slice(0, 3)).toEqual(['configuration', 'mean [bps/day]', 'sigma aleatory [bps/day]']);
    result.configurations.forEach((point, i) => {
      const cells = lines[i + 1]!.split(',');
      expect(cells).toHaveLength(header.length);
      expect(Number(cells[1])).toBe(point.meanBps);
      expect(Number(cells[header.indexOf('threshold [bps]')])).toBe(point.config.thresholdBps);
      expect(cells[header.indexOf('stop loss [bps]')]).toBe(String(point.config.stopLossBps ?? ''));
    });
  });

  test('has a row for each configuration on each naive forecast', () => {
    const rows = tableCsv(naiveTable(result)).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 6 * 6);
    expect(rows.at(-1)!.split(',').slice(0, 3)).toEqual(['oracle', '5', String(result.naive[5]!.points[5]!.meanBps)]);
  });

  test('lists five lines for each priced risk', () => {
    const rows = tableCsv(fitsTable(result)).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 3 * 5);
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([18]));
    const fit = result.fits.aleatory;
    if (fit.kind === 'fitted') expect(Number(rows[1]!.split(',')[2])).toBe(fit.leastSquares.slope);
    const interval = result.intervals.aleatory.leastSquares;
    if (interval.kind !== 'interval') throw new Error('no interval');
    const at = rows[0]!.split(',').indexOf('slope low [1/day]');
    expect(rows[1]!.split(',').slice(at, at + 5)).toEqual(
      [interval.low, interval.high, 0.95, interval.method, 'circular'].map(String),
    );
  });
});

describe('Parquet', () => {
  test('reads back with the same columns, numbers to the bit, absent values as null, and the manifest', async () => {
    for (const table of [configurationsTable(result), returnsTable(result), naiveTable(result), fitsTable(result)]) {
      const file = tableParquet(table, manifest);
      const metadata = parquetMetadata(file);
      expect(metadata.key_value_metadata).toContainEqual({ key: 'manifest', value: JSON.stringify(manifest) });
      const rows = await parquetReadObjects({ file });
      expect(rows).toHaveLength(table.rows.length);
      expect(Object.keys(rows[0] ?? {})).toEqual(table.header);
      rows.forEach((row, i) => {
        const want = table.rows[i]!.map((cell) => (Number.isNaN(cell) ? null : cell));
        expect(Object.values(row).map((cell) => cell ?? null)).toEqual(want);
      });
    }
  });

  test('returns are one row for each configuration, variant and day', () => {
    const { rows, header } = returnsTable(result);
    expect(header).toEqual(['configuration', 'variant', 'day', 'return [1/day]']);
    expect(rows).toHaveLength(6 * 3 * 5);
    expect(rows.map((row) => row[3])).toEqual([...result.periodReturns]);
    expect(rows.at(-1)!.slice(0, 3)).toEqual([5, 2, '2024-01-08']);
  });
});

describe('manifest', () => {
  test('is beside CSV files, which hold nothing but their table', () => {
    const table = fitsTable(result);
    expect(tableCsv(table).trimEnd().split('\r\n')).toHaveLength(1 + table.rows.length);
    const beside = JSON.parse(csvMetadata({ 'lines.csv': table }, manifest));
    expect(beside.notes).toEqual([{ manifest }]);
    expect(beside.tables[0].url).toBe('lines.csv');
    expect(beside.tables[0].tableSchema.columns).toHaveLength(table.header.length);
  });

  test('survives JSON, together with the results', () => {
    const document = JSON.parse(runJson(manifest, result)) as { manifest: unknown; result: MarketLineResult };
    expect(parseManifest(document.manifest)).toEqual(manifest);
    expect(document.result.periodReturns).toEqual([...result.periodReturns]);
    expect(document.result.configurations).toEqual(result.configurations);
    expect(document.result.intervals).toEqual(result.intervals);
  });

  test.each([
    [{ schemaVersion: 2 }, 'schemaVersion'],
    [{ data: [{ symbol: 'A', source: '', gridSha256: 'xyz' }] }, 'data.0.gridSha256'],
    [{ settings: { variants: 'many' } }, 'variants'],
  ])('with %j is refused, naming the field', (change, where) => {
    expect(() => parseManifest({ ...manifest, ...change })).toThrow(new RegExp(`^${where}: `));
  });

  test('the hash of a grid changes with any of its numbers', async () => {
    const other = { ...grid, ask: grid.ask.with(5, 101) };
    expect(await hashGrid(grid)).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashGrid(other)).not.toBe(await hashGrid(grid));
    expect(await hashGrid({ ...grid, bid: grid.bid.slice() })).toBe(await hashGrid(grid));
  });
});
