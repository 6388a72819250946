/** Hosts the resampling behind intervals, comparisons and tests, so that the page stays free; nothing is kept between two calls. */

import '../link/guard.ts';
import { compareRuns } from '../../src/analysis/comparison.ts';
import { analyseRun } from '../../src/analysis/runAnalysis.ts';
import { intervalsOf } from '../../src/marketLine/slopeIntervals.ts';
import { exposeService } from '../link/expose.ts';

const service = { intervalsOf, analyseRun, compareRuns };

export type RiskService = typeof service;

exposeService(service);
