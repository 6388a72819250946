/** The guided path, in order. */

import type { Lesson } from '../lesson.ts';
import { backtestLesson } from './backtest.tsx';
import { decayLesson } from './decay.tsx';
import { dropoutLesson } from './dropout.tsx';
import { forecastLesson } from './forecast.tsx';
import { frontierLesson } from './frontier.tsx';
import { limitsLesson } from './limits.tsx';
import { marketLineLesson } from './marketLine.tsx';
import { quoteLesson } from './quote.tsx';
import { rSquaredLesson } from './rSquared.tsx';
import { twoRisksLesson } from './twoRisks.tsx';

export const lessons: readonly Lesson[] = [
  quoteLesson,
  forecastLesson,
  backtestLesson,
  frontierLesson,
  dropoutLesson,
  twoRisksLesson,
  marketLineLesson,
  rSquaredLesson,
  decayLesson,
  limitsLesson,
];
