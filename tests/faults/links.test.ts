/** Links that were damaged or made to harm: every one opens a valid study, and says what of it could not be used. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLink } from '../../src/runs/link.ts';
import { parseRunSettings, settingSpecs } from '../../src/runs/settings.ts';
import { often } from './support/full.ts';

test('whatever stands in a link, its settings are valid ones', () => {
  const id = fc.oneof(fc.constantFrom(...settingSpecs.map(([each]) => each)), fc.string());
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom('1e999', '-1', '', '__proto__', '<b>', '23:59'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(id, value), { maxLength: 12 }), (entries) => {
      const link = readLink(new URLSearchParams(entries).toString());
      if (link) expect(parseRunSettings(link.settings)).toEqual(link.settings);
    }),
    { numRuns: often(300, 2000) },
  );
});
