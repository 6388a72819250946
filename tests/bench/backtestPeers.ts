/** Runs the backtest benchmark's Python peers, where they are installed (`npm run bench:peers`). */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strategyPython } from '../../scripts/benchPeers.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import type { Market } from '../../src/strategy/types.ts';

export type BacktestPeer = 'numba' | 'numba-parallel' | 'numpy';

export interface PeerBacktests {
  /** [C, V, S] */
  readonly periodReturns: Float64Array;
  readonly seconds: number;
  readonly threads: number;
}

/** The configurations share all but thresholds, stops, takes and holds. Undefined where the peer is not installed. */
export function peerBacktests(
  peer: BacktestPeer,
  market: Market,
  predictions: Float64Array,
  configs: readonly StrategyConfig[],
  repeats: number,
): PeerBacktests | undefined {
  if (!existsSync(strategyPython)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pml-peer-'));
  const file = (name: string, values: Float64Array | Int32Array): string => {
    const path = join(folder, name);
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return path;
  };
  try {
    const first = configs[0]!;
    const out = join(folder, 'out');
    const request = {
      peer,
      repeats,
      out,
      bid: file('bid', market.bid),
      ask: file('ask', market.ask),
      starts: file('starts', market.sessionStarts),
      predictions: file('predictions', predictions),
      rules: configs.map((c) => [c.thresholdBps, c.stopLossBps, c.takeProfitBps, c.maxHoldTicks]),
      latency: first.latencyTicks,
      feeBps: first.feeBps,
      short: first.allowShort,
      reverse: first.exitOnReverse,
    };
    const output = execFileSync(strategyPython, [join(import.meta.dirname, 'backtestPeer.py')], {
      input: JSON.stringify(request),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const answer = JSON.parse(output.toString()) as { seconds: number; threads: number };
    const bytes = readFileSync(out);
    return { ...answer, periodReturns: new Float64Array(new Uint8Array(bytes).buffer) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
