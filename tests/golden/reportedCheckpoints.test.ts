/** Checkpoints as people have them, of kinds that were once refused or read wrongly: each is read, or asked about. */

import { describe, expect, it } from 'vitest';
import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { openForward } from '../../src/models/forward.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { sharedBytes, sharedFiles, sharedFolders, sharedPresent, sharedText } from '../support/shared.ts';

const ROOT = 'reports/checkpoints';
const folders = sharedFolders(ROOT);
const runtime = openNodeRuntime();

/** What official code says of some: the expectation of the first step ahead. */
const official: Readonly<Record<string, { readonly expectation: number; readonly tolerance: number }>> = {
  t5_untied: { expectation: -808.961, tolerance: 0.01 },
};

function open(folder: string): Promise<LoadedModel> {
  const path = `${ROOT}/${folder}`;
  const files = sharedFiles(path, '').filter((name) => name !== 'config.json');
  const config = sharedFiles(path).includes('config.json');
  return openCheckpoint({
    name: folder,
    ...(config && { configJson: sharedText(`${path}/config.json`) }),
    files: files.map((name) => ({ path: name, data: sharedBytes(`${path}/${name}`) })),
  });
}

/** What the model makes of 100 + 0.3 sin(t/5) + 0.01 t + 0.1 cos(t²/37). */
async function forecast({ architecture, ...model }: LoadedModel): Promise<readonly number[]> {
  const values = Float64Array.from(
    { length: 80 },
    (_, t) => 100 + 0.3 * Math.sin(t / 5) + 0.01 * t + 0.1 * Math.cos((t * t) / 37),
  );
  const prepared = architecture.prepare({ values, contexts: 1, length: 80, channels: 1 });
  const passes = openForward({ architecture, ...model }, runtime);
  const batch = { contexts: 1, channels: 1, length: 80 };
  const { forecast: scaled } = await passes.forward({ batch, feeds: prepared.feeds, outputs: ['forecast'] });
  await passes.release();
  return [...architecture.finish(scaled!, prepared.scaling)];
}

describe.skipIf(!sharedPresent)('checkpoints of reports', () => {
  it('are there', () => expect(folders.length).toBeGreaterThan(0));

  it.for(folders)('%s is read', async (folder) => {
    const steps = await forecast(await open(folder));
    expect(steps.every(Number.isFinite)).toBe(true);
    const right = official[folder];
    if (right) expect(Math.abs(steps[0]! - right.expectation)).toBeLessThan(right.tolerance);
  });

  it('is one model, whatever wrapper saved it', async () => {
    const names = ['moirai_lightning', 'moirai_plain_prefix'];
    const [one, other] = await Promise.all(names.map(async (name) => forecast(await open(name))));
    expect(one).toEqual(other);
  });
});
