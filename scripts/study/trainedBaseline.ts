/** How the baselines of the embedded study are made: from scratch, on the simulated market under another seed. */

import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { floatValues, readSafetensors, writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import type { FreshFamilyId } from '../../src/models/familyFacts.ts';
import type { Runtime } from '../../src/models/runtime/runtime.ts';
import type { CheckpointFiles } from '../../src/models/types.ts';
import { simulateMarket } from '../../src/quotes/market/simulator.ts';
import { defaultSimulatorSettings } from '../../src/quotes/market/simulatorSettings.ts';
import { resample } from '../../src/quotes/resample.ts';
import { fineTune } from '../../src/training/fineTuning/fineTune.ts';
import { prepareFineTuning } from '../../src/training/fineTuning/prepare.ts';
import { parseFineTuneSettings, suitedTo } from '../../src/training/fineTuning/settings.ts';
import { tunedFiles } from '../../src/training/fineTuning/tunedFiles.ts';
import { BACKTEST_END, BACKTEST_START } from '../../src/training/fineTuning/walkForward.ts';
import { freshBaseline } from '../../src/training/freshBaseline.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';

/** The demonstration's market under another seed: the same kind of signal, and none of the quotes that strategies trade on. */
const market = { ...defaultSimulatorSettings, seed: 20_260_202, days: 16 };
const grids = simulateMarket(market).series.map((one) =>
  resample(one, { stepMs: market.stepMs, window: null, staleAfterMs: null }),
);

/** @param steps at most; absent: what suits a baseline */
export async function trainedBaseline(
  id: FreshFamilyId,
  runtime: Runtime,
  steps?: number,
): Promise<{ readonly files: CheckpointFiles; readonly summary: string }> {
  const suited = suitedTo(id);
  const settings = parseFineTuneSettings({
    ...suited,
    start: id,
    steps: steps ?? suited.steps,
    trainingSeed: 1,
    // Forecasts then fall on the ticks of the pretrained models, whose contexts are multiples of 64.
    contextTicks: 32,
    trainingShare: 0.75,
    validationShare: 0.15,
    strideTicks: 8,
  });
  const prepared = await prepareFineTuning(await openCheckpoint(freshBaseline(id, settings, grids)), grids, settings);
  const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
  const tuned = await fineTune(prepared, trainer);
  const files = tunedFiles(prepared, tuned, trainer.device);
  await trainer.release();
  const ratio = tuned.comparison?.after.errorRatio ?? Number.NaN;
  const loss = `squared error ${(100 * ratio).toFixed(1)} % of persistence's on later windows`;
  const summary = `best after ${tuned.best.step} of ${tuned.losses.length} steps, ${loss}`;
  const stored = readSafetensors(files.weights, id);
  const tensors = [...stored.tensors].map(
    ([tensor, entry]) => [tensor, entry.shape, floatValues(stored, entry)] as const,
  );
  // Quotes of another seed were seen, none of any market that has these days.
  const { [BACKTEST_START]: _, [BACKTEST_END]: __, ...metadata } = stored.metadata;
  const weights = writeSafetensors(tensors, {
    ...metadata,
    name: id,
    description: 'A small baseline, trained from scratch by PML Lab on simulated quotes. It is no official checkpoint.',
    command: `npm run baselines -- --only ${id}`,
    market: JSON.stringify(market),
    heldOut: loss,
  });
  return { files: { name: id, configJson: `${files.configJson.trimEnd()}\n`, weights }, summary };
}
