import { describe, expect, test } from 'vitest';
import { resolveStudy } from '../../../../src/studies/machine/environment.ts';
import { checkStudyManifest } from '../../../../src/studies/machine/studyManifest.ts';
import { nodeEnvironment, smallManifest } from './support.ts';

const plain = (): typeof smallManifest => JSON.parse(JSON.stringify(smallManifest));

describe('a study’s manifest', () => {
  test('passes as it was written', () => {
    expect(checkStudyManifest(plain())).toEqual({ kind: 'usable', manifest: smallManifest, differences: [] });
  });

  test('of another version is refused with both versions', () => {
    for (const [version, said] of [
      [1, 'is of version 1'],
      [4, 'is of version 4'],
      [undefined, 'has no version'],
    ] as const) {
      const check = checkStudyManifest({ ...plain(), schemaVersion: version }, true);
      expect(check.kind).toBe('refused');
      if (check.kind === 'refused') expect(check.problem.message).toContain(said);
    }
  });

  test('with unknown keys and settings out of range is refused, or repaired, with the list of both', () => {
    const given = {
      ...plain(),
      extra: 1,
      settings: { ...plain().settings, variants: 1e9, colour: 'red' },
      models: [{ ...plain().models[0], licence: 'x' }, plain().models[1]],
    };
    const wheres = ['extra', 'models.0.licence', 'settings.colour', 'settings.variants'];
    const refused = checkStudyManifest(given);
    expect(refused.kind).toBe('refused');
    expect(refused.differences.map(({ where }) => where).sort()).toEqual(wheres);
    const repaired = checkStudyManifest(given, true);
    expect(repaired.differences.map(({ where }) => where).sort()).toEqual(wheres);
    if (repaired.kind !== 'usable') throw new Error('not repaired');
    expect(repaired.manifest.settings.variants).toBe(16);
    expect(repaired.manifest).not.toHaveProperty('extra');
  });

  test.for([
    [
      'a study of data that are not listed',
      { figures: [{ kind: 'market-line', data: 'moon', models: ['one'] }] },
      'figures.0',
    ],
    ['a model that is not listed', { figures: [{ kind: 'beyond', data: 'market', models: ['three'] }] }, 'figures.0'],
    ['a model listed twice', { models: [smallManifest.models[0], smallManifest.models[0]] }, 'models'],
    ['no study', { figures: [] }, 'figures'],
    ['a path out of its folder', { models: [{ ...smallManifest.models[0], folder: '../secret' }] }, 'models.0.folder'],
    [
      'a resolution of nothing',
      { figures: [{ kind: 'scaling', data: 'market', models: ['one'], stepsMs: [0] }] },
      'figures.0.stepsMs.0',
    ],
    [
      'a hash that is none',
      { models: [{ ...smallManifest.models[0], weightsSha256: 'abc' }] },
      'models.0.weightsSha256',
    ],
  ] as const)('with %s is refused, naming the place', ([, change, where]) => {
    const check = checkStudyManifest({ ...plain(), ...change }, true);
    expect(check.kind).toBe('refused');
    expect(check.differences.map((each) => each.where)).toContain(where);
  });

  test('of anything else than an object is refused', () => {
    for (const nonsense of [null, 7, 'text', [], { schemaVersion: 2 }])
      expect(checkStudyManifest(nonsense, true).kind).toBe('refused');
  });
});

describe('what a manifest names', () => {
  test('is pinned by the first run, and then recognised', async () => {
    const { manifest } = await resolveStudy(smallManifest, nodeEnvironment());
    expect(manifest.models.every(({ weightsSha256 }) => weightsSha256?.length === 64)).toBe(true);
    expect(manifest.data[0]?.grids).toHaveLength(2);
    const again = await resolveStudy(manifest, nodeEnvironment());
    expect(again.differences).toEqual([]);
    expect(again.manifest).toEqual(manifest);
  });

  test('and is missing or other is refused, or left out and listed', async () => {
    const { manifest } = await resolveStudy(smallManifest, nodeEnvironment());
    const [one, two] = manifest.models;
    const changed = {
      ...manifest,
      models: [
        { ...one!, weightsSha256: '0'.repeat(64) },
        { ...two!, name: 'absent' },
      ],
      data: [
        { ...manifest.data[0]!, grids: manifest.data[0]!.grids.map((grid) => ({ ...grid, sha256: '0'.repeat(64) })) },
      ],
      figures: [{ kind: 'market-line' as const, data: 'market', models: ['one', 'absent'] }],
    };
    await expect(resolveStudy(changed, nodeEnvironment())).rejects.toThrow(/models.one.weightsSha256.*models.absent/);
    const resolved = await resolveStudy(changed, nodeEnvironment(), true);
    expect(resolved.differences.map(({ where }) => where)).toEqual([
      'models.one.weightsSha256',
      'models.absent',
      'data.market.ALFA at 1000 ms',
      'data.market.BRAVO at 1000 ms',
    ]);
    expect(resolved.manifest.figures).toEqual([{ kind: 'market-line', data: 'market', models: ['one'] }]);
  });
});
