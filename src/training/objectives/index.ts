/** The loss each family is pre-trained by, as its authors have it where they say. */

import { parseBoltConfig } from '../../models/families/chronosBolt/config.ts';
import { parseChronosConfig } from '../../models/families/chronosT5/config.ts';
import { parseMoiraiConfig } from '../../models/families/moirai/config.ts';
import { parseTimerConfig } from '../../models/families/timer/config.ts';
import { parseTimesfm1And2Config } from '../../models/families/timesfm1and2/config.ts';
import { parseTimesfm25Config } from '../../models/families/timesfm25/config.ts';
import { openArchitecture } from '../../models/registry.ts';
import { boltQuantiles } from './bolt.ts';
import { chronosTokens } from './chronos.ts';
import { moiraiLikelihood } from './moirai.ts';
import type { Objective } from './objective.ts';
import { forecastSquares, tokenSquares } from './points.ts';
import { timesfm1And2Patches, timesfm25Patches } from './timesfm.ts';

/** The objective of the family a `config.json` belongs to. @throws UserError where the config is wrong. */
export function pretrainingObjective(configJson: string, where: string): Objective {
  const architecture = openArchitecture(configJson, where);
  const json: unknown = JSON.parse(configJson);
  switch (architecture.id) {
    case 'chronos-t5':
      return chronosTokens(parseChronosConfig(json, where));
    case 'chronos-bolt':
      return boltQuantiles(architecture, parseBoltConfig(json, where));
    case 'moirai':
      return moiraiLikelihood(architecture, parseMoiraiConfig(json, where));
    case 'timer':
      return tokenSquares(architecture, parseTimerConfig(json, where));
    case 'timesfm-1':
    case 'timesfm-2':
      return timesfm1And2Patches(parseTimesfm1And2Config(json, where));
    case 'timesfm-2.5':
      return timesfm25Patches(parseTimesfm25Config(json, where));
    default:
      return forecastSquares(architecture);
  }
}
