/**
 * Writes `docs/calibration.md` and the figures the page shows:
 * `npm run calibrate -- [--studies N] [--power-studies N] [--replicates B] [--seed S] [--out FILE] [--data FILE]`.
 * The same numbers come out of the same arguments on every machine.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Calibration,
  type CalibrationSettings,
  calibrate,
  DEFAULT_INTERVAL,
} from '../src/analysis/calibration/calibration.ts';
import {
  type CalibrationReport,
  COVERAGE_GOAL,
  coverageRange,
  GOAL_DAYS,
} from '../src/analysis/calibration/calibrationReport.ts';
import type { PlantedSettings } from '../src/risk/lines/planted.ts';

const { values: options } = parseArgs({
  options: {
    studies: { type: 'string', default: '1000' },
    'power-studies': { type: 'string', default: '200' },
    replicates: { type: 'string', default: '499' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'docs/calibration.md' },
    data: { type: 'string', default: 'src/analysis/calibration/calibration.json' },
  },
});

const base: Omit<PlantedSettings, 'seed'> = {
  configurations: 30,
  variants: 8,
  days: 60,
  sharpePerDay: 0.15,
  riskFreePerPeriod: 0.05 / 252,
  sigmaAleatory: { min: 0.005, max: 0.02 },
  sigmaEpistemic: { min: 0.003, max: 0.012 },
  commonShare: 0.5,
  autocorrelation: 0,
};
const settings: CalibrationSettings = {
  studies: Number(options.studies),
  replicates: Number(options.replicates),
  confidence: 0.95,
  seed: Number(options.seed),
  rivalSharpePerDay: 0,
};
const DAYS = [20, 60, 120, 250];
const shapes = [
  { title: 'Every configuration on its own (ρ = 0, φ = 0)', commonShare: 0, autocorrelation: 0 },
  { title: 'Common shocks (ρ = 0.5, φ = 0)', commonShare: 0.5, autocorrelation: 0 },
  { title: 'Common shocks that last (ρ = 0.5, φ = 0.3)', commonShare: 0.5, autocorrelation: 0.3 },
];
/** One thing changed at a time, at 60 days with common shocks. */
const variations: readonly { readonly title: string; readonly change: Partial<typeof base> }[] = [
  { title: 'nothing', change: {} },
  { title: 'K = 2', change: { variants: 2 } },
  { title: 'K = 32', change: { variants: 32 } },
  { title: 'C = 10', change: { configurations: 10 } },
  { title: 'C = 100', change: { configurations: 100 } },
  { title: 'σ_ale from 1.2 to 1.3 % only', change: { sigmaAleatory: { min: 0.012, max: 0.013 } } },
  { title: 'σ_epi three times as large', change: { sigmaEpistemic: { min: 0.009, max: 0.036 } } },
];
const sharpes = [0, 0.1, 0.2, 0.3];

const sections: string[] = [];
const coverages: CalibrationReport['shapes'][number][] = [];
for (const { title, ...shape } of shapes) {
  const results: Calibration[] = [];
  for (const days of DAYS) results.push(await measure({ ...base, ...shape, days }, settings));
  coverages.push({
    title,
    intervals: results[0]!.intervals.map(({ name }, i) => ({
      name,
      coverage: results.map(({ intervals }) => intervals[i]!.coverage),
    })),
  });
  sections.push(`### ${title}`, coverageTable(results), errorTable(results));
}
const varied: string[][] = [];
const changed: CalibrationReport['varied'][number][] = [];
for (const { title, change } of variations) {
  const result = await measure({ ...base, ...change }, settings);
  const [line, free] = result.estimators;
  const through = result.intervals.find(({ name }) => name === 'through r_f, circular days, studentT')!;
  const covered = [percent(defaultOf(result).coverage), percent(through.coverage)];
  const exclusions = [share(defaultOf(result).excludesZero), share(result.difference.excludesZero)];
  changed.push({ title, ...foundBy(result) });
  varied.push([
    title,
    signed(line!.bias),
    number(line!.rootMeanSquareError),
    signed(free!.bias),
    ...covered,
    ...exclusions,
  ]);
}
const power: string[][] = [];
const powers: CalibrationReport['power'][number][] = [];
for (const sharpePerDay of sharpes) {
  for (const days of DAYS) {
    const studies = Number(options['power-studies']);
    const result = await measure({ ...base, sharpePerDay, days }, { ...settings, studies });
    powers.push({ sharpePerDay, days, ...foundBy(result) });
    const annual = (sharpePerDay * Math.sqrt(252)).toFixed(1);
    const shares = [share(defaultOf(result).excludesZero), share(result.difference.excludesZero)];
    power.push([`${sharpePerDay} (${annual} a year)`, `${days}`, ...shares, percent(result.difference.coverage)]);
  }
}
const found: CalibrationReport = {
  studies: settings.studies,
  powerStudies: Number(options['power-studies']),
  replicates: settings.replicates,
  seed: settings.seed,
  days: DAYS,
  defaultInterval: DEFAULT_INTERVAL,
  shapes: coverages,
  varied: changed,
  power: powers,
};
write(options.out, report());
write(options.data, `${JSON.stringify(found, null, 2)}\n`);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`${path} written`);
}

function foundBy(result: Calibration): { coverage: number; toldFromZero: number; toldApart: number } {
  const { coverage, excludesZero } = defaultOf(result);
  return { coverage, toldFromZero: excludesZero, toldApart: result.difference.excludesZero };
}

async function measure(planted: Omit<PlantedSettings, 'seed'>, how: CalibrationSettings): Promise<Calibration> {
  const started = performance.now();
  const result = await calibrate(planted, how);
  const { days, sharpePerDay, commonShare, autocorrelation, configurations, variants } = planted;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const what = `T ${days}, SR ${sharpePerDay}, ρ ${commonShare}, φ ${autocorrelation}, C ${configurations}, K ${variants}`;
  console.log(`${what}: default covers ${percent(defaultOf(result).coverage)} (${seconds} s)`);
  return result;
}

function defaultOf({ intervals }: Calibration): Calibration['intervals'][number] {
  return intervals.find(({ name }) => name === DEFAULT_INTERVAL)!;
}

/** The default and the analytic interval in one sentence, over all shapes of the coverage section. */
function verdict(): string {
  const among = { days: DAYS, shapes: coverages };
  const range = (name: string, ...days: number[]) => {
    const { low, high } = coverageRange(among, name, ...days);
    return `${share(low)} to ${share(high)}`;
  };
  return `From ${GOAL_DAYS} days on the default interval covers ${range(DEFAULT_INTERVAL)} in these tables, with fewer days ${range(DEFAULT_INTERVAL, 0, GOAL_DAYS)}: with few days it is wider than it has to be. The analytic interval covers ${range('least squares, analytic', 0)}: it knows nothing of shared days.`;
}

function coverageTable(results: readonly Calibration[]): string {
  const rows = results[0]!.intervals.map(({ name }, i) => [
    name === DEFAULT_INTERVAL ? `**${name}** (default)` : name,
    ...results.map((result) => percent(result.intervals[i]!.coverage)),
  ]);
  return table(['covers the planted slope', ...DAYS.map((days) => `T = ${days}`)], rows);
}

function errorTable(results: readonly Calibration[]): string {
  const rows = results[0]!.estimators.map(({ name }, i) => [
    name,
    ...results.map(({ estimators }) => {
      const { bias, rootMeanSquareError } = estimators[i]!;
      return `${signed(bias)}, ${number(rootMeanSquareError)}`;
    }),
  ]);
  return table(['bias, root-mean-square error', ...DAYS.map((days) => `T = ${days}`)], rows);
}

/** Coverage; in italics where it is not within 93–97 %. */
function percent(value: number): string {
  const text = share(value);
  return value >= COVERAGE_GOAL.low && value <= COVERAGE_GOAL.high ? text : `*${text}*`;
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`;
}

function number(value: number): string {
  return value.toFixed(3);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function report(): string {
  const { studies, replicates, seed } = settings;
  const command = `npm run calibrate -- --studies ${studies} --power-studies ${options['power-studies']} --replicates ${replicates} --seed ${seed}`;
  const error = (100 * Math.sqrt((0.95 * 0.05) / studies)).toFixed(1);
  return `${[
    '# Calibration of the market line',
    `Written by \`${command}\`; do not edit by hand.`,
    [
      'Returns are planted with a known foundation Sharpe ratio: r[c,k,t] = r_f + SR_θ·σ_ale[c] + σ_ale[c]·(√ρ·f[t] + √(1−ρ)·g[c,t])',
      '+ σ_epi[c]·(√ρ·h[k,t] + √(1−ρ)·e[c,k,t]) with normal shocks, f an AR(1) series with coefficient φ (`src/risk/lines/planted.ts`).',
      `Unless said otherwise: C = ${base.configurations} configurations, K = ${base.variants} variants, SR_θ = ${base.sharpePerDay} a day, σ_ale 0.5 to 2 % and σ_epi 0.3 to 1.2 % a day (uniform), r_f 5 % a year.`,
      `Each cell is ${studies} studies with ${replicates} bootstrap replicates; slopes are per day, on aleatory risk; intervals are nominal 95 %.`,
      `The Monte-Carlo standard error of a coverage near 95 % is ${error} points. In italics: coverage outside 93 to 97 %.`,
    ].join('\n'),
    'Days are drawn in blocks of the automatic length (`src/risk/resampling/bootstrap.ts`). Heavy tails and changing volatility are not planted here.',
    '## Coverage and error',
    verdict(),
    ...sections,
    '## What C, K and the risks change (T = 60, ρ = 0.5, φ = 0)',
    'The last two columns are power, as in the next section. Bias of least squares comes from σ, which is measured: noise of σ flattens the line, most where configurations hardly differ in risk; the plug-in split adds σ_epi²/K to σ_ale².',
    table(
      [
        'changed',
        'bias of least squares',
        'its RMS error',
        'bias through r_f',
        'default covers',
        'through r_f covers',
        'told from zero',
        'two models told apart',
      ],
      varied,
    ),
    '## Power: how many days are needed (ρ = 0.5, φ = 0)',
    `Share of ${options['power-studies']} studies in which the default interval excludes zero (where the planted slope is zero: false alarms), and in which the interval of the difference from a second model with slope zero on the same market does.`,
    table(['planted SR_θ a day', 'days', 'told from zero', 'two models told apart', 'difference covered'], power),
  ].join('\n\n')}\n`;
}
