/** Portfolio theory on return series, assets or strategies alike: frontiers, tangency portfolios, capital market line, β split. */

import { UserError, type UserProblem } from '../core/errors.ts';
import { betaSplit } from '../risk/frontier/capm.ts';
import {
  type Frontier,
  frontierOf,
  type Opportunities,
  opportunitiesOf,
  type Portfolio,
  portfolioOf,
  type Tangency,
  withSharpe,
} from '../risk/frontier/frontier.ts';
import { longOnlyAt, longOnlyMinimumVariance, longOnlyTangency } from '../risk/frontier/longOnly.ts';

export interface FrontierCurve {
  /** Ascending in mean; empty where there is no curve. */
  readonly points: readonly Portfolio[];
  readonly minimumVariance: Portfolio | undefined;
  readonly tangency: Tangency | undefined;
  /** Why something is missing. */
  readonly problems: readonly UserProblem[];
}

/** One series by the market it is part of. Variances and returns per period. */
export interface BetaRow {
  readonly name: string;
  readonly mean: number;
  readonly stdev: number;
  readonly beta: number;
  readonly systematicVariance: number;
  readonly idiosyncraticVariance: number;
  readonly expectedReturn: number;
  readonly weights: { readonly free: number | undefined; readonly longOnly: number | undefined };
}

export interface Theory {
  readonly free: FrontierCurve;
  readonly longOnly: FrontierCurve;
  /** The equally weighted average of all series: what stands for the market. */
  readonly market: Tangency;
  readonly rows: readonly BetaRow[];
  /** Series left out, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

export interface NamedSeries {
  readonly name: string;
  /** [T] */
  readonly returns: ArrayLike<number>;
}

const CURVE_POINTS = 41;

/**
 * @param series all of the same length
 * @throws UserError `risk/too-few-series` where fewer than two series have finite returns and risk
 */
export function theoryOf(series: readonly NamedSeries[], riskFree: number): Theory {
  const { usable, leftOut } = sortOut(series);
  if (usable.length < 2) {
    throw new UserError({
      code: 'risk/too-few-series',
      message: `A frontier needs at least 2 series with risk, but there ${usable.length === 1 ? 'is' : 'are'} ${usable.length}.`,
      hint: 'Add quotes of more assets, or let more configurations trade.',
    });
  }
  const opportunities = opportunitiesOf(usable.map(({ returns }) => returns));
  const equal = usable.map(() => 1 / usable.length);
  const market = withSharpe(portfolioOf(opportunities, equal), riskFree);
  const free = freeCurve(opportunities, riskFree);
  const longOnly = longOnlyCurve(opportunities, riskFree);
  const hasRisk = market.stdev > 0;
  const split = hasRisk ? betaSplit(opportunities, equal, riskFree) : undefined;
  return {
    free,
    longOnly,
    market,
    leftOut,
    rows: usable.map(({ name }, i) => ({
      name,
      mean: opportunities.mean[i]!,
      stdev: Math.sqrt(opportunities.covariance[i]![i]!),
      beta: split?.beta[i] ?? Number.NaN,
      systematicVariance: split?.systematicVariance[i] ?? Number.NaN,
      idiosyncraticVariance: split?.idiosyncraticVariance[i] ?? Number.NaN,
      expectedReturn: split?.expectedReturn[i] ?? Number.NaN,
      weights: { free: free.tangency?.weights[i], longOnly: longOnly.tangency?.weights[i] },
    })),
  };
}

/** Without risk, with a return that is not finite, or a copy of another: such series have no place in a covariance to be inverted. */
function sortOut(series: readonly NamedSeries[]): { usable: NamedSeries[]; leftOut: Theory['leftOut'][number][] } {
  const usable: NamedSeries[] = [];
  const leftOut: Theory['leftOut'][number][] = [];
  const seen = new Map<string, string>();
  for (const each of series) {
    const values = Array.from(each.returns);
    const key = values.join(' ');
    const twin = seen.get(key);
    const reason = !values.every(Number.isFinite)
      ? 'a return is not a number'
      : values.every((value) => value === values[0])
        ? 'its return never changes'
        : twin !== undefined
          ? `it is the same as ${twin}`
          : undefined;
    if (reason === undefined) {
      usable.push(each);
      seen.set(key, each.name);
    } else leftOut.push({ name: each.name, reason });
  }
  return { usable, leftOut };
}

function freeCurve(opportunities: Opportunities, riskFree: number): FrontierCurve {
  const problems: UserProblem[] = [];
  const frontier = attempt(problems, (): Frontier => frontierOf(opportunities));
  if (!frontier) return { points: [], minimumVariance: undefined, tangency: undefined, problems };
  const { minimumVariance } = frontier;
  const tangency = attempt(problems, () => frontier.tangency(riskFree));
  const highest = Math.max(...opportunities.mean);
  const reach = Math.max(highest, minimumVariance.mean) - minimumVariance.mean;
  const points = attempt(problems, () =>
    targets(minimumVariance.mean - reach, minimumVariance.mean + reach).map((target) => frontier.at(target)),
  );
  return { points: points ?? [], minimumVariance, tangency, problems };
}

function longOnlyCurve(opportunities: Opportunities, riskFree: number): FrontierCurve {
  const problems: UserProblem[] = [];
  const tangency = attempt(problems, () => longOnlyTangency(opportunities, riskFree));
  const minimumVariance = attempt(problems, () => longOnlyMinimumVariance(opportunities));
  const { mean } = opportunities;
  const points =
    minimumVariance &&
    attempt(problems, () =>
      targets(minimumVariance.mean, Math.max(...mean)).map((target) => longOnlyAt(opportunities, target)),
    );
  return { points: points ?? [], minimumVariance, tangency, problems };
}

function targets(from: number, to: number): number[] {
  if (!(to > from)) return [from];
  return Array.from({ length: CURVE_POINTS }, (_, i) =>
    i === CURVE_POINTS - 1 ? to : from + ((to - from) * i) / (CURVE_POINTS - 1),
  );
}

/** The same reason is told once. */
function attempt<T>(problems: UserProblem[], of: () => T): T | undefined {
  try {
    return of();
  } catch (caught) {
    if (!(caught instanceof UserError)) throw caught;
    if (!problems.some(({ code }) => code === caught.problem.code)) problems.push(caught.problem);
    return undefined;
  }
}
