/** Writes docs/checkpoints.md: what each embedded checkpoint is, and how it does on held-out simulated markets and on real quotes. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LoadedModel, openCheckpoint } from '../src/models/checkpoint.ts';
import type { Runtime } from '../src/models/runtime/runtime.ts';
import type { CheckpointFiles } from '../src/models/types.ts';
import { heldOutMarkets } from '../src/training/corpus/mixture.ts';
import {
  drawPaths,
  type ForecastScore,
  pathsOf,
  type ScoredPath,
  scoreAutoregression,
  scoredHorizon,
  scoreModel,
} from '../src/training/evaluation.ts';
import { heldOutWindows } from '../src/training/pretrainedFiles.ts';
import { type EmbeddedRecipe, embeddedRecipes } from '../src/training/recipes.ts';
import { gridsOfMarket, type RealMarket, realMarkets } from './realQuotes.ts';

const root = join(import.meta.dirname, '..');
export const checkpointsFolder = join(root, 'public/checkpoints');
export const cardFile = join(root, 'docs/checkpoints.md');

/** Windows of each real market; fewer where it has fewer. */
const MOST_WINDOWS = 1024;

export function embeddedFiles(name: string): CheckpointFiles {
  const folder = join(checkpointsFolder, name);
  return {
    name,
    configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
    weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
  };
}

/** The windows of a real market that models are scored on. */
export async function pathsOfMarket(market: RealMarket, shared: string): Promise<ScoredPath[]> {
  const grids = await gridsOfMarket(market, shared);
  return grids.flatMap((grid) => pathsOf(grid, Math.floor(MOST_WINDOWS / grids.length)));
}

/** "94.3 ± 1.6": the error in percent of persistence's, with its standard error; bold where it is better by two of them. */
export function formatScore({ meanMseRatio, meanMseRatioError }: ForecastScore): string {
  const text = `${(100 * meanMseRatio).toFixed(1)} ± ${(100 * meanMseRatioError).toFixed(1)}`;
  return isBetter({ meanMseRatio, meanMseRatioError }) ? `**${text}**` : text;
}

type Ratio = Pick<ForecastScore, 'meanMseRatio' | 'meanMseRatioError'>;

function isBetter({ meanMseRatio, meanMseRatioError }: Ratio): boolean {
  return meanMseRatio < 1 - 2 * meanMseRatioError;
}

interface Scored {
  readonly embedded: EmbeddedRecipe;
  readonly model: LoadedModel;
  readonly bytes: number;
  /** One a column: held-out markets, then the real ones. */
  readonly scores: readonly ForecastScore[];
}

export async function writeModelCard(runtime: Runtime): Promise<void> {
  const shared = resolve(process.env.PML_SHARED ?? join(root, '../shared'));
  const columns = [{ title: 'held-out simulation', paths: drawPaths(heldOutMarkets(), heldOutWindows) }];
  for (const market of realMarkets) {
    columns.push({ title: market.title, paths: await pathsOfMarket(market, shared) });
  }
  const scored: Scored[] = [];
  for (const embedded of embeddedRecipes) {
    const files = embeddedFiles(embedded.name);
    const model = await openCheckpoint(files);
    const scores: ForecastScore[] = [];
    for (const { paths } of columns) scores.push(await scoreModel(model, paths, runtime));
    scored.push({ embedded, model, bytes: files.weights.length, scores });
    console.log(`${embedded.name}: ${scores.map(formatScore).join(', ')}`);
  }
  const naive: ForecastScore[] = [];
  for (const { paths } of columns) naive.push(await scoreAutoregression(paths));
  writeFileSync(
    cardFile,
    cardText(
      columns.map(({ title }) => title),
      scored,
      naive,
    ),
  );
  console.log(`written: ${cardFile}`);
}

function cardText(titles: readonly string[], scored: readonly Scored[], naive: readonly ForecastScore[]): string {
  const windows = naive.map((score, i) => `${titles[i]} ${score.windows}`).join(', ');
  return `# The embedded checkpoints

Small models of every family, pre-trained by this project on synthetic series. They are no official checkpoints and know no real market:
they let every study run at once, and show how the families differ in form and cost. \`npm run pretrain\` makes them again, each from
its recipe in \`src/training/recipes.ts\`; the files carry recipe, corpus hash, first and final losses. \`npm run pretrain -- --card\`
wrote this page.

## What each is

${table(
  [
    'checkpoint',
    'family',
    'parameters',
    'kB',
    'context',
    'one pass predicts',
    'trained by',
    'steps × batch',
    'final loss',
  ],
  scored.map(({ embedded: { name, recipe }, model: { card }, bytes }) => [
    `\`${name}\``,
    card.title,
    String(card.parameters),
    (bytes / 1000).toFixed(0),
    `${card.contextLength} ticks`,
    card.horizon === 1 ? '1 tick' : `${card.horizon} ticks`,
    card.metadata.objective ?? '',
    `${recipe.steps} × ${recipe.batchSize}`,
    Number(card.metadata.finalLoss).toFixed(3),
  ]),
)}

The corpus: ${scored[0]?.model.card.metadata.corpus}. Losses of different kinds cannot be compared.

## What each can do

Squared error of the predicted mean mid over the next ${scoredHorizon} ticks, in percent of persistence's (the price stays), ± one
standard error; below 100 is better, bold where it is so by two standard errors. Contexts are normalised by their own volatility, so that
every window counts alike. Nothing was fitted to the real quotes. AR(1) is fitted to each context by itself.

${table(
  ['checkpoint', ...titles],
  [
    ...scored.map(({ embedded: { name }, scores }) => [`\`${name}\``, ...scores.map(formatScore)]),
    ['AR(1)', ...naive.map(formatScore)],
  ],
)}

Windows: ${windows}.

${verdict(titles, scored)}
`;
}

/** What the figures say, in words, so that nobody has to read it into them. */
function verdict(titles: readonly string[], scored: readonly Scored[]): string {
  const lines = scored.map(({ embedded: { name }, scores }) => {
    const better = titles.filter((_, i) => i > 0 && isBetter(scores[i]!));
    const worse = titles.filter((_, i) => i > 0 && scores[i]!.meanMseRatio > 1 + 2 * scores[i]!.meanMseRatioError);
    const parts = [
      better.length > 0 ? `beats persistence on ${better.join('; ')}` : 'beats persistence on no real quotes',
      ...(worse.length > 0 ? [`is worse than it on ${worse.join('; ')}`] : []),
    ];
    return `- \`${name}\` ${parts.join(', and ')}.`;
  });
  return lines.join('\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Folders below public/checkpoints. */
export function shippedCheckpoints(): string[] {
  return readdirSync(checkpointsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => existsSync(join(checkpointsFolder, name, 'config.json')))
    .sort();
}
