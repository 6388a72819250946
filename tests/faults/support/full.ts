/** Whether faults are provoked for hours (`npm run test:faults -- --full`) instead of minutes. */
export const full = process.env.PML_FAULTS_FULL === '1';

/** A count of repetitions: the first in the short suite, the second with `--full`. */
export function often(short: number, long: number): number {
  return full ? long : short;
}
