/** ARMA(1,1) changes and mean-reverting levels: momentum, reversal and pull towards a mean. */

import { integrate, type SeriesSource, uniformIn } from './source.ts';

/** Changes follow rₜ = φ rₜ₋₁ + εₜ + θ εₜ₋₁ with random φ, θ. */
export const armaChanges: SeriesSource = {
  name: 'ARMA(1,1) changes',
  draw: (stream, length) => {
    const phi = uniformIn(stream, -0.6, 0.9);
    const theta = uniformIn(stream, -0.5, 0.5);
    let change = 0;
    let shock = 0;
    const changes = Float64Array.from({ length }, () => {
      const fresh = stream.normal();
      change = phi * change + fresh + theta * shock;
      shock = fresh;
      return change;
    });
    return integrate(changes);
  },
};

/** The level follows xₜ = φ xₜ₋₁ + εₜ with a half-life of 3 to 300 steps, seen under a little noise. */
export const meanReversion: SeriesSource = {
  name: 'AR(1) levels',
  draw: (stream, length) => {
    const phi = 0.5 ** (1 / (3 * 100 ** stream.uniform()));
    const noise = uniformIn(stream, 0, 0.5);
    let level = stream.normal() / Math.sqrt(1 - phi * phi);
    return Float64Array.from({ length }, () => {
      level = phi * level + stream.normal();
      return level + noise * stream.normal();
    });
  },
};
