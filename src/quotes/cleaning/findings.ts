/** The policies on dirt in one table: what may be done about each kind, the default first, each said as a sentence. */

import type { Finding, FindingKind, Policies, PolicyAction, PolicyActions } from '../types.ts';

/** No price is so many times the median of its series. */
export const ABSURD_MEDIANS = 1e9;
/** A gap is a step of more than this many median steps. */
export const GAP_STEPS = 20;
/** An isolated jump is an outlier above this many median changes, and above this fraction of the price. */
export const OUTLIER_CHANGES = 20;
export const OUTLIER_FRACTION = 0.005;
/** A spread above this fraction of the mid is an outlier. */
export const WIDE_SPREAD = 0.05;
/** A stretch is stale whose bid and ask stay the same over so many quotes of one day, over this time, and over so many mean stretches. */
export const STALE_QUOTES = 200;
export const STALE_MS = 60_000;
export const STALE_STRETCHES = 50;
/** Two levels are a factor apart when their ratio is within this part of it. */
export const SCALE_TOLERANCE = 0.1;
export const SPLIT_TOLERANCE = 0.04;
/** What shares are split by, either way. */
export const SPLIT_RATIOS = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50] as const;
/** The level on either side of a day's end is the median mid of this many quotes. */
export const SPLIT_QUOTES = 51;

type Outcome = Finding['action'];
type Options = { readonly [kind in FindingKind]: readonly PolicyOption<PolicyActions[kind]>[] };

/** One position of a switch. */
export interface PolicyOption<Action extends PolicyAction = PolicyAction> {
  readonly action: Action;
  /** What becomes of the rows concerned. */
  readonly outcome: Outcome;
  /** The policy as a sentence. */
  readonly sentence: string;
}

/** A switch with its positions, the default first. */
export interface PolicySwitch {
  readonly kind: FindingKind;
  /** What is found, for people: "crossed quotes (bid above ask)". */
  readonly label: string;
  readonly options: readonly PolicyOption[];
  readonly default: PolicyAction;
}

const LABELS: Readonly<Record<FindingKind, string>> = {
  unparsable: 'unreadable rows',
  suspicious: 'rows flagged suspicious',
  other: 'rows that are no quotes',
  sentinel: 'values that stand for no price',
  missing: 'rows without a price',
  nonPositive: 'prices not above zero',
  crossed: 'crossed quotes (bid above ask)',
  locked: 'locked quotes (bid equals ask)',
  duplicateStamp: 'duplicate stamps',
  outOfOrder: 'rows out of order',
  scale: 'prices of another scale',
  outlier: 'spikes and wide spreads',
  gap: 'gaps',
  stale: 'stale stretches',
  split: 'suspected splits',
};

const SPIKES = `that jump from both neighbours (by over ${OUTLIER_CHANGES} median changes and ${OUTLIER_FRACTION * 100} %) or whose spread exceeds ${WIDE_SPREAD * 100} % of the mid`;
const SCALED =
  'whose level is 100, 1000 or more powers of ten times that of most of the series, reached and left by one jump, or whose bid and ask are so far apart,';

const OPTIONS: Options = {
  unparsable: [
    {
      action: 'drop',
      outcome: 'dropped',
      sentence:
        'Rows that cannot be read (a missing column, no number, no time of the years 1900 to 2199) are dropped.',
    },
  ],
  suspicious: [
    { action: 'drop', outcome: 'dropped', sentence: 'Rows the source flags as suspicious are dropped.' },
    { action: 'keep', outcome: 'kept', sentence: 'Rows the source flags as suspicious are kept, as set.' },
  ],
  other: [
    {
      action: 'drop',
      outcome: 'dropped',
      sentence: 'Rows that tell of no bid and no ask (trades and other events among the quotes) are passed over.',
    },
  ],
  sentinel: [
    {
      action: 'missing',
      outcome: 'kept',
      sentence: `A side without a price (the largest number a type holds, 999999.99, −1, 0 with a size of 0) and a price above ${ABSURD_MEDIANS.toExponential()} medians count as missing.`,
    },
  ],
  missing: [
    { action: 'drop', outcome: 'dropped', sentence: 'Rows without a bid or without an ask are dropped.' },
    {
      action: 'carry',
      outcome: 'repaired',
      sentence:
        'Where a bid or an ask is missing, the last known one stands in, as set; without one before, the row is dropped.',
    },
  ],
  nonPositive: [
    { action: 'drop', outcome: 'dropped', sentence: 'Rows with a price of zero or below are dropped.' },
    {
      action: 'carry',
      outcome: 'repaired',
      sentence:
        'For a price of zero or below the last known one of its side stands in, as set; without one before, the row is dropped.',
    },
  ],
  crossed: [
    { action: 'drop', outcome: 'dropped', sentence: 'Crossed quotes (bid above ask) are dropped.' },
    { action: 'keep', outcome: 'kept', sentence: 'Crossed quotes (bid above ask) are kept, as set.' },
    {
      action: 'swap',
      outcome: 'repaired',
      sentence: 'Of crossed quotes (bid above ask) the two sides are swapped, as set.',
    },
  ],
  locked: [
    { action: 'keep', outcome: 'kept', sentence: 'Locked quotes (bid equal to ask) are kept.' },
    { action: 'drop', outcome: 'dropped', sentence: 'Locked quotes (bid equal to ask) are dropped, as set.' },
  ],
  duplicateStamp: [
    { action: 'last', outcome: 'repaired', sentence: 'Of several rows with one stamp the last usable one counts.' },
    {
      action: 'first',
      outcome: 'repaired',
      sentence: 'Of several rows with one stamp the first usable one counts, as set.',
    },
  ],
  outOfOrder: [
    {
      action: 'sort',
      outcome: 'repaired',
      sentence: 'Rows earlier than the row above them are sorted in; rows of one stamp keep their order.',
    },
    {
      action: 'drop',
      outcome: 'dropped',
      sentence: 'Rows earlier than the latest stamp before them are dropped, as set.',
    },
  ],
  scale: [
    { action: 'keep', outcome: 'kept', sentence: `Quotes ${SCALED} are noted and kept: a unit may have changed.` },
    { action: 'drop', outcome: 'dropped', sentence: `Quotes ${SCALED} are dropped, as set.` },
  ],
  outlier: [
    { action: 'keep', outcome: 'kept', sentence: `Quotes ${SPIKES} are noted and kept.` },
    { action: 'drop', outcome: 'dropped', sentence: `Quotes ${SPIKES} are dropped, as set.` },
  ],
  gap: [
    {
      action: 'keep',
      outcome: 'kept',
      sentence: `Steps of more than ${GAP_STEPS} median steps are noted; the quote before holds until the next.`,
    },
  ],
  stale: [
    {
      action: 'keep',
      outcome: 'kept',
      sentence: `Stretches of one day with unchanged bid and ask are noted that have ${STALE_QUOTES} quotes or more, last ${STALE_MS / 1000} s or longer, and hold ${STALE_STRETCHES} times the quotes of the mean stretch.`,
    },
  ],
  split: [
    {
      action: 'keep',
      outcome: 'kept',
      sentence: `Levels that change from one day to the next by a factor at which shares are split (${SPLIT_RATIOS.join(', ')}, either way, within ${SPLIT_TOLERANCE * 100} %) and stay there are noted; prices are left as they are.`,
    },
  ],
};

/** All kinds, in the order in which they are reported. */
export const findingKinds = Object.keys(OPTIONS) as readonly FindingKind[];

/** Every switch with its positions; those with one position only cannot be turned. */
export const policyOptions: readonly PolicySwitch[] = findingKinds.map((kind) => ({
  kind,
  label: LABELS[kind],
  options: OPTIONS[kind],
  default: OPTIONS[kind][0]!.action,
}));

/** The position a switch is in. An action that is none of the kind's counts as the default. */
export function policyOf<Kind extends FindingKind>(
  kind: Kind,
  policies: Policies | undefined,
): PolicyOption<PolicyActions[Kind]> {
  const options: readonly PolicyOption<PolicyActions[Kind]>[] = OPTIONS[kind];
  const set = policies?.[kind];
  return options.find(({ action }) => action === set) ?? options[0]!;
}
