/** Every setting of a study, once: the form, its help, validation, links and manifests all derive from this table. */

/** The parts of the form. */
export type SettingGroup = 'data' | 'model' | 'grid' | 'execution' | 'risk';

interface SpecBase {
  readonly group: SettingGroup;
  readonly label: string;
  /** Empty where there is none. */
  readonly unit: string;
  readonly help: string;
}

export interface NumberSpec extends SpecBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Only whole numbers. */
  readonly whole: boolean;
  readonly default: number;
  /** Values to offer beside free entry. */
  readonly presets?: readonly { readonly value: number; readonly label: string }[];
}

/** A number, or null, which has a meaning of its own. */
export interface OptionalNumberSpec extends SpecBase {
  readonly kind: 'optionalNumber';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly whole: boolean;
  readonly default: number | null;
  /** What null means. */
  readonly nullLabel: string;
}

export interface ChoiceSpec extends SpecBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string | number; readonly label: string }[];
  readonly default: string | number;
}

export interface BooleanSpec extends SpecBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}

export interface TextSpec extends SpecBase {
  readonly kind: 'text';
  /** `time`: HH:MM on a 24-hour clock; `zone`: an IANA time zone. */
  readonly format: 'time' | 'zone';
  readonly default: string;
}

export type SettingSpec = NumberSpec | OptionalNumberSpec | ChoiceSpec | BooleanSpec | TextSpec;

/** Fees of the paper's markets, a side; shares at $100. */
const feePresets = [
  { value: 10, label: 'Binance spot, maker or taker' },
  { value: 7.5, label: 'Binance spot, paid in BNB' },
  { value: 5, label: 'Binance futures, taker' },
  { value: 2, label: 'Binance futures, maker' },
  { value: 0.5, label: 'US share at $100, broker at half a cent' },
  { value: 0.3, label: 'US share at $100, exchange taker fee' },
  { value: 0.2, label: 'Currencies, broker commission' },
  { value: 0, label: 'None' },
] as const;

export const studySettingsTable = {
  stepMs: {
    group: 'data',
    kind: 'number',
    label: 'Resolution',
    unit: 'ms',
    help: 'Time between two grid ticks. At each, the prevailing quote is taken.',
    min: 1,
    max: 86_400_000,
    step: 1,
    whole: true,
    default: 1000,
    presets: [
      { value: 100, label: '100 ms' },
      { value: 1000, label: '1 s' },
      { value: 300_000, label: '5 min' },
      { value: 900_000, label: '15 min' },
      { value: 86_400_000, label: '1 day' },
    ],
  },
  sessionWindow: {
    group: 'data',
    kind: 'boolean',
    label: 'Session window',
    unit: '',
    help: 'Use only a part of each day. Otherwise sessions are those of the quotes’ own calendar.',
    default: false,
  },
  windowStart: {
    group: 'data',
    kind: 'text',
    format: 'time',
    label: 'Window start',
    unit: 'HH:MM',
    help: 'First instant of the session window, included; quotes from before prevail at it.',
    default: '09:30',
  },
  windowEnd: {
    group: 'data',
    kind: 'text',
    format: 'time',
    label: 'Window end',
    unit: 'HH:MM',
    help: 'Last instant of the session window, included.',
    default: '16:00',
  },
  windowTimeZone: {
    group: 'data',
    kind: 'text',
    format: 'zone',
    label: 'Window time zone',
    unit: '',
    help: 'The wall clock of the session window: an IANA name such as America/New_York or UTC.',
    default: 'America/New_York',
  },
  variants: {
    group: 'model',
    kind: 'number',
    label: 'Variants K',
    unit: 'variants',
    help: 'Samples of the model’s weights (by MC-dropout unless said otherwise below), beside the deterministic model. More measure epistemic risk better; time grows in proportion.',
    min: 2,
    max: 256,
    step: 1,
    whole: true,
    default: 16,
  },
  dropoutRate: {
    group: 'model',
    kind: 'number',
    label: 'Dropout rate p',
    unit: '',
    help: 'Probability that a feature is switched off in a variant. The paper does not state its rate; epistemic risk grows with it.',
    min: 0,
    max: 0.9,
    step: 0.01,
    whole: false,
    default: 0.1,
  },
  seed: {
    group: 'model',
    kind: 'number',
    label: 'Seed',
    unit: '',
    help: 'Fixes dropout masks and drawn configurations: the same seed gives the same study on every machine.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    step: 1,
    whole: true,
    default: 1,
  },
  dropoutSites: {
    group: 'model',
    kind: 'choice',
    label: 'Dropout sites',
    unit: '',
    help: 'Where parts of the model are switched off: only along its feature axes, or everywhere, patch and channel mixers too. A mixer over few patches then loses whole stretches of the past, and the variants differ far more.',
    options: [
      { value: 'all', label: 'All sites' },
      { value: 'features', label: 'Feature axes only' },
    ],
    default: 'features',
  },
  sampler: {
    group: 'model',
    kind: 'choice',
    label: 'Variants are',
    unit: '',
    help: 'One dropout mask for the whole backtest makes each variant one model, as a posterior over models has it (the default). A fresh mask for every forecast makes variants that differ by noise which averages out over trades: epistemic risk looks smaller; slower, and not for anchored contexts. A model that was fine-tuned with SWAG or Laplace has a posterior of its own to draw from.',
    options: [
      { value: 'dropout', label: 'One dropout mask each' },
      { value: 'fresh', label: 'A dropout mask a forecast' },
      { value: 'posterior', label: 'From the model’s posterior' },
    ],
    default: 'dropout',
  },
  strideTicks: {
    group: 'model',
    kind: 'number',
    label: 'Forecast stride',
    unit: 'ticks',
    help: 'A forecast is made every so many ticks. The predicted price holds until the next one while the market moves on, so long strides trade on stale prices. Time falls in proportion.',
    min: 1,
    max: 100_000,
    step: 1,
    whole: true,
    default: 1,
  },
  horizonTicks: {
    group: 'model',
    kind: 'optionalNumber',
    label: 'Horizon',
    unit: 'ticks',
    help: 'The predicted mid is the mean of the first so many predicted mids. Beyond what one pass predicts, models that can go on from their own forecasts.',
    min: 1,
    max: 100_000,
    step: 1,
    whole: true,
    default: null,
    nullLabel: 'all the model predicts',
  },
  anchoredPatches: {
    group: 'model',
    kind: 'optionalNumber',
    label: 'Anchored contexts from',
    unit: 'patches',
    help: 'For TimesFM: contexts begin at fixed places and grow patch by patch, at least this many, so that one pass forecasts at many ticks: several times faster. The context’s length then differs from tick to tick; it is not the forecast on a fixed context.',
    min: 1,
    max: 512,
    step: 1,
    whole: true,
    default: null,
    nullLabel: 'fixed contexts',
  },
  inputTransform: {
    group: 'model',
    kind: 'choice',
    label: 'Input transform',
    unit: '',
    help: 'Normalised: log-mid less its last value, in units of the context’s own volatility. Raw: prices as they are, the zero-shot convention.',
    options: [
      { value: 'normalised', label: 'Normalised' },
      { value: 'raw', label: 'Raw prices' },
    ],
    default: 'normalised',
  },
  configurations: {
    group: 'grid',
    kind: 'number',
    label: 'Configurations C',
    unit: 'strategies',
    help: 'Strategies drawn at random from the ranges below: the points of the risk-return plane.',
    min: 3,
    max: 2000,
    step: 1,
    whole: true,
    default: 100,
  },
  gridKind: {
    group: 'grid',
    kind: 'choice',
    label: 'Configurations are',
    unit: '',
    help: 'Drawn at random from the ranges, or every combination of evenly spaced levels (logarithmically), at most as many as above: for maps of what a result depends on.',
    options: [
      { value: 'random', label: 'Drawn at random' },
      { value: 'regular', label: 'On a regular grid' },
    ],
    default: 'random',
  },
  thresholdMinBps: threshold('Threshold from', 2),
  thresholdMaxBps: threshold('Threshold to', 10),
  stopLossMinBps: exitLevel('Stop loss from', 5, 'Leave when a position has lost this much.'),
  stopLossMaxBps: exitLevel('Stop loss to', 50, 'Leave when a position has lost this much.'),
  stopLossOff: off('Without stop loss', 'stop loss'),
  takeProfitMinBps: exitLevel('Take profit from', 5, 'Leave when a position has gained this much.'),
  takeProfitMaxBps: exitLevel('Take profit to', 50, 'Leave when a position has gained this much.'),
  takeProfitOff: off('Without take profit', 'take profit'),
  maxHoldMinTicks: hold('Longest hold from', 10),
  maxHoldMaxTicks: hold('Longest hold to', 600),
  maxHoldOff: off('Without time limit', 'time limit'),
  feeBps: {
    ...cost(
      'Fee',
      'Paid on the traded value at entry and at exit. Fills here take the quote, so a maker’s fee is only for comparison. Sources: Binance’s spot fee schedule (VIP 0, with BNB discount, zero maker fee on FDUSD pairs); for US shares the cap of Rule 610(c) of Regulation NMS of $0.003 a share, and Interactive Brokers’ fixed price of $0.005 a share. Schedules change: check yours.',
    ),
    presets: feePresets,
  },
  slippageBps: cost('Slippage', 'Every fill is this much worse than the quote.'),
  slippageTicks: {
    group: 'execution',
    kind: 'number',
    label: 'Slippage in price steps',
    unit: 'steps a side',
    help: 'Every fill is so many price steps worse, on top of the slippage in basis points.',
    min: 0,
    max: 1000,
    step: 1,
    whole: false,
    default: 0,
  },
  extraTickProbability: {
    group: 'execution',
    kind: 'number',
    label: 'Chance of one step more',
    unit: 'share of fills',
    help: 'So many fills, drawn by the seed, are one price step worse than expected: the quote was gone.',
    min: 0,
    max: 1,
    step: 0.05,
    whole: false,
    default: 0,
  },
  tickSize: {
    group: 'execution',
    kind: 'optionalNumber',
    label: 'Price step',
    unit: '',
    help: 'The smallest difference between two prices, for slippage in steps.',
    min: 1e-9,
    max: 1e6,
    step: 0.01,
    whole: false,
    default: null,
    nullLabel: 'found in the quotes',
  },
  betNotional: {
    group: 'execution',
    kind: 'optionalNumber',
    label: 'Bet, to be filled',
    unit: 'quote currency',
    help: 'What one unit of notional is worth. Fills then take no more than the quoted size: the rest of an entry is dropped, the rest of an exit is filled at the ticks that follow, and the last tick of a session closes all. Where quotes have no sizes, everything is filled.',
    min: 0.01,
    max: 1e12,
    step: 1000,
    whole: false,
    default: null,
    nullLabel: 'any size is filled',
  },
  sizing: {
    group: 'execution',
    kind: 'choice',
    label: 'Position size',
    unit: '',
    help: 'One unit; in proportion to the surprise; so that volatility is the same; or a share of the Kelly size, surprise over variance. Decided with what is known at the tick.',
    options: [
      { value: 'unit', label: 'One unit' },
      { value: 'signal', label: 'By surprise' },
      { value: 'volatility', label: 'By volatility' },
      { value: 'kelly', label: 'Kelly fraction' },
    ],
    default: 'unit',
  },
  sizingTargetBps: {
    group: 'execution',
    kind: 'number',
    label: 'Size 1 at',
    unit: 'bps',
    help: 'By surprise: the surprise at which the size is 1. By volatility: the volatility over the window at which it is.',
    min: 0.001,
    max: 10_000,
    step: 1,
    whole: false,
    default: 10,
  },
  sizingWindowTicks: {
    group: 'execution',
    kind: 'number',
    label: 'Volatility window',
    unit: 'ticks',
    help: 'By volatility and Kelly: the ticks over which volatility is measured, and to which it is scaled.',
    min: 2,
    max: 1_000_000,
    step: 1,
    whole: true,
    default: 300,
  },
  kellyFraction: {
    group: 'execution',
    kind: 'number',
    label: 'Kelly fraction',
    unit: '',
    help: 'Share of the size that would make wealth grow fastest if the surprise were the expected return. Usually well below 1.',
    min: 0.0001,
    max: 10,
    step: 0.05,
    whole: false,
    default: 0.5,
  },
  maxSize: {
    group: 'execution',
    kind: 'number',
    label: 'Largest size',
    unit: 'units',
    help: 'No position is larger than this.',
    min: 0.001,
    max: 100,
    step: 0.5,
    whole: false,
    default: 1,
  },
  heldForecast: {
    group: 'execution',
    kind: 'choice',
    label: 'Between forecasts',
    unit: '',
    help: 'With a forecast stride above 1: the predicted price stays while the market moves; or the predicted return stays; or signals count only at the ticks of forecasts.',
    options: [
      { value: 'price', label: 'The price holds' },
      { value: 'return', label: 'The return holds' },
      { value: 'none', label: 'No signal' },
    ],
    default: 'price',
  },
  latencyTicks: {
    group: 'execution',
    kind: 'number',
    label: 'Latency',
    unit: 'ticks',
    help: 'From a decision to its fill. 1 is the paper’s next-tick fill.',
    min: 1,
    max: 10_000,
    step: 1,
    whole: true,
    default: 1,
  },
  inferenceMs: {
    group: 'execution',
    kind: 'optionalNumber',
    label: 'Inference time',
    unit: 'ms',
    help: 'What one forecast takes. Orders fill at the first tick at which it would be there, if that is later than the latency above. Measured in batches; a single forecast takes longer.',
    min: 0,
    max: 86_400_000,
    step: 1,
    whole: false,
    default: null,
    nullLabel: 'not counted',
  },
  allowShort: {
    group: 'execution',
    kind: 'boolean',
    label: 'Short selling',
    unit: '',
    help: 'Sell short on a negative surprise. Otherwise strategies are long or flat.',
    default: true,
  },
  exitOnReverse: {
    group: 'execution',
    kind: 'boolean',
    label: 'Leave on opposite signal',
    unit: '',
    help: 'Close when the surprise is beyond the threshold on the other side, and open that side where allowed.',
    default: true,
  },
  flattenAtSessionEnd: {
    group: 'execution',
    kind: 'boolean',
    label: 'Flat at session end',
    unit: '',
    help: 'Close every position at the last tick of a session. Otherwise positions carry over.',
    default: true,
  },
  reference: {
    group: 'execution',
    kind: 'choice',
    label: 'Surprise against',
    unit: '',
    help: 'Compare the prediction with the mid, or with the quote that would be paid (ask for buys, bid for sells).',
    options: [
      { value: 'mid', label: 'Mid' },
      { value: 'touch', label: 'Touch' },
    ],
    default: 'mid',
  },
  riskFreePercent: {
    group: 'risk',
    kind: 'number',
    label: 'Risk-free rate',
    unit: '% a year',
    help: 'Where the market line starts (r_f of eq. 7). The paper uses 5 % a year.',
    min: -10,
    max: 100,
    step: 0.1,
    whole: false,
    default: 5,
  },
  returnPeriod: {
    group: 'risk',
    kind: 'choice',
    label: 'Returns of',
    unit: '',
    help: 'What means and standard deviations are taken over. By itself: days, or hours of the UTC clock where there are fewer than five days.',
    options: [
      { value: 'auto', label: 'Days, or hours of few days' },
      { value: 'day', label: 'Days' },
      { value: 'session', label: 'Sessions' },
      { value: 'hour', label: 'Hours' },
    ],
    default: 'auto',
  },
  periodsPerYear: {
    group: 'risk',
    kind: 'choice',
    label: 'Days in a year',
    unit: 'days',
    help: 'For annualised figures: 252 trading days, 260 weekdays for forex, or 365 for markets that never close. Files set it by their market.',
    options: [
      { value: 252, label: '252 trading days' },
      { value: 260, label: '260 weekdays' },
      { value: 365, label: '365 days' },
    ],
    default: 252,
  },
} as const satisfies Record<string, SettingSpec>;

function threshold(label: string, value: number): NumberSpec {
  const help = 'A position is opened when the predicted mid is further than this from the quote. Drawn log-uniformly.';
  return range(label, 'bps', help, value);
}

function exitLevel(label: string, value: number, help: string): NumberSpec {
  return range(label, 'bps', `${help} Drawn log-uniformly.`, value);
}

function hold(label: string, value: number): NumberSpec {
  const help = 'Leave after this many ticks. Drawn log-uniformly.';
  return { ...range(label, 'ticks', help, value), min: 1, max: 1_000_000, step: 1, whole: true };
}

function range(label: string, unit: string, help: string, value: number): NumberSpec {
  const bounds = { min: 0.001, max: 10_000, step: 0.1, whole: false };
  return { group: 'grid', kind: 'number', label, unit, help, ...bounds, default: value };
}

function off(label: string, rule: string): NumberSpec {
  const help = `Share of configurations without a ${rule}.`;
  const bounds = { min: 0, max: 1, step: 0.05, whole: false };
  return { group: 'grid', kind: 'number', label, unit: 'share', help, ...bounds, default: 0.3 };
}

function cost(label: string, help: string): NumberSpec {
  const bounds = { min: 0, max: 1000, step: 0.1, whole: false };
  return { group: 'execution', kind: 'number', label, unit: 'bps a side', help, ...bounds, default: 0 };
}
