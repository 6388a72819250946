/** Servers that the page may not reach, or not yet: no byte arrives there, from the page and from every worker, with and without a host's headers. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { LabPage } from '../e2e/support/page.ts';
import { startPlainHost } from '../e2e/support/plainHost.ts';
import { ForeignServer } from './support/foreignServer.ts';

const dist = join(import.meta.dirname, '../../dist');
/** Every worker of the build, also those that a session rarely starts. */
const workerFiles = (): string[] =>
  readdirSync(join(dist, 'assets')).filter((name) => /^(.+\.)?worker-.*\.js$/.test(name));

let foreign: ForeignServer;

test.beforeEach(async () => {
  foreign = await ForeignServer.start();
});
test.afterEach(() => foreign.close());

/** A name that leads to this machine, and is none of those that are allowed. */
const hostOf = ({ port }: ForeignServer): string => `foreign.localhost:${port}`;

/** Asks a server in every way that a page or worker can; how each ended. Runs there. */
async function askInEveryWay(host: string): Promise<string[]> {
  const ended = async (what: string, work: () => unknown): Promise<string> => {
    try {
      await work();
      return `${what} was let out`;
    } catch {
      return `${what} was stopped`;
    }
  };
  const settled = (target: EventTarget): Promise<void> =>
    new Promise((resolve, reject) => {
      target.addEventListener('open', () => resolve());
      target.addEventListener('error', () => reject(new Error('stopped')));
    });
  return [
    await ended('fetch', () => fetch(`http://${host}/fetch`)),
    await ended('a request', () => fetch(new Request(`http://${host}/request`, { method: 'POST', body: 'quotes' }))),
    await ended('a socket', () => settled(new WebSocket(`ws://${host}/socket`))),
    await ended('a stream of events', () => settled(new EventSource(`http://${host}/events`))),
    await ended('XMLHttpRequest', () => {
      const request = new XMLHttpRequest();
      request.open('GET', `http://${host}/xhr`);
      request.send();
    }),
  ];
}

/** Asks past what the code checks: a worker made on the spot, and an import. Only the policy is left to stop them. */
async function askPastTheCode(host: string): Promise<string[]> {
  const text = `fetch('http://${host}/past').then(() => postMessage('was let out'), () => postMessage('was stopped'))`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  const said = await new Promise<string>((resolve) => {
    worker.onmessage = ({ data }) => resolve(String(data));
    worker.onerror = () => resolve('was stopped');
  });
  worker.terminate();
  const imported = await import(/* @vite-ignore */ `http://${host}/script.js`).then(
    () => 'was let out',
    () => 'was stopped',
  );
  return [`a worker made on the spot ${said}`, `an import ${imported}`];
}

type Probe = (host: string) => Promise<string[]>;

/** Has a probe done in a page or worker. */
function asking(place: Page | Worker): (probe: Probe, host: string) => Promise<string[]> {
  return (probe, host) => ('goto' in place ? place.evaluate(probe, host) : place.evaluate(probe, host));
}

async function startWorkers(page: Page): Promise<Worker[]> {
  const names = workerFiles();
  expect(names.length).toBeGreaterThan(8);
  await page.evaluate((files) => {
    const held = files.map((file) => new Worker(`./assets/${file}`, { type: 'module' }));
    Object.assign(globalThis, { held });
  }, names);
  const ofName = (name: string) => page.workers().find((worker) => worker.url().endsWith(name));
  await expect.poll(() => names.every((name) => ofName(name))).toBe(true);
  return names.map((name) => ofName(name)!);
}

test('no byte reaches a server that is not in the list, from the page and from every worker', async ({ page }) => {
  const host = hostOf(foreign);
  // Such a name leads there, for who is free to ask.
  const control = await ForeignServer.start();
  await page.goto(`http://${hostOf(control)}/`);
  expect(control.requests[0]).toContain('GET /');
  await control.close();
  await page.goto('/#learn');
  for (const ask of [asking(page), ...(await startWorkers(page)).map(asking)]) {
    const outcomes = [...(await ask(askInEveryWay, host)), ...(await ask(askPastTheCode, host))];
    expect(outcomes.filter((outcome) => !outcome.endsWith('was stopped'))).toEqual([]);
  }
  expect(foreign.connections).toBe(0);
});

test('nor where the host sends no headers, when the page is opened for the first time', async ({ page }) => {
  const plain = await startPlainHost(dist);
  try {
    await page.goto(`${plain.base}/#learn`);
    for (const ask of [asking(page), ...(await startWorkers(page)).map(asking)]) {
      const outcomes = await ask(askInEveryWay, hostOf(foreign));
      expect(outcomes.filter((outcome) => !outcome.endsWith('was stopped'))).toEqual([]);
    }
    expect(foreign.connections).toBe(0);
  } finally {
    await plain.close();
  }
});

test('a link that names such servers is told so, and the official ones are used', async ({ page }) => {
  const host = hostOf(foreign);
  const asked: string[] = [];
  await page.context().route('https://huggingface.co/**', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ status: 404 });
  });
  const lab = new LabPage(page);
  await lab.open(`?hub=http://${host}/models&samples=http://${host}&stream=ws://${host}`);
  for (const [section, fold] of [
    ['data', 'Try a public sample'],
    ['data', 'Record live quotes'],
    ['model', 'From a model hub'],
  ] as const) {
    await lab.section(section).getByText(fold).click();
  }
  await expect(page.getByTestId('server-refused')).toHaveCount(3);
  await expect(lab.section('model').getByTestId('server-refused')).toContainText(`http://${host}/models`);
  await page.getByLabel('Repository').fill('amazon/chronos-bolt-tiny');
  await page.getByRole('button', { name: 'Look up' }).click();
  await expect(lab.section('model').getByRole('alert')).toContainText('The hub has no amazon/chronos-bolt-tiny');
  expect(asked).toHaveLength(1);
  expect(foreign.connections).toBe(0);
});

test('another hub that may be asked is asked after a click that names host and path, and gets no token', async ({
  page,
}) => {
  const address = `http://127.0.0.1:${foreign.port}/hubs/of?mine`;
  const lab = new LabPage(page);
  await lab.open(`?hub=${encodeURIComponent(address)}`);
  const model = lab.section('model');
  await model.getByText('From a model hub').click();
  await expect(model.getByRole('group', { name: 'Another server' })).toContainText(address);
  await expect(page.getByLabel('Repository')).toHaveCount(0);
  expect(foreign.connections).toBe(0);
  await page.getByRole('button', { name: `Use ${address}` }).click();
  await page.getByLabel('Repository').fill('lab/small');
  await page.getByRole('button', { name: 'Look up' }).click();
  await expect(model.getByRole('alert')).toContainText('The hub has no lab/small');
  expect(foreign.requests).toEqual([expect.stringMatching(/^GET \/hubs\/of.*no token$/)]);
  await expect(page.getByLabel('Access token')).toHaveCount(0);
});

test('every answer of the server carries the policy, for workers too, and may not be framed', async ({
  page,
  request,
}) => {
  for (const path of ['', 'study.html', ...workerFiles().map((name) => `assets/${name}`)]) {
    const headers = (await request.get(`/${path}`)).headers();
    expect(headers['content-security-policy'], path).toMatch(/connect-src 'self' https:.*; frame-ancestors 'none'/);
  }
  expect((await request.get('/assets/absent.js')).status()).toBe(404);
  // What the page is made of lies beside it.
  const bill = await (await request.get('/sbom.cdx.json')).json();
  expect(bill.bomFormat).toBe('CycloneDX');
  expect(bill.components.map(({ name }: { name: string }) => name)).toContain('onnxruntime-web');
  expect(await (await request.get('/THIRD-PARTY-NOTICES.txt')).text()).toContain('onnxruntime-web');
  await page.goto('/#learn');
  const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const header = (await request.get('/')).headers()['content-security-policy'];
  expect(header).toBe(`${meta}; frame-ancestors 'none'`);
});
