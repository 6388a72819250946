/** Changes whose drift and volatility jump between two states (a two-state Markov chain). */

import { integrate, logUniform, type SeriesSource, uniformIn } from './source.ts';

export const regimeSwitches: SeriesSource = {
  name: 'regime switches',
  draw: (stream, length) => {
    const leave = 1 / logUniform(stream, 10, 200);
    const drift = [uniformIn(stream, -0.6, 0.6), uniformIn(stream, -0.6, 0.6)] as const;
    const volatility = [1, logUniform(stream, 0.5, 3)] as const;
    let state: 0 | 1 = 0;
    const changes = Float64Array.from({ length }, () => {
      if (stream.uniform() < leave) state = state === 0 ? 1 : 0;
      return drift[state] + volatility[state] * stream.normal();
    });
    return integrate(changes);
  },
};
