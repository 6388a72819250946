/** How a reference case becomes a test. */

import type { GoldenComparison } from '../golden.ts';

/** Declares one test, which reports its largest error. */
export type Declare = (name: string, compare: (comparison: GoldenComparison) => Promise<void>) => void;
