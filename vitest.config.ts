/** Test projects: `unit`, `golden`, `faults` and `firefox` run in node (the last drives a Firefox), `browser` and `golden-browser` in a headless Chromium with WebGPU. */

import { playwright } from '@vitest/browser-playwright';
import solid from 'vite-plugin-solid';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { chromiumFlags, findChromium } from './scripts/chromium.ts';
import { isolationHeaders } from './scripts/contentSecurity.ts';
import { serveShared } from './scripts/serveShared.ts';
import { sharedOptions } from './vite.config.ts';

function nodeProject(name: string, include: string[]): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include,
      environment: 'node',
      // Cases of whole markets run beside a software GPU.
      testTimeout: name === 'golden' ? 240_000 : 120_000,
      // TensorFlow.js's files are modules, but its packages do not say so: node alone cannot import its gradients.
      server: { deps: { inline: [/@tensorflow/] } },
    },
  };
}

/** Solid as browsers have it: the state of the page is reactive in node too. */
const reactive = [
  { find: /^solid-js$/, replacement: 'solid-js/dist/solid.js' },
  { find: /^solid-js\/store$/, replacement: 'solid-js/store/dist/store.js' },
];

function browserProject(name: string, include: string[], exclude: string[] = []): TestProjectInlineConfiguration {
  const executablePath = findChromium();
  return {
    ...sharedOptions,
    plugins: [solid(), serveShared()],
    server: { headers: isolationHeaders },
    // Named beforehand: a dependency discovered during a run reloads the page in the middle of a test.
    optimizeDeps: {
      ...sharedOptions.optimizeDeps,
      include: ['comlink', 'fflate', 'solid-js', 'solid-js/web', 'uplot', 'valibot'],
    },
    test: {
      name,
      include,
      exclude,
      // The first run of a graph on the software adapter compiles its shaders: up to 20 s.
      testTimeout: 180_000,
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        provider: playwright({
          launchOptions: { args: [...chromiumFlags], ...(executablePath === undefined ? {} : { executablePath }) },
        }),
      },
    },
  };
}

export default defineConfig({
  test: {
    // Fast-check and golden cases are deterministic; a slow machine is the only reason to wait longer than vitest's default.
    projects: [
      nodeProject('unit', ['tests/unit/**/*.test.ts']),
      nodeProject('golden', ['tests/golden/**/*.test.ts']),
      { ...nodeProject('faults', ['tests/faults/**/*.test.ts']), resolve: { alias: reactive } },
      nodeProject('firefox', ['tests/firefox/**/*.test.ts']),
      browserProject('browser', ['tests/browser/**/*.test.{ts,tsx}'], ['tests/browser/golden*']),
      browserProject('golden-browser', ['tests/browser/golden*.test.ts']),
    ],
  },
});
