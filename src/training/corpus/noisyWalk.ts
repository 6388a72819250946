/**
 * Random walks seen through microstructure noise: trades bounce between bid and ask (Roll, 1984, doi:10.1111/j.1540-6261.1984.tb03897.x),
 * prices lie on a tick grid, and many steps bring no quote at all. What moves here is noise that goes back, and nothing else to foresee.
 */

import { integrate, logUniform, type SeriesSource, uniformIn } from './source.ts';

export const noisyWalks: SeriesSource = {
  name: 'random walks with microstructure noise',
  draw: (stream, length) => {
    const halfSpread = logUniform(stream, 0.1, 3);
    const tick = logUniform(stream, 0.1, 3);
    const quiet = uniformIn(stream, 0, 0.8);
    const flips = uniformIn(stream, 0.1, 0.9);
    const efficient = integrate(Float64Array.from({ length }, () => stream.normal()));
    let side = 1;
    let seen = 0;
    return efficient.map((value, step) => {
      if (stream.uniform() < flips) side = -side;
      if (step === 0 || stream.uniform() >= quiet) seen = tick * Math.round((value + side * halfSpread) / tick);
      return seen;
    });
  },
};
