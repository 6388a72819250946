/** Hosts the resampling behind intervals, comparisons and tests, so that the page stays free; nothing is kept between two calls. */

import './guard.ts';
import { compareRuns } from '../src/studies/comparison.ts';
import { analyseRun } from '../src/studies/runAnalysis.ts';
import { intervalsOf } from '../src/studies/slopeIntervals.ts';
import { exposeService } from './wire.ts';

const service = { intervalsOf, analyseRun, compareRuns };

export type RiskService = typeof service;

exposeService(service);
