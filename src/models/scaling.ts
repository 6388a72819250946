/** Undoing a linear scaling of contexts, in float64: what most families' `finish` is. */

/** Per context and channel: forecast = scaled · scale + loc. */
export interface LinearScaling {
  readonly contexts: number;
  readonly channels: number;
  /** [N, C] */
  readonly loc: Float64Array;
  /** [N, C] */
  readonly scale: Float64Array;
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function unscale(forecast: Float32Array, steps: number, scaling: LinearScaling): Float64Array {
  const { contexts, channels, loc, scale } = scaling;
  const out = new Float64Array(forecast.length);
  for (let row = 0; row < forecast.length / (channels * steps); row++) {
    for (let c = 0; c < channels; c++) {
      const place = (row % contexts) * channels + c;
      for (let h = 0; h < steps; h++) {
        const value = forecast[(row * channels + c) * steps + h]!;
        out[(row * steps + h) * channels + c] = value * scale[place]! + loc[place]!;
      }
    }
  }
  return out;
}
