import { expect, test } from 'vitest';
import { resolveStudy, type StudyEnvironment } from '../../../../src/studies/machine/environment.ts';
import { BACKTEST_END, BACKTEST_START } from '../../../../src/training/fineTuning/walkForward.ts';
import { nodeEnvironment, smallManifest } from './support.ts';

/** The model `two` was tuned on what came before the third day, and was to be looked at until the sixth. */
function withTuned(days: readonly string[]): StudyEnvironment {
  const environment = nodeEnvironment();
  const metadata = {
    [BACKTEST_START]: String(Date.parse(`${days[2]}T00:00Z`)),
    [BACKTEST_END]: String(Date.parse(`${days[6]}T00:00Z`)),
  };
  return {
    ...environment,
    open: async (model) => {
      const forecaster = await environment.open(model);
      if (model.name !== 'two') return forecaster;
      return { ...forecaster, card: { ...forecaster.card, metadata } };
    },
  };
}

test('a study with a model that was tuned on its quotes begins after them, for all models, and says so', async () => {
  const { gridsOf } = await resolveStudy(smallManifest, nodeEnvironment());
  const days = gridsOf('market', 1000)[0]!.sessionDays;
  expect(days).toHaveLength(8);
  const environment = withTuned(days);
  await expect(resolveStudy(smallManifest, environment)).rejects.toMatchObject({
    problem: { code: 'study/differs', message: expect.stringContaining('models.two was tuned on quotes') },
  });
  const study = await resolveStudy(smallManifest, environment, true);
  expect(study.differences.map(({ where }) => where)).toEqual(['models.two']);
  for (const grid of study.gridsOf('market', 1000)) expect(grid.sessionDays).toEqual(days.slice(2, 6));

  const onlyOne = { ...smallManifest, models: smallManifest.models.slice(0, 1), figures: [smallManifest.figures[1]!] };
  expect((await resolveStudy(onlyOne, environment)).gridsOf('market', 1000)[0]!.sessionDays).toEqual(days);
});
