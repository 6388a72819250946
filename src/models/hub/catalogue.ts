/**
 * Official checkpoints that can be picked from a list. Facts are those of the official repositories and papers, counted or
 * read; what could not be verified is left out, and the hub's own answer (size, licence) takes precedence when one is looked up.
 */

export interface CatalogueEntry {
  /** `owner/name`, with `@revision` where it is not the main one. */
  readonly repository: string;
  readonly title: string;
  /** Counted from the official class. */
  readonly parameters: number;
  /** Values; absent where a model reads any number. */
  readonly contextLength?: number;
  /** Steps of one pass; absent where a model predicts any number. */
  readonly horizon?: number;
  readonly paper: string;
  readonly licence?: string;
  /** Month of release, `YYYY-MM`. */
  readonly released?: string;
  /** Last month of the data it was trained on, `YYYY-MM`; absent where none is published. */
  readonly trainedUntil?: string;
}

const chronosPaper = 'arXiv:2403.07815';
const timesfmPaper = 'arXiv:2310.10688';

export const catalogue: readonly CatalogueEntry[] = [
  ...(
    [
      ['tiny', 8_650_000],
      ['mini', 21_240_000],
      ['small', 47_720_000],
      ['base', 205_290_000],
    ] as const
  ).map(
    ([size, parameters]): CatalogueEntry => ({
      repository: `amazon/chronos-bolt-${size}`,
      title: `Chronos-Bolt ${size}`,
      parameters,
      contextLength: 2048,
      horizon: 64,
      paper: chronosPaper,
      licence: 'apache-2.0',
      released: '2024-11',
    }),
  ),
  ...(
    [
      ['tiny', 8_390_000],
      ['mini', 20_460_000],
      ['small', 46_150_000],
      ['base', 201_400_000],
      ['large', 709_000_000],
    ] as const
  ).map(
    ([size, parameters]): CatalogueEntry => ({
      repository: `amazon/chronos-t5-${size}`,
      title: `Chronos-T5 ${size}`,
      parameters,
      contextLength: 512,
      horizon: 64,
      paper: chronosPaper,
      licence: 'apache-2.0',
      released: '2024-03',
    }),
  ),
  {
    repository: 'google/timesfm-1.0-200m-pytorch',
    title: 'TimesFM 1.0',
    parameters: 203_570_000,
    contextLength: 512,
    horizon: 128,
    paper: timesfmPaper,
    released: '2024-05',
  },
  {
    repository: 'google/timesfm-2.0-500m-pytorch',
    title: 'TimesFM 2.0',
    parameters: 498_830_000,
    contextLength: 2048,
    horizon: 128,
    paper: timesfmPaper,
    released: '2024-12',
  },
  {
    repository: 'google/timesfm-2.5-200m-pytorch',
    title: 'TimesFM 2.5',
    parameters: 231_290_000,
    contextLength: 1024,
    horizon: 128,
    paper: timesfmPaper,
  },
  ...(
    [
      ['small', 13_827_528],
      ['base', 91_357_728],
      ['large', 310_970_624],
    ] as const
  ).flatMap(([size, parameters]) =>
    ['1.0', '1.1'].map(
      (version): CatalogueEntry => ({
        repository: `Salesforce/moirai-${version}-R-${size}`,
        title: `Moirai ${version} ${size}`,
        parameters,
        contextLength: 512,
        horizon: 64,
        paper: 'arXiv:2402.02592',
      }),
    ),
  ),
  {
    repository: 'thuml/timer-base-84m',
    title: 'Timer',
    parameters: 84_142_080,
    contextLength: 2880,
    horizon: 96,
    paper: 'arXiv:2402.02368',
  },
  {
    repository: 'ibm-granite/granite-timeseries-ttm-r1@1024_96_v1',
    title: 'Tiny Time Mixers r1',
    parameters: 946_336,
    contextLength: 1024,
    horizon: 96,
    paper: 'arXiv:2401.03955',
  },
  {
    repository: 'ibm-granite/granite-timeseries-ttm-r2',
    title: 'Tiny Time Mixers r2',
    parameters: 805_280,
    contextLength: 512,
    horizon: 96,
    paper: 'arXiv:2401.03955',
  },
];
