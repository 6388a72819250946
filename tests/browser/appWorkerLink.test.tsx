import { proxy } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { abortable } from '../../workers/link/abortable.ts';
import { WorkerLink } from '../../workers/link/workerLink.ts';
import type { FixtureService } from './appFixture.worker.ts';

const links: WorkerLink<FixtureService>[] = [];

function newLink(silenceLimitMs = 60_000): WorkerLink<FixtureService> {
  const spawn = () => new Worker(new URL('./appFixture.worker.ts', import.meta.url), { type: 'module' });
  const link = new WorkerLink<FixtureService>(spawn, { purpose: 'tests', silenceLimitMs });
  links.push(link);
  return link;
}

afterEach(() => {
  for (const link of links.splice(0)) link.stop();
});

test('a call is answered', async () => {
  expect(await newLink().call((service) => service.double(21))).toBe(42);
});

test('a problem thrown in the worker arrives with its code and hint', async () => {
  const caught = await newLink()
    .call((service) => service.problem())
    .catch((error: unknown) => error);
  expect(caught).toBeInstanceOf(UserError);
  expect((caught as UserError).problem).toEqual({
    code: 'fixture/wrong',
    message: 'The value is wrong.',
    hint: 'Use another.',
    where: 'value',
  });
});

test('a worker that ends without a word is told within seconds, however long it may be silent', async () => {
  const link = newLink(600_000);
  await link.call((service) => service.double(1));
  const startMs = performance.now();
  await expect(link.call((service) => service.closeItself())).rejects.toMatchObject({
    problem: { code: 'worker/failed', message: expect.stringContaining('ended without a word') },
  });
  expect(performance.now() - startMs).toBeLessThan(5000);
  expect(await link.call((service) => service.double(4))).toBe(8);
});

test('an abort settles the call at once and reaches the worker', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const seen = vi.fn();
  const call = abortable(
    newLink().call((service) => service.waitForAbort(signal, proxy(seen))),
    signal,
  );
  setTimeout(() => controller.abort(), 300);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => seen.mock.calls.length).toBe(1);
});

test('a crash rejects every pending call with a clear sentence, and the next call gets a fresh worker', async () => {
  const link = newLink();
  await link.call((service) => service.double(1));
  const pending = [link.call((service) => service.crash()), link.call((service) => service.crash())];
  const outcomes = await Promise.allSettled(pending);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { problem: { code: 'worker/failed' } } });
  }
  expect(link.generation).toBeUndefined();
  expect(await link.call((service) => service.double(4))).toBe(8);
  expect(link.generation).toBe(2);
});

test('a worker that stops answering is given up and replaced', async () => {
  const link = newLink(1_000);
  await expect(link.call((service) => service.spin())).rejects.toMatchObject({ problem: { code: 'worker/silent' } });
  expect(await link.call((service) => service.double(5))).toBe(10);
});

test('a worker whose script cannot be loaded is a clear problem, not a hang', async () => {
  const link = new WorkerLink<FixtureService>(() => new Worker('/no/such/worker.js', { type: 'module' }), {
    purpose: 'tests',
    silenceLimitMs: 60_000,
  });
  await expect(link.call((service) => service.double(1))).rejects.toMatchObject({ problem: { code: 'worker/failed' } });
});
