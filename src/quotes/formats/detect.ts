/** Which of the known formats a text is in, or a sentence on why it is none. */

import { UserError } from '../../core/errors.ts';
import { shorten, type TextSample } from '../text.ts';
import type { FileOverrides } from '../types.ts';
import { binanceBookTicker } from './binanceBookTicker.ts';
import { delimited, rolesFromHeader } from './delimited.ts';
import type { QuoteFormat } from './format.ts';
import { leanBars } from './leanBars.ts';
import { leanEquityTicks, leanTicks } from './leanTicks.ts';

/** Everything that is read; a new format is one file and one line here. */
export const quoteFormats: readonly QuoteFormat[] = [
  leanBars,
  leanEquityTicks,
  leanTicks,
  binanceBookTicker,
  delimited,
];

/** @throws UserError `quotes/format`, `quotes/columns`. */
export function detectFormat(sample: TextSample, overrides: FileOverrides): QuoteFormat {
  if (overrides.columns) return delimited;
  let best: QuoteFormat | undefined;
  let confidence = 0;
  for (const format of quoteFormats) {
    const found = format.detect(sample);
    if (found >= 0.5 && found > confidence) {
      best = format;
      confidence = found;
    }
  }
  if (best) return best;
  throw new UserError(explain(sample));
}

function explain(sample: TextSample) {
  const header = sample.cells[0]!;
  const roles = rolesFromHeader(header);
  const lacking = (['time', 'bid', 'ask'] as const).filter((role) => roles[role] === undefined);
  if (lacking.length < 3) {
    return {
      code: 'quotes/columns',
      message: `The columns are ${shorten(header.join(', '))}: none of them is named like ${lacking.join(' or ')}.`,
      hint: 'Say which columns are time, bid and ask, or drop a file that has all three; trades and one-sided files are not quotes.',
    };
  }
  return {
    code: 'quotes/format',
    message: `This is not a quote file that can be read; it begins with “${shorten(sample.lines[0]!, 80)}”.`,
    hint: `Readable are: ${quoteFormats.map((format) => format.title).join('; ')} (columns named like time, bid, ask); plain, zip or gz.`,
  };
}
