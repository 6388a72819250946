/**
 * `npm run bench:peers`: installs what benchmarks compare with (PyTorch and the official classes in a Python environment, numba in
 * another, onnxruntime-node) below `$PML_BENCH_PEERS`, by default `~/.cache/pml-lab-bench`. Nothing of the program needs them.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const peersFolder = process.env.PML_BENCH_PEERS ?? join(homedir(), '.cache/pml-lab-bench');
export const peerPython = join(peersFolder, 'python/bin/python');
/** Apart from PyTorch's, whose NumPy may be another one. */
export const strategyPython = join(peersFolder, 'strategy/bin/python');
export const peerModules = join(peersFolder, 'node/node_modules');

const torch = 'torch==2.13.0';
/** Each is installed by itself: one that does not fit is left out, and its family has no peer. */
const officialPackages = ['chronos-forecasting==2.3.2', 'granite-tsfm==0.3.11'];
const strategyPackages = ['numpy==2.2.6', 'numba==0.61.2'];
const nodePackage = 'onnxruntime-node@1.30.0';

if (import.meta.filename === process.argv[1]) install();

function install(): void {
  mkdirSync(join(peersFolder, 'node'), { recursive: true });
  if (!existsSync(peerPython)) run('python3', ['-m', 'venv', join(peersFolder, 'python')]);
  for (const name of [torch, ...officialPackages]) {
    try {
      run(peerPython, ['-m', 'pip', 'install', '--quiet', name]);
    } catch {
      console.error(`${name} could not be installed; what it would be compared with has no peer.`);
    }
  }
  if (!existsSync(strategyPython)) run('python3', ['-m', 'venv', join(peersFolder, 'strategy')]);
  run(strategyPython, ['-m', 'pip', 'install', '--quiet', ...strategyPackages]);
  writeFileSync(join(peersFolder, 'node/package.json'), '{ "private": true }\n');
  run('npm', ['install', '--ignore-scripts', '--prefix', join(peersFolder, 'node'), nodePackage]);
}

function run(command: string, options: readonly string[]): void {
  console.log(`> ${command} ${options.join(' ')}`);
  execFileSync(command, options, { stdio: ['ignore', 'inherit', 'inherit'] });
}
