/** The browser the tests run in has what the page counts on; without this every other failure there is a riddle. */

import { expect, test } from 'vitest';

test('the test page is cross-origin isolated, so that WASM can use threads', () => {
  expect(crossOriginIsolated).toBe(true);
  expect(typeof SharedArrayBuffer).toBe('function');
});

test('the test browser has a WebGPU adapter', async () => {
  expect(await navigator.gpu.requestAdapter()).not.toBeNull();
});

test('reference folders are listed and their files served', async () => {
  const missing = await fetch('/@shared/no/such/file');
  expect(missing.status).toBe(404);
  const root = await fetch('/@shared/');
  if (root.status === 404) return;
  expect(await root.json()).toContain('golden/');
});
