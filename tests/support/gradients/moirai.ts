/** Moirai's loss: the likelihood of what follows, in the series' own units. */

import { parseMoiraiConfig } from '../../../src/models/families/moirai/config.ts';
import { labelledMixture } from '../../../src/models/families/moirai/mixture.ts';
import { layOut, scaleTokens } from '../../../src/models/families/moirai/tokens.ts';
import { seriesOf } from '../../../src/models/series.ts';
import { mixtureError } from '../../../src/training/losses.ts';
import { contextOf, integerValues, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GradientFolder } from './folder.ts';
import type { GradientTask } from './task.ts';

/** `captured`: the same loss of targets that lie in the narrow component. */
export function moiraiTask({ cases, configJson }: GradientFolder, block: string): GradientTask {
  const config = parseMoiraiConfig(JSON.parse(configJson), 'config.json');
  const batch = contextOf(cases, 'inputs');
  const { contexts, channels, length } = batch;
  const padding = integerValues(cases, 'inputs.is_pad');
  const name = block === '' ? 'target' : `inputs.${block}_target`;
  const [, steps] = shapeOf(cases, name) as [number, number];
  const [patchLength] = integerValues(cases, 'inputs.tokens.patch_size') as [number];
  const shape = { length, steps, patchLength, variates: channels };
  const series = seriesOf(batch).map((one, row) => {
    const flags = padding.slice(Math.floor(row / channels) * length).slice(0, length);
    return one.slice(flags.lastIndexOf(1) + 1);
  });
  const { feeds, loc, scale } = scaleTokens(config, layOut(series, shape), shape);
  const official = tensorValues(cases, name);
  const target = Float32Array.from({ length: official.length }, (_, i) => {
    const [row, h] = [Math.floor(i / steps), i % steps];
    const value = official[(Math.floor(row / channels) * steps + h) * channels + (row % channels)]!;
    return (value - loc[row]!) / scale[row]!;
  });
  return {
    shape: { contexts, channels, length, steps, patchLength },
    feeds: { ...feeds, target, logScale: Float32Array.from(scale, Math.log) },
    loss: (g) => mixtureError(g, labelledMixture(g, config)),
  };
}
