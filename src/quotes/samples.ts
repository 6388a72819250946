/** Public quote files that anyone can try at once: where they lie, how large they are, and what they must contain to the byte. */

export interface SampleFile {
  /** Path within the repository. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A public repository at one commit: its files never change. */
export interface SampleSource {
  readonly repository: string;
  readonly commit: string;
  /** SPDX name of the repository's licence; the quotes stay their makers' property. */
  readonly licence: string;
}

export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: SampleSource;
  readonly files: readonly SampleFile[];
}

/** Serves the files of public repositories to any page. */
export const SAMPLES_ADDRESS = 'https://raw.githubusercontent.com';

const lean: SampleSource = {
  repository: 'QuantConnect/Lean',
  commit: '24863901deffa9ec7985e21ef8fbdb0258efb9e4',
  licence: 'Apache-2.0',
};
const hftbacktest: SampleSource = {
  repository: 'nkaz001/hftbacktest',
  commit: '5f3ec40b2afb764e0fea112f941ed85523ef4e88',
  licence: 'MIT',
};

const spySeconds: readonly SampleFile[] = [
  {
    path: 'Data/equity/usa/second/spy/20131007_quote.zip',
    bytes: 235174,
    sha256: '99a3f09e38770da9b595b25093f5b76e2eea726e65776b6cae5c8d1fadd297ef',
  },
  {
    path: 'Data/equity/usa/second/spy/20131008_quote.zip',
    bytes: 276761,
    sha256: '45d574cdc684b3d409a30267c4bbc811cb60f934b67935c729e68556184540a0',
  },
  {
    path: 'Data/equity/usa/second/spy/20131009_quote.zip',
    bytes: 268458,
    sha256: '18f623e262b6b7f38ae56d93d66cac9ffe78f5effdb236a3ec81efd8b31eada5',
  },
  {
    path: 'Data/equity/usa/second/spy/20131010_quote.zip',
    bytes: 273487,
    sha256: 'c0f32391738c5c00b1d2a7351271df99c91870d853df3e0d9c1af844c334d489',
  },
];
const aigSeconds: readonly SampleFile[] = [
  {
    path: 'Data/equity/usa/second/aig/20131007_quote.zip',
    bytes: 124003,
    sha256: '6073875db7e424ae5b236293359aed84ad557277731f7d0f5f31f29c00221830',
  },
  {
    path: 'Data/equity/usa/second/aig/20131008_quote.zip',
    bytes: 132387,
    sha256: '710774228c860f4c872c411df0eb5aef4ca2eea268dd670f8b510b669c026271',
  },
  {
    path: 'Data/equity/usa/second/aig/20131009_quote.zip',
    bytes: 143496,
    sha256: '84fe2dbbe930dbfe23c0d2de96e74d7182b4c4cc03463742710ee584f3ae3d04',
  },
  {
    path: 'Data/equity/usa/second/aig/20131010_quote.zip',
    bytes: 132273,
    sha256: '04b1bb41c05ef796a87f83ec93df145e8a70a12e657f18762a8df74c5a9d6a1d',
  },
  {
    path: 'Data/equity/usa/second/aig/20131011_quote.zip',
    bytes: 116782,
    sha256: 'f1ecb40d2e0ce57e11b60b9e240c73e36737f595dbf0ec0871748a6375bbc258',
  },
];
const bacSeconds: readonly SampleFile[] = [
  {
    path: 'Data/equity/usa/second/bac/20131007_quote.zip',
    bytes: 125675,
    sha256: '417298b277748a847bd4bd1caa505d2eac945e2f9c720b586840078220691f39',
  },
  {
    path: 'Data/equity/usa/second/bac/20131008_quote.zip',
    bytes: 136565,
    sha256: 'e6919401153e834b6da79bdd5ea0abdde2f557dcf71eeddd9213e333c5a529f5',
  },
  {
    path: 'Data/equity/usa/second/bac/20131009_quote.zip',
    bytes: 143054,
    sha256: '45882c5b5722fbd410db5911e5e43e97476ceeb5534c1384bdcb08105cca29f6',
  },
  {
    path: 'Data/equity/usa/second/bac/20131010_quote.zip',
    bytes: 153027,
    sha256: '18e30e58e7fcf8079b3963bf9b25310fff1055cf43b1797789a80770e1fee5f6',
  },
];

export const samples: readonly Sample[] = [
  {
    id: 'spy-second',
    title: 'SPY, 1 s',
    description: 'The S&P 500 fund, four days of October 2013, second by second, pre- and post-market included.',
    source: lean,
    files: spySeconds,
  },
  {
    id: 'stocks-second',
    title: 'SPY, AIG and BAC, 1 s',
    description: 'The fund and two banks over the same week: enough to see common and own risk.',
    source: lean,
    files: [...spySeconds, ...aigSeconds, ...bacSeconds],
  },
  {
    id: 'bac-tick',
    title: 'BAC, every change',
    description: 'Two days of every change of the best bid or offer of Bank of America.',
    source: lean,
    files: [
      {
        path: 'Data/equity/usa/tick/bac/20131007_quote.zip',
        bytes: 1355858,
        sha256: '33d674a63b6a6ed22e77852173486df5971dad613438544b6084119b03aa0bd4',
      },
      {
        path: 'Data/equity/usa/tick/bac/20131008_quote.zip',
        bytes: 1648210,
        sha256: 'e6cdad042cd6a7120dd76ca28a9390844e84d39386d7732fa84d509cc73e5563',
      },
    ],
  },
  {
    id: 'eurusd-tick',
    title: 'EUR/USD, ticks',
    description: 'Three days of May 2014 with a weekend between them.',
    source: lean,
    files: [
      {
        path: 'Data/forex/oanda/tick/eurusd/20140501_quote.zip',
        bytes: 138833,
        sha256: 'c918f97becd3504f1d4ce754fd09fa53e1ace961d2d1ae44d3f3305b990aa44f',
      },
      {
        path: 'Data/forex/oanda/tick/eurusd/20140502_quote.zip',
        bytes: 276012,
        sha256: '4e1ca220ef69d2337bd62b2a32f556ef6771085924b33a07ce5499ce9d13cb8f',
      },
      {
        path: 'Data/forex/oanda/tick/eurusd/20140504_quote.zip',
        bytes: 7380,
        sha256: 'a5fc23fcdcd50a85c86d1ddd17a5823e676b6c6752566dcfff4eb5926a5bf6f8',
      },
    ],
  },
  {
    id: 'eurusd-daily',
    title: 'EUR/USD, 1 day',
    description: 'More than ten years of daily bars.',
    source: lean,
    files: [
      {
        path: 'Data/forex/oanda/daily/eurusd.zip',
        bytes: 92610,
        sha256: '8d1b60bd5a2a6f5dee020f09ac658bb83a6b9ab5e43cc83a31202a0da3e13d7e',
      },
    ],
  },
  {
    id: 'btcusdt-log',
    title: 'BTC/USDT, raw log',
    description: 'Eleven minutes of Binance spot in August 2024, message by message.',
    source: hftbacktest,
    files: [
      {
        path: 'examples/spot/btcusdt_20240808.gz',
        bytes: 1274097,
        sha256: '5d263f4c5379cfc27379ef0e22779aa33804463d1b69c292e9c0714e31f2e1b4',
      },
      {
        path: 'examples/spot/btcusdt_20240809.gz',
        bytes: 1754087,
        sha256: '2981a27474b8903133cc66e25f4da561140dd061c942b84801b9d8c60e4b3599',
      },
    ],
  },
];

/** Where a sample's file is fetched from, below `address`. */
export function sampleUrl(address: string, { repository, commit }: SampleSource, path: string): string {
  return `${address.replace(/\/+$/, '')}/${repository}/${commit}/${path}`;
}

export function sampleBytes({ files }: Sample): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
