/** The kinds of risk that can stand on the abscissa of a market line. */

/**
 * `aleatory` is the paper's equation (§3.3, §4.2: √(σ² − σ²_MC)), `epistemic` what its abstract calls systematic, `total` neither
 * separated.
 */
export type PricedRisk = 'aleatory' | 'epistemic' | 'total';

export const pricedRisks: readonly PricedRisk[] = ['aleatory', 'epistemic', 'total'];
