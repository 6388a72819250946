/** How the page is built and served. `sharedOptions` is what the browser tests need as well. */

import type { UserConfig } from 'vite';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { offlineBuild, SERVICE_WORKER } from './scripts/offlineBuild.ts';

/** Without these two headers there are no SharedArrayBuffers, and so no WASM threads. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export const sharedOptions = {
  resolve: {
    // The first condition keeps onnxruntime-web's wasm files outside its bundle: threads hang in a worker otherwise.
    conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es' },
} satisfies UserConfig;

export default defineConfig({
  ...sharedOptions,
  base: './',
  plugins: [solid(), offlineBuild()],
  build: {
    target: 'esnext',
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      // `study.html` is what `npm run study` drives.
      input: { index: 'index.html', study: 'study.html', offline: 'workers/offline/worker.ts' },
      // A service worker's scope is its folder, and its address must never change.
      output: { entryFileNames: ({ name }) => (name === 'offline' ? SERVICE_WORKER : 'assets/[name]-[hash].js') },
    },
  },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
});
