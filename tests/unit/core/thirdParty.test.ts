import { expect, test } from 'vitest';
import { licenceOffences } from '../../../scripts/thirdParty.ts';

test('a package under a licence that is not in the list is named, and the list for the page is the shorter one', () => {
  const one = { name: 'x', version: '1.0.0', folder: 'node_modules/x' };
  expect(licenceOffences([{ ...one, licence: 'MIT', inPage: true }])).toEqual([]);
  expect(licenceOffences([{ ...one, licence: 'MPL-2.0', inPage: false }])).toEqual([]);
  for (const licence of ['GPL-3.0', 'MPL-2.0', 'none', 'UNLICENSED']) {
    expect(licenceOffences([{ ...one, licence, inPage: true }])).toEqual([
      expect.stringContaining(`x 1.0.0 is under ${licence}`),
    ]);
  }
});
