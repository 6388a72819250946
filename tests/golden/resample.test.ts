/** The grid against pandas' previous-tick join, and against the grids of the end-to-end cases, cut from real quote files. */

import { describe, expect, test } from 'vitest';
import type { Grid, QuoteSeries } from '../../src/core/types.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { resample } from '../../src/quotes/resample.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedBytes, sharedFiles, sharedFolders, sharedPresent, sharedText } from '../support/shared.ts';

interface Columns {
  readonly time: number[];
  readonly bid: (number | null)[];
  readonly ask: (number | null)[];
}

interface ResampleCase extends Columns {
  readonly stepMs: number;
  readonly staleAfterMs: number | null;
  readonly expected: Columns;
}

interface EndToEndCase {
  readonly quotes: string[];
  readonly symbols: string[];
  readonly days: string[];
  readonly settings: {
    readonly resolutionMs: number;
    readonly sessionWindow: { readonly timeZone: string; readonly start: string; readonly end: string };
  };
}

const numbers = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);

describe.skipIf(!sharedPresent)('grids against references (skipped only where the reference folder is absent)', () => {
  const cases = sharedFiles('golden/resample');
  test('there are resampling cases', () => expect(cases).not.toHaveLength(0));

  for (const file of cases) {
    test(`resample/${file}`, (context) => {
      const golden: ResampleCase = JSON.parse(sharedText(`golden/resample/${file}`));
      const series: QuoteSeries = {
        symbol: 'CASE',
        source: file,
        timeMs: numbers(golden.time),
        bid: numbers(golden.bid),
        ask: numbers(golden.ask),
        calendar: { kind: '24/7' },
      };
      const grid = resample(series, { stepMs: golden.stepMs, window: null, staleAfterMs: golden.staleAfterMs });
      const comparison = new GoldenComparison(context, 'golden/resample', 'typescript');
      comparison.array('time', grid.timeMs, golden.expected.time, 0);
      comparison.array('bid', grid.bid, numbers(golden.expected.bid), 0);
      comparison.array('ask', grid.ask, numbers(golden.expected.ask), 0);
      comparison.finish();
    });
  }

  for (const folder of sharedFolders('golden/endtoend')) {
    test(`the grid of endtoend/${folder}`, async (context) => {
      const golden: EndToEndCase = JSON.parse(sharedText(`golden/endtoend/${folder}/expected.json`));
      const tensors = readTensors(sharedBytes(`golden/endtoend/${folder}/cases.safetensors`));
      const { series, reports } = await readQuoteFiles(
        golden.quotes.map((name) => ({ name, bytes: sharedBytes(`quotes/${name}`) })),
      );
      expect(reports.filter((report) => report.problem)).toEqual([]);
      const { resolutionMs, sessionWindow } = golden.settings;
      const comparison = new GoldenComparison(context, `golden/endtoend/${folder}`, 'typescript');
      for (const symbol of golden.symbols) {
        const quotes = series.find((each) => each.symbol === symbol.toUpperCase())!;
        const grid = resample(quotes, { stepMs: resolutionMs, window: sessionWindow, staleAfterMs: null });
        expect(grid.sessionDays.map((day) => day.replaceAll('-', ''))).toEqual(golden.days);
        golden.days.forEach((day, session) => {
          comparison.array(`${symbol}.${day}.bid`, ofSession(grid, 'bid', session), tensors(`${symbol}.${day}.bid`), 0);
          comparison.array(`${symbol}.${day}.ask`, ofSession(grid, 'ask', session), tensors(`${symbol}.${day}.ask`), 0);
        });
      }
      comparison.finish();
    });
  }
});

function ofSession(grid: Grid, column: 'bid' | 'ask', session: number): Float64Array {
  return grid[column].subarray(grid.sessionStarts[session], grid.sessionStarts[session + 1] ?? grid.timeMs.length);
}

/** Just enough of safetensors: F64 tensors by name. */
function readTensors(bytes: Uint8Array): (name: string) => Float64Array {
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)),
  );
  return (name) => {
    const entry = header[name];
    if (entry?.dtype !== 'F64') throw new Error(`no F64 tensor ${name}`);
    const [start, end] = entry.data_offsets;
    return new Float64Array(bytes.slice(8 + headerLength + start, 8 + headerLength + end).buffer);
  };
}
