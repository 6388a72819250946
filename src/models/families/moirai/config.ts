/**
 * Moirai's `config.json` (1.0-R and 1.1-R), with two additions: `context_len` and `patch_size`, which the official code takes with
 * each call, say what a forecast on a grid reads.
 */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface MoiraiConfig {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly hiddenWidth: number;
  /** Sizes the checkpoint has weights for, as in the config. */
  readonly patchSizes: readonly number[];
  /** The size in use unless a call names another; one pass of the forecaster predicts one patch. */
  readonly patchLength: number;
  readonly contextLength: number;
  /** Whether series are standardised. */
  readonly scaling: boolean;
  /** Fixed scale of the normal component. */
  readonly normalScale: number;
}

/** Width of a head, up to the remainder of a division. */
const HEAD_WIDTH = 64;

/** Past patches of a grid forecast: the length the authors' short-context evaluations have. */
const USUAL_PATCHES = 16;

/** The mixture's components in their order. */
const components = ['StudentTOutput', 'NormalFixedScaleOutput', 'NegativeBinomialOutput', 'LogNormalOutput'];

const schema = v.object({
  d_model: v.pipe(count, v.minValue(HEAD_WIDTH)),
  num_layers: count,
  patch_sizes: v.pipe(v.array(count), v.minLength(1)),
  scaling: v.optional(v.boolean(), true),
  attn_dropout_p: v.optional(v.literal(0, 'only 0 is supported: the official code would apply it in forecasts too'), 0),
  distr_output: v.object({
    components: v.array(v.object({ _target_: v.string(), scale: v.optional(v.pipe(v.number(), v.gtValue(0))) })),
  }),
  context_len: v.optional(count),
  patch_size: v.optional(count),
});

/** @throws UserError `checkpoint/config` naming the field. */
export function parseMoiraiConfig(json: unknown, where: string): MoiraiConfig {
  const c = readConfig(schema, json, where);
  const names = c.distr_output.components.map((component) => component._target_.split('.').at(-1)!);
  if (String(names) !== String(components)) {
    refuseConfig(
      `The field distr_output.components is ${names.join(', ')}, but must be ${components.join(', ')}.`,
      where,
    );
  }
  const heads = Math.floor(c.d_model / HEAD_WIDTH);
  if (c.d_model % heads !== 0 || (c.d_model / heads) % 4 !== 0) {
    refuseConfig(`The field d_model is ${c.d_model}, which cannot be split into ${heads} heads.`, where);
  }
  const sizes = [...c.patch_sizes].sort((a, b) => a - b);
  const patchLength = c.patch_size ?? sizes[(sizes.length - 1) >> 1]!;
  if (!sizes.includes(patchLength)) {
    refuseConfig(`The field patch_size is ${patchLength}, but there are weights for ${sizes.join(', ')} only.`, where);
  }
  return {
    layers: c.num_layers,
    heads,
    width: c.d_model,
    hiddenWidth: 8 * Math.floor((Math.floor((8 * c.d_model) / 3) + 7) / 8),
    patchSizes: c.patch_sizes,
    patchLength,
    contextLength: c.context_len ?? USUAL_PATCHES * patchLength,
    scaling: c.scaling,
    normalScale: c.distr_output.components[1]!.scale ?? 1e-3,
  };
}
