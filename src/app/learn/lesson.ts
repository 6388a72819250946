/**
 * What a step of the guided path is made of, and how an address sets it: `#learn/STEP?days=60&fix=days&hide=seed` opens a step with a
 * value set, fixed or hidden. A teacher makes such a link on the page.
 */

import type { JSX } from 'solid-js';

export interface LessonControl {
  /** Name in the address. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly start: number;
}

/** Values by the controls' ids. */
export type LessonValues = Readonly<Record<string, number>>;

export interface LessonQuestion {
  readonly ask: string;
  readonly answers: readonly { readonly text: string; readonly right?: true; readonly why: string }[];
}

export interface Lesson {
  /** Name in the address. */
  readonly id: string;
  readonly title: string;
  readonly controls: readonly LessonControl[];
  /** Text, figure and figures in words. `value` gives a control's value, reactively. */
  readonly Body: (props: { value: (id: string) => number }) => JSX.Element;
  readonly question: LessonQuestion;
}

export interface LessonSetup {
  readonly values: LessonValues;
  /** Shown, but not to be changed. */
  readonly fixed: ReadonlySet<string>;
  /** Neither shown nor to be changed. */
  readonly hidden: ReadonlySet<string>;
  /** Whole sentences on what the address asked for and could not have. */
  readonly notes: readonly string[];
}

/** Reads an address's query; what is not a number in range is left at the start, with a note. */
export function setupOf(controls: readonly LessonControl[], query: URLSearchParams): LessonSetup {
  const notes: string[] = [];
  const values: Record<string, number> = {};
  for (const { id, label, min, max, start } of controls) {
    const asked = query.get(id);
    const value = asked === null || asked.trim() === '' ? start : Number(asked);
    values[id] = value >= min && value <= max ? value : start;
    if (!(value >= min && value <= max))
      notes.push(`The link sets ${label} to “${asked}”, but it goes from ${min} to ${max}.`);
  }
  const known = new Set([...controls.map(({ id }) => id), 'fix', 'hide']);
  for (const id of query.keys())
    if (!known.has(id)) notes.push(`The link sets “${id}”, which this step does not have.`);
  const listed = (name: 'fix' | 'hide') => new Set((query.get(name) ?? '').split(',').filter((id) => known.has(id)));
  return { values, fixed: listed('fix'), hidden: listed('hide'), notes };
}

/** The query that opens a step like this; values at their start are left out unless they are fixed or hidden. */
export function queryOf(
  controls: readonly LessonControl[],
  { values, fixed, hidden }: Pick<LessonSetup, 'values' | 'fixed' | 'hidden'>,
): string {
  const query = new URLSearchParams();
  for (const { id, start } of controls) {
    if (values[id] !== start || fixed.has(id) || hidden.has(id)) query.set(id, String(values[id]));
  }
  if (fixed.size > 0) query.set('fix', [...fixed].join(','));
  if (hidden.size > 0) query.set('hide', [...hidden].join(','));
  return query.toString().replaceAll('%2C', ',');
}

/** The random draw of a step; the same seed is the same world on every machine. */
export const seedControl: LessonControl = { id: 'seed', label: 'Draw', unit: '', min: 1, max: 999, step: 1, start: 1 };
