/** How people write numbers: decimal commas, thousands separators, currency signs. Decided from a column's cells, then applied to each. */

import { isNumber } from '../bytes/text.ts';
import { ask } from '../questions.ts';

export type NumberStyle = 'plain' | 'comma' | 'grouped';

/** For people; empty for plain numbers. */
export const STYLE_NOTES: Readonly<Record<NumberStyle, string>> = {
  plain: '',
  comma: 'Numbers are written with a decimal comma.',
  grouped: 'Numbers are written with thousands separators.',
};

const SIGN = '[+-]?[$€£¥]?\\s?';
const COMMA = new RegExp(`^${SIGN}(\\d+|\\d{1,3}([. '\u00a0\u202f]\\d{3})+)(,\\d*)?$`);
const GROUPED = new RegExp(`^${SIGN}\\d{1,3}([, '\u00a0\u202f]\\d{3})+(\\.\\d*)?$|^${SIGN}\\d+(\\.\\d*)?$`);

/**
 * The style that fits the cells of prices and sizes. @throws Asked where two fit and do not mean the same (`1,089`).
 */
export function numberStyle(cells: readonly string[], mark: '.' | ',' | undefined): NumberStyle {
  const filled = cells.filter((cell) => cell !== '');
  const odd = filled.filter((cell) => !isNumber(cell));
  if (mark === ',') return 'comma';
  if (mark === '.') return odd.length > 0 ? 'grouped' : 'plain';
  // A word or two among numbers is no style of its own.
  const written = odd.filter((cell) => /\d/.test(cell));
  if (written.length === 0 || written.length * 10 < filled.length) return 'plain';
  const fitting = (style: RegExp) => written.every((cell) => style.test(cell));
  const [comma, grouped] = [fitting(COMMA), fitting(GROUPED)];
  // With a point among them the other numbers tell which of the two the comma is.
  const points = filled.some((cell) => /^[+-]?\d+\.\d+$/.test(cell));
  if (comma && grouped && !points && written.some((cell) => cell.includes(','))) {
    const example = written.find((cell) => cell.includes(','))!;
    return ask({
      kind: 'decimalMark',
      text: `Numbers such as “${example}” may have a decimal comma or a thousands separator; nothing in the file tells.`,
      readings: [
        { label: `decimal comma: ${parseNumber(example, 'comma')}`, overrides: { decimalMark: ',' } },
        { label: `thousands separator: ${parseNumber(example, 'grouped')}`, overrides: { decimalMark: '.' } },
      ],
    });
  }
  if (grouped) return 'grouped';
  return comma ? 'comma' : 'plain';
}

/** What people write where there is no value. */
const NO_VALUE = /^(nan|null|none|nat|na|n\/a|-+|\.|<na>|#n\/a|undefined)?$/i;

/** The number in a cell; NaN for a blank, `undefined` for what is no number. */
export function readNumber(cell: string, style: NumberStyle): number | undefined {
  const text = cell.trim();
  if (NO_VALUE.test(text)) return Number.NaN;
  const value = style === 'plain' || isNumber(text) ? Number(text) : parseNumber(text, style);
  if (style === 'comma' && /\.\d{3}(\.|$)/.test(text) && /^[+-]?\d{1,3}\./.test(text)) return parseNumber(text, style);
  return Number.isNaN(value) ? undefined : value;
}

function parseNumber(text: string, style: NumberStyle): number {
  const bare = text.replace(/[$€£¥\s'\u00a0\u202f]/g, '');
  if (bare === '') return Number.NaN;
  return Number(style === 'comma' ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', ''));
}
