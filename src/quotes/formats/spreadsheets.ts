/** Stamps that a spreadsheet cut short when it saved a file: what they were cannot be known any more. */

import { fail } from '../../core/errors.ts';

const SCIENTIFIC = /^\d(?:[.,](\d+))?E\+(\d+)$/i;
/** A time of which the hour was not shown. */
const WITHOUT_HOUR = /^\d{1,2}:\d{2}[.,]\d$/;

/** @throws UserError `quotes/spreadsheet` for stamps such as 1.73065E+12 and 30:00.5 */
export function spreadsheetCheck(stamps: readonly string[]): void {
  const [first] = stamps;
  if (first === undefined) return;
  const cut = stamps.every((stamp) => {
    const match = SCIENTIFIC.exec(stamp);
    return match !== null && (match[1] ?? '').length <= 6 && Number(match[2]) >= 8;
  });
  if (cut || stamps.every((stamp) => WITHOUT_HOUR.test(stamp))) {
    fail('quotes/spreadsheet', `A spreadsheet has rounded the stamps: “${first}” no longer tells the time.`, {
      hint: 'Take the file as it was before a spreadsheet (Excel, LibreOffice) saved it; to look at it there, import the column as text.',
    });
  }
}
