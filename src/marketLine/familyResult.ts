/**
 * The paper's S(θ): the strategies of a whole family of fine-tunings, as one cloud with one line. Every member's every configuration is
 * a strategy of its own; an ensemble, in contrast, makes the members the variants of each strategy (`ensemble.ts`).
 */

import { fail } from '../core/errors.ts';
import { fitsOf, type MarketLineResult, type MarketLineSummary } from './marketLineResult.ts';
import { refuseDifferent } from './refuseDifferent.ts';

/**
 * Joins the members' results, member by member; everything but the intervals (`intervalsOf`).
 *
 * @param members of the same configurations, days, symbols and number of variants
 * @throws UserError `study/ensemble` naming what differs
 */
export function familyResultOf(members: readonly MarketLineResult[]): MarketLineSummary {
  const [first] = members;
  if (!first) return fail('study/ensemble', 'A family without members has no strategies.');
  refuseDifferent(members, 'so they are no family on one plane');
  if (members.some(({ variants }) => variants !== first.variants)) {
    fail('study/ensemble', 'The runs differ in their number of variants, so they are no family on one plane.');
  }
  const configurations = members
    .flatMap((member) => member.configurations)
    .map((point, index) => ({ ...point, index }));
  const { riskFreePerPeriod, periodsPerYear } = first;
  const count = (of: (member: MarketLineResult) => number): number =>
    members.reduce((sum, member) => sum + of(member), 0);
  const { intervals: _, ...summary } = first;
  return {
    ...summary,
    configurations,
    periodReturns: joined(
      Float64Array,
      members.map((member) => member.periodReturns),
    ),
    tradeCounts: joined(
      Int32Array,
      members.map((member) => member.tradeCounts),
    ),
    fits: fitsOf(configurations, riskFreePerPeriod, periodsPerYear),
    exceedsDeterministicCount: count((member) => member.exceedsDeterministicCount),
    notTradedCount: count((member) => member.notTradedCount),
    warnings: [...new Set(members.flatMap((member) => member.warnings))],
  };
}

function joined<Values extends Float64Array | Int32Array>(
  kind: new (length: number) => Values,
  parts: readonly Values[],
): Values {
  const all = new kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
