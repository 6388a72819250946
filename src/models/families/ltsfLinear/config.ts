/** Configuration of DLinear and NLinear, in the argument names of the official training script; checkpoints of it hold weights alone. */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface LinearConfig {
  /** Values read of a series. */
  readonly contextLength: number;
  /** Steps ahead, all at once. */
  readonly horizon: number;
}

export interface DLinearConfig extends LinearConfig {
  /** Width of the moving average that is the trend; odd. */
  readonly kernel: number;
}

const common = {
  model_type: v.string(),
  seq_len: count,
  pred_len: count,
  individual: v.optional(v.boolean(), false),
};
const dlinearSchema = v.object({ ...common, moving_avg: v.optional(count, 25) });
const nlinearSchema = v.object(common);

/** @throws UserError `checkpoint/config` naming the field */
export function parseDLinearConfig(json: unknown, where: string): DLinearConfig {
  const c = readConfig(dlinearSchema, json, where);
  refuseIndividual(c.individual, where);
  if (c.moving_avg % 2 === 0) {
    refuseConfig(`The field moving_avg is ${c.moving_avg}; a centred average needs an odd number.`, where);
  }
  return { contextLength: c.seq_len, horizon: c.pred_len, kernel: c.moving_avg };
}

/** @throws UserError `checkpoint/config` naming the field */
export function parseNLinearConfig(json: unknown, where: string): LinearConfig {
  const c = readConfig(nlinearSchema, json, where);
  refuseIndividual(c.individual, where);
  return { contextLength: c.seq_len, horizon: c.pred_len };
}

/** Assets come and go, so that there is no layer for each. */
function refuseIndividual(individual: boolean, where: string): void {
  if (individual) {
    refuseConfig(
      'The field individual is true: a layer for each series of one data set cannot forecast others.',
      where,
    );
  }
}
