/**
 * The parameters of the page's address, all in one place. Each names another server in place of a public one: a mirror behind a firewall, or a
 * local one. It has to be in the list of `src/core/hosts.ts`, and is asked only once somebody has agreed to that.
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
