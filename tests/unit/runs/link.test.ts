import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIGEST_LENGTH, linkDifferences, linkQuery, readLink } from '../../../src/runs/link.ts';
import { defaultRunSettings, parseRunSettings, settingSpecs } from '../../../src/runs/settings.ts';

const model = { name: 'ttm~nano', family: 'ttm', weightsSha256: 'a'.repeat(64), configSha256: 'b'.repeat(64) };
const data = [
  { symbol: 'AIG', source: 'aig.zip', gridSha256: 'c'.repeat(64) },
  { symbol: 'EUR/USD', source: 'eurusd.csv', gridSha256: 'd'.repeat(64) },
];

describe('a link to a study', () => {
  test('holds nothing of a default study but model and quotes, by name and the beginning of their hash', () => {
    const query = new URLSearchParams(linkQuery({ settings: defaultRunSettings, model, data }));
    expect([...new Set(query.keys())]).toEqual(['model', 'data']);
    expect(query.get('model')).toBe(`ttm~nano~${'a'.repeat(DIGEST_LENGTH)}`);
    expect(query.toString()).not.toContain('zip');
  });

  test('is read again as the study it was made of, whatever its settings', () => {
    const changed = fc.record(
      Object.fromEntries(
        settingSpecs
          .filter(([id]) => !/M(in|ax)|window|latency|inference/i.test(id))
          .map(([id, spec]) => {
            if (spec.kind === 'boolean') return [id, fc.boolean()];
            if (spec.kind === 'choice') return [id, fc.constantFrom(...spec.options.map(({ value }) => value))];
            if (spec.kind === 'text') return [id, fc.constant(spec.default)];
            const numbers = spec.whole
              ? fc.integer({ min: Math.ceil(spec.min), max: Math.min(spec.max, 2 ** 31 - 1) })
              : fc.double({ min: spec.min, max: spec.max, noNaN: true }).map((value) => value + 0);
            return [id, spec.kind === 'optionalNumber' ? fc.option(numbers) : numbers];
          }),
      ),
    );
    fc.assert(
      fc.property(changed, (values) => {
        const settings = parseRunSettings(values);
        const link = readLink(linkQuery({ settings, model, data }));
        expect(link?.settings).toEqual(settings);
        expect(link?.notes).toEqual([]);
        expect(link?.model?.name).toBe('ttm~nano');
        expect(link?.data.map(({ name }) => name)).toEqual(['AIG', 'EUR/USD']);
      }),
    );
  });

  test('of an earlier version keeps its meaning: a price that held needed no word', () => {
    expect(readLink('strideTicks=8')?.settings).toMatchObject({ strideTicks: 8, heldForecast: 'price' });
    expect(readLink('strideTicks=8&heldForecast=return')?.settings.heldForecast).toBe('return');
    expect(readLink('variants=4')?.settings.heldForecast).toBe('none');
    const query = linkQuery({ settings: parseRunSettings({ strideTicks: 8 }), model, data });
    expect(readLink(query)?.settings.heldForecast).toBe('none');
  });

  test('leaves out what is wrong in it and says so', () => {
    const link = readLink('variants=1&dropoutRate=0.3&speed=3&thresholdMinBps=9&thresholdMaxBps=2');
    expect(link?.settings).toMatchObject({ variants: defaultRunSettings.variants, dropoutRate: 0.3 });
    expect(link?.notes).toHaveLength(3);
    expect(link?.notes.join(' ')).toContain('“speed”');
    expect(link?.notes.join(' ')).toContain('Variants K must be');
    expect(readLink('')).toBeUndefined();
  });

  test('says how what is loaded differs from what it means', () => {
    const link = readLink(linkQuery({ settings: defaultRunSettings, model, data }))!;
    expect(linkDifferences(link, link)).toEqual([]);
    expect(linkDifferences(link, { model: undefined, data: [] })).toEqual([
      'The link’s model is ttm~nano; none is loaded.',
      'Quotes of AIG are missing: add the file they were read from.',
      'Quotes of EUR/USD are missing: add the file they were read from.',
    ]);
    const others = {
      model: { name: 'ttm~nano', digest: 'x' },
      data: [{ name: 'AIG', digest: 'y' }, link.data[1]!, { name: 'SPY', digest: 'z' }],
    };
    expect(linkDifferences(link, others)).toEqual([
      'The model ttm~nano has other weights here.',
      'The quotes of AIG are not those of the link.',
      'The link’s study did not have SPY.',
    ]);
  });
});
