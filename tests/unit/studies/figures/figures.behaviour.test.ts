/** Every figure in the list has all its parts: files, a spec it composes itself, forecasts, code, a check, tables, a panel on the page and a row in the documents. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { figurePanels } from '../../../../src/app/explore/panels.ts';
import { defaultRunSettings } from '../../../../src/runs/settings.ts';
import { definitionOf, figureKinds, figureSchema, figures } from '../../../../src/studies/figures/index.ts';
import type { StudyResults } from '../../../../src/studies/figures/results.ts';
import { tablesOf } from '../../../../src/studies/figures/tables.ts';

const root = join(import.meta.dirname, '../../../..');
const folderOf = (kind: string): string => kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const results = JSON.parse(readFileSync(join(root, 'public/studies/embedded.json'), 'utf8')) as StudyResults;
const choices = {
  data: 'quotes',
  models: ['small', 'large'],
  settings: defaultRunSettings,
  coarserMs: [300_000],
  windowWeeks: 4,
};

test('a folder of figures is a figure of the list, and each has a panel', () => {
  const folders = readdirSync(join(root, 'src/studies/figures'), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(names.sort()).toEqual(figureKinds.map(folderOf).sort());
  expect(figurePanels.map(({ kind }) => kind)).toEqual(figureKinds);
  expect(new Set(figurePanels.map(({ address }) => address)).size).toBe(figureKinds.length);
});

describe.each(figures)('$kind', ({ kind, schema }) => {
  const definition = definitionOf(kind);
  const spec = definition.compose(choices);

  test('has its files', () => {
    for (const file of ['spec.ts', 'compute.ts', 'result.ts', 'table.ts', 'index.ts']) {
      expect(existsSync(join(root, 'src/studies/figures', folderOf(kind), file)), file).toBe(true);
    }
    expect(existsSync(join(root, 'src/app/explore', folderOf(kind), 'panel.ts')), 'panel.ts').toBe(true);
  });

  test('composes a spec that its schema takes as it is, of models and quotes that it names', () => {
    expect(v.parse(figureSchema, spec)).toEqual(spec);
    expect(new Set(definition.dataOf(spec))).toEqual(new Set(['quotes']));
    expect(definition.modelsOf(spec).length).toBeGreaterThanOrEqual(definition.fewestModels);
    const one = definition.withModels(spec, ['small']);
    expect(definition.modelsOf(one)).toEqual(['small']);
    expect(v.parse(figureSchema, one)).toEqual(one);
  });

  test('wants forecasts of all its models, and none of others', () => {
    const wanted = definition.wanted(spec, defaultRunSettings);
    expect(new Set(wanted.map(({ model }) => model))).toEqual(new Set(definition.modelsOf(spec)));
    expect(wanted.every(({ data }) => data === 'quotes')).toBe(true);
  });

  test('loads the code that computes it, and is headed by a question', async () => {
    expect(await definition.compute()).toBeTypeOf('function');
    const panel = figurePanels.find((each) => each.kind === kind);
    expect(panel?.question).toMatch(/\?$/);
  });

  test('is in the embedded study: its check passes, its tables have names of their own and full rows', () => {
    const found = results.figures.find((figure) => figure.kind === kind)!;
    expect(() => definition.check(found)).not.toThrow();
    const own = definition.tables(found);
    expect(Object.keys(own).length).toBeGreaterThan(0);
    for (const [name, { header, rows }] of Object.entries(own)) {
      expect(rows.length, name).toBeGreaterThan(0);
      expect(
        rows.every((row) => row.length === header.length),
        name,
      ).toBe(true);
      const others = figures.filter((figure) => figure.kind !== kind);
      for (const other of others) {
        const theirs = results.figures.find((figure) => figure.kind === other.kind)!;
        expect(Object.keys(definitionOf(other.kind).tables(theirs))).not.toContain(name);
      }
      expect(tablesOf(results)[name]).toEqual({ header, rows });
    }
  });

  test('is described in docs/studies.md, with every key and table', () => {
    const row = readFileSync(join(root, 'docs/studies.md'), 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| \`${kind}\` |`));
    const found = results.figures.find((figure) => figure.kind === kind)!;
    const keys = Object.keys(schema.entries).filter((key) => key !== 'kind');
    for (const word of [...keys, ...Object.keys(definition.tables(found))]) expect(row).toContain(`\`${word}\``);
  });
});
