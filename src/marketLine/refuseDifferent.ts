/** Whether several runs can be laid on one another. */

import { fail } from '../core/errors.ts';
import type { MarketLineResult } from './marketLineResult.ts';

/** Refuses runs that cannot be laid on one another. @throws UserError `study/ensemble` naming what differs */
export function refuseDifferent(runs: readonly MarketLineResult[], so: string): void {
  const same = (what: string, of: (run: MarketLineResult) => unknown): void => {
    const [wanted, ...others] = runs.map((run) => JSON.stringify(of(run)));
    if (others.every((other) => other === wanted)) return;
    fail('study/ensemble', `The runs differ in their ${what}, ${so}.`, {
      hint: 'Run every checkpoint with the same settings on the same quotes.',
    });
  };
  same('symbols', (run) => run.symbols);
  same('days', (run) => run.periods);
  // How often a forecast is made is the model's affair; what is done with it must be the same.
  same('configurations', (run) => run.configurations.map(({ config }) => ({ ...config, strideTicks: undefined })));
  same('year and risk-free rate', ({ periodsPerYear, riskFreePerPeriod }) => [periodsPerYear, riskFreePerPeriod]);
}
