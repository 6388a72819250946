/** Makes files in the course of a click, and says what went wrong where one could not be made. */

import { createSignal } from 'solid-js';
import { toProblem, type UserProblem } from '../../core/errors.ts';
import { saveAs } from './download.ts';

export function createSaving() {
  const [problem, setProblem] = createSignal<UserProblem>();
  return {
    problem,
    save: async (name: string, content: () => Blob | Promise<Blob>): Promise<void> => {
      setProblem(undefined);
      try {
        saveAs(name, await content());
      } catch (caught) {
        setProblem(toProblem(caught));
      }
    },
  };
}

export const blobs = {
  csv: (text: string): Blob => new Blob([text], { type: 'text/csv' }),
  json: (text: string): Blob => new Blob([text], { type: 'application/json' }),
  svg: (text: string): Blob => new Blob([text], { type: 'image/svg+xml' }),
  html: (text: string): Blob => new Blob([text], { type: 'text/html' }),
  parquet: (bytes: ArrayBuffer): Blob => new Blob([bytes], { type: 'application/vnd.apache.parquet' }),
};
