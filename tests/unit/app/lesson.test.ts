import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LessonControl, queryOf, seedControl, setupOf } from '../../../src/app/learn/lesson.ts';

const days: LessonControl = { id: 'days', label: 'Days', unit: 'days', min: 10, max: 100, step: 5, start: 20 };
const controls = [days, seedControl];
const read = (query: string) => setupOf(controls, new URLSearchParams(query));

describe('a link to a step', () => {
  test('sets, fixes and hides', () => {
    const setup = read('days=60&fix=days&hide=seed');
    expect(setup.values).toEqual({ days: 60, seed: 1 });
    expect([...setup.fixed]).toEqual(['days']);
    expect([...setup.hidden]).toEqual(['seed']);
    expect(setup.notes).toEqual([]);
  });

  test('says what it asks for and cannot have, and starts there as usual', () => {
    const setup = read('days=7&seed=x&fix=nothing&speed=3');
    expect(setup.values).toEqual({ days: 20, seed: 1 });
    expect(setup.fixed.size).toBe(0);
    expect(setup.notes).toEqual([
      'The link sets Days to “7”, but it goes from 10 to 100.',
      'The link sets Draw to “x”, but it goes from 1 to 999.',
      'The link sets “speed”, which this step does not have.',
    ]);
  });

  test('is read again as it was made', () => {
    const treatments = fc.constantFrom('free', 'fix', 'hide');
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 100 }),
        fc.integer({ min: 1, max: 999 }),
        treatments,
        treatments,
        (d, seed, a, b) => {
          const having = (wanted: string) =>
            new Set([...(a === wanted ? ['days'] : []), ...(b === wanted ? ['seed'] : [])]);
          const made = { values: { days: d, seed }, fixed: having('fix'), hidden: having('hide') };
          expect(read(queryOf(controls, made))).toEqual({ ...made, notes: [] });
        },
      ),
    );
  });
});
