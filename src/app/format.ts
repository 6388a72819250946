/** The page's only number formatting: every figure a person reads is made here, the same way everywhere. */

const missing = '–';

/** Keeps one formatter per set of options: constructing them is slow. */
function formatter(options: Intl.NumberFormatOptions): (value: number) => string {
  const format = new Intl.NumberFormat('en-US', options);
  // A typographic minus is as wide as the digits, so columns of signed numbers line up.
  return (value) => (Number.isFinite(value) ? format.format(value).replace('-', '−') : missing);
}

/** 12,345 */
export const formatCount = formatter({ maximumFractionDigits: 0 });

/** Two decimals: Sharpe ratios, R². */
export const formatFixed2 = formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Three decimals: small daily ratios. */
export const formatFixed3 = formatter({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** Three significant digits: anything whose size is not known beforehand. */
export const formatShort = formatter({ maximumSignificantDigits: 3 });

/** A price with as many decimals as it needs. */
export const formatPrice = formatter({ minimumSignificantDigits: 5, maximumSignificantDigits: 7 });

const compact = formatter({ notation: 'compact', maximumSignificantDigits: 3 });

/** 1.23M */
export const formatCompact = (value: number): string => compact(value);

/** A return as a fraction, in basis points with one decimal: 0.00123 → 12.3 */
export function formatBps(fraction: number): string {
  return bps(fraction * 1e4);
}

const bps = formatter({ minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The same for an axis: no more digits than needed. */
export function formatBpsTick(fraction: number): string {
  return bpsTick(fraction * 1e4);
}

const bpsTick = formatter({ maximumFractionDigits: 2 });

/** "3.44 ± 0.59" */
export function formatWithError(value: number, error: number, digits: 2 | 3 = 2): string {
  const format = digits === 2 ? formatFixed2 : formatFixed3;
  return `${format(value)} ± ${format(error)}`;
}

/** "45 s", "3 min 20 s", "2 h 5 min"; below ten seconds with one decimal. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return missing;
  if (seconds < 0.1) return 'under 0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3599.5) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "100 ms", "1 s", "5 min", "1 day" */
export function formatStep(stepMs: number): string {
  if (stepMs < 1_000) return `${stepMs} ms`;
  if (stepMs < 60_000) return `${stepMs / 1_000} s`;
  if (stepMs < 3_600_000) return `${stepMs / 60_000} min`;
  if (stepMs < 86_400_000) return `${stepMs / 3_600_000} h`;
  return `${stepMs / 86_400_000} ${stepMs === 86_400_000 ? 'day' : 'days'}`;
}

/** "42 %" */
export function formatShare(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** "74 %", "0.12 %": a share as people read it, two significant digits. */
export function formatPercent(share: number): string {
  return `${percent(100 * share)} %`;
}

const percent = formatter({ maximumSignificantDigits: 2 });

/** A probability that is an estimate: "3.7 %", "below 0.1 %", "above 99.9 %". */
export function formatProbability(probability: number): string {
  if (probability < 0.001) return 'below 0.1 %';
  return probability > 0.999 ? 'above 99.9 %' : `${percent1(100 * probability)} %`;
}

const percent1 = formatter({ maximumFractionDigits: 1 });

/** Bytes with a binary-free unit a person knows: "640 kB", "3.8 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${formatShort(bytes / 1e3)} kB`;
  if (bytes >= 1e9) return `${formatShort(bytes / 1e9)} GB`;
  return `${formatShort(bytes / 1e6)} MB`;
}

/** "1 file", "13 files" */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** "2013-10-07 09:30:00" on the wall clock of an IANA zone. */
export function formatInstant(timeMs: number, timeZone: string): string {
  return instantFormat(timeZone).format(timeMs).replace(',', '');
}

const instantFormats = new Map<string, Intl.DateTimeFormat>();

function instantFormat(timeZone: string): Intl.DateTimeFormat {
  let format = instantFormats.get(timeZone);
  if (!format) {
    // The Swedish locale writes ISO dates.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    instantFormats.set(timeZone, format);
  }
  return format;
}

/** ", 12 of 3,400 forecasts not finite" behind a model's name; nothing where all are. */
export function formatNotFinite(
  counts: { readonly byVariant: readonly number[]; readonly due: number } | undefined,
): string {
  if (!counts) return '';
  const count = counts.byVariant.reduce((sum, each) => sum + each, 0);
  return `, ${formatCount(count)} of ${formatCount(counts.due * counts.byVariant.length)} forecasts not finite`;
}
