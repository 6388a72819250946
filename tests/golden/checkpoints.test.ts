/** The model card: what docs/checkpoints.md says of real quotes is what comes out of them. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cardFile, embeddedFiles, formatScore, pathsOfMarket } from '../../scripts/modelCard.ts';
import { realMarkets } from '../../scripts/realQuotes.ts';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { type ForecastScore, scoreAutoregression, scoreModel } from '../../src/training/evaluation.ts';
import { embeddedRecipes } from '../../src/training/recipes.ts';
import { sharedPresent, sharedRoot } from '../support/shared.ts';

const card = readFileSync(cardFile, 'utf8');

/** Cells of a row of the table of scores, by the title of their column. */
function rowOf(title: string): ReadonlyMap<string, string> {
  const lines = card.split('\n').filter((line) => line.startsWith('| '));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const start = lines.findIndex((line) => cells(line)[1] === 'held-out simulation');
  const row = lines
    .slice(start)
    .map(cells)
    .find(([first]) => first === title);
  if (!row) throw new Error(`the model card has no row ${title}`);
  return new Map(cells(lines[start]!).map((name, i) => [name, row[i]!]));
}

/** "**94.3 ± 1.6**", to the last digit printed: another machine's may round the other way. */
function sameFigures({ meanMseRatio, meanMseRatioError }: ForecastScore, cell = ''): void {
  const [ratio, error] = cell.replaceAll('*', '').split('±').map(Number);
  expect(Math.abs(100 * meanMseRatio - ratio!), cell).toBeLessThan(0.06);
  expect(Math.abs(100 * meanMseRatioError - error!), cell).toBeLessThan(0.06);
}

/** Markets of which a part is read again: quick ones of different kinds. */
const again = realMarkets.filter(({ title }) => ['BTC/USD, 1 min', 'AIG, 1 s'].includes(title));
const models = ['ttm-nano', 'timesfm-2.5-nano'];

describe('the model card', () => {
  it('has a row for every embedded checkpoint, with the score its file carries', async () => {
    for (const { name } of embeddedRecipes) {
      const { metadata } = (await openCheckpoint(embeddedFiles(name))).card;
      const score = JSON.parse(metadata.score!) as ForecastScore;
      expect(rowOf(`\`${name}\``).get('held-out simulation'), name).toBe(formatScore(score));
    }
  });

  it('says of every checkpoint whether it beats persistence on real quotes', () => {
    for (const { name } of embeddedRecipes) expect(card).toMatch(new RegExp(`- \`${name}\` beats persistence on `));
  });

  it.skipIf(!sharedPresent).each(again)('says of $title what comes out of it', async (market) => {
    const paths = await pathsOfMarket(market, sharedRoot);
    const runtime = openNodeRuntime();
    expect(paths.length).toBeGreaterThan(100);
    sameFigures(await scoreAutoregression(paths), rowOf('AR(1)').get(market.title));
    for (const name of models) {
      const score = await scoreModel(await openCheckpoint(embeddedFiles(name)), paths, runtime);
      sameFigures(score, rowOf(`\`${name}\``).get(market.title));
    }
  });
});
