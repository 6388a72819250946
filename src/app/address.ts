/**
 * The parameters of the page's address, all in one place. Each moves a public server elsewhere: a mirror behind a firewall, or a local one
 * in tests. The server has to be named in the Content-Security-Policy of `index.html`, unless it is on this machine.
 *
 * - `hub`: address of the model hub (default: huggingface.co).
 * - `samples`: base address of the public sample files (default: GitHub's raw files).
 * - `stream`: address of the quote stream that is recorded (default: the venue's own).
 */

export interface AddressParameters {
  readonly hub: string | undefined;
  readonly samples: string | undefined;
  readonly stream: string | undefined;
}

export function addressParameters(search = location.search): AddressParameters {
  const given = new URLSearchParams(search);
  const parameter = (name: keyof AddressParameters): string | undefined => given.get(name) ?? undefined;
  return { hub: parameter('hub'), samples: parameter('samples'), stream: parameter('stream') };
}
