/** Model benchmarks on WebGPU: a Chromium, served by vite, runs `webgpuPass.ts`. */

import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import { freePort } from '../../scripts/freePort.ts';
import type { WebgpuPass } from './webgpuPass.ts';

const root = new URL('../..', import.meta.url).pathname;

/** Passes of a benchmark model; undefined where there is no Chromium. The flags choose a software adapter unless told otherwise. */
export async function passOnWebgpu(name: string, rows: number): Promise<WebgpuPass | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  const flags = process.env.PML_BENCH_GPU
    ? chromiumFlags.filter((flag) => !flag.includes('swiftshader'))
    : chromiumFlags;
  const server = await createServer({ root, logLevel: 'error', server: { port: await freePort() } });
  await server.listen();
  const browser = await chromium.launch({ executablePath, args: [...flags] });
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    return await page.evaluate(
      async ([path, model, count]) => {
        const module = (await import(/* @vite-ignore */ path)) as typeof import('./webgpuPass.ts');
        return module.webgpuPass(model, count);
      },
      ['/tests/bench/webgpuPass.ts', name, rows] as const,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}
