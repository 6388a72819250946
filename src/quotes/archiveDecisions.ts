/** One scale and one order of dates per archive: what its members tell by their content holds for those that leave it open. */

import type { ReadPart } from './readFile.ts';
import type { FileOverrides, Question } from './types.ts';

const KINDS: readonly (Question['kind'] & keyof FileOverrides)[] = ['assetClass', 'dayOrder'];

/** By part: what it is to be read with again; `undefined` where it stays as it is. */
export function archiveDecisions(parts: readonly ReadPart[]): (FileOverrides | undefined)[] {
  const again: (FileOverrides | undefined)[] = parts.map(() => undefined);
  if (parts.length < 2) return again;
  for (const kind of KINDS) {
    const known = new Map<unknown, FileOverrides>();
    for (const { decided } of parts) {
      const value = decided?.[kind as 'assetClass' | 'dayOrder'];
      if (value !== undefined) known.set(value, { [kind]: value });
    }
    // Decimals prove plain prices; whole hundreds only make the other likely.
    const told = known.get('future') ?? [...known.values()][0];
    if (!told || (known.size > 1 && kind !== 'assetClass')) continue;
    parts.forEach(({ report, decided }, index) => {
      const asked = report.questions?.some((question) => question.kind === kind);
      const differs = decided?.[kind as 'assetClass' | 'dayOrder'] !== told[kind];
      if (asked && differs) again[index] = { ...again[index], ...told };
    });
  }
  return again;
}
