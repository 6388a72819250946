import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerHeaders } from '../../../scripts/contentSecurity.ts';
import { admitServer, checkAddress, officialServers, otherServers, standingOf } from '../../../src/core/hosts.ts';

const own = 'https://lab.example';

describe('the servers that may be asked', () => {
  test.each([
    ['https://huggingface.co/api/models/a/b', 'official'],
    ['https://cdn-lfs.hf.co/x', 'official'],
    ['wss://stream.binance.com:9443/stream', 'official'],
    ['http://localhost:8080', 'other'],
    ['ws://127.0.0.1:1', 'other'],
    ['http://huggingface.co', 'unknown'],
    ['https://huggingface.co:8443', 'unknown'],
    ['https://huggingface.co.evil.example', 'unknown'],
    ['https://evilhf.co', 'unknown'],
    ['https://huggingface.co@evil.example', 'unknown'],
    ['https://name:secret@huggingface.co', 'unknown'],
    ['https://evil.example/huggingface.co', 'unknown'],
    ['http://127.0.0.2:8080', 'unknown'],
    ['http://[::1]:8080', 'unknown'],
    ['javascript:alert(1)', 'unknown'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (address, standing) => {
    expect(standingOf(address)).toBe(standing);
  });

  test('are official for a purpose, not for any', () => {
    expect(standingOf('https://huggingface.co', 'models')).toBe('official');
    expect(standingOf('https://huggingface.co', 'samples')).toBe('unknown');
    expect(standingOf('https://raw.githubusercontent.com', 'models')).toBe('unknown');
  });

  test('besides the page’s own are refused with their address, but for those that were clicked on', () => {
    for (const address of ['/checkpoints/x', `${own}/y`, 'blob:https://lab.example/1', 'data:text/plain,x']) {
      expect(() => checkAddress(address, own)).not.toThrow();
    }
    for (const address of [
      'https://evil.example/?quotes=1',
      '//evil.example',
      'http://localhost:99/x',
      `https://a@lab.example/`,
    ]) {
      expect(() => checkAddress(address, own)).toThrow(/^This page may not reach .*, and did not\.$/);
    }
    expect(() => admitServer('https://evil.example', 'models')).toThrow('may not reach');
    admitServer('http://localhost:99/hub', 'models');
    expect(() => checkAddress('http://localhost:99/x', own)).not.toThrow();
    expect(() => checkAddress('http://localhost:98/x', own)).toThrow('may not reach');
  });
});

test('every worker and page checks its requests before anything else of it is loaded', () => {
  const root = new URL('../../../', import.meta.url);
  const workers = readdirSync(new URL('workers', root), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('worker.ts') && !name.startsWith('offline'),
  );
  expect(workers.length).toBeGreaterThan(8);
  const files = [...workers.map((name) => `workers/${name}`), 'src/app/main.tsx', 'src/app/headless/main.ts'];
  for (const file of files) {
    const [, first] = /^import (.*)$/m.exec(readFileSync(new URL(file, root), 'utf8')) ?? [];
    expect(first, file).toMatch(/^'.*\/guard\.ts';$/);
  }
});

test('the policy’s connect-src is the list, and the page’s own server', () => {
  const policy = answerHeaders()['Content-Security-Policy'] ?? '';
  const sources = /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ');
  expect(sources).toEqual(["'self'", ...Object.values(officialServers).flat(), ...otherServers]);
  expect(policy).toContain("frame-ancestors 'none'");
});
