/** How the page is built and served. `sharedOptions` is what the browser tests need as well. */

import type { UserConfig } from 'vite';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { answerHeaders, contentSecurity } from './scripts/contentSecurity.ts';
import { offlineBuild, SERVICE_WORKER } from './scripts/offlineBuild.ts';
import { thirdParty } from './scripts/thirdParty.ts';

/** `workers/hub/worker.ts` → `hub.worker-HASH.js`. */
function workerFileName({ facadeModuleId }: { readonly facadeModuleId?: string | null }): string {
  const [, folder = '', file = 'worker'] = /(\w+)\/([\w.]+)\.ts$/.exec(facadeModuleId ?? '') ?? [];
  return `assets/${file === 'worker' ? `${folder}.worker` : file}-[hash].js`;
}

export const sharedOptions = {
  resolve: {
    // The first condition keeps onnxruntime-web's wasm files outside its bundle: threads hang in a worker otherwise.
    conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: workerFileName } } },
} satisfies UserConfig;

export default defineConfig({
  ...sharedOptions,
  base: './',
  // A server that answers unknown addresses with the page has a missing script look like one.
  appType: 'mpa',
  plugins: [solid(), contentSecurity(), thirdParty(), offlineBuild()],
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
  server: { headers: answerHeaders() },
  preview: { headers: answerHeaders() },
});
