/** What the service worker is told: by the build, and by the page. */

/** Of the names of caches that hold a copy of the page. The page's samples are in another. */
export const PREFIX = 'pml-lab-';

/** What the page says to the service worker. */
export type FromPage =
  | { readonly kind: 'take over' }
  /** This provider executes the models: keep what it needs. */
  | { readonly kind: 'keep'; readonly provider: 'webgpu' | 'wasm' };

export interface BuiltFile {
  /** Relative to the worker. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Written into the worker by the build (`scripts/offlineBuild.ts`). */
export interface BuildList {
  /** Hash of the content of all files. */
  readonly version: string;
  /** `PREFIX`. */
  readonly prefix: string;
  /** Kept at once. */
  readonly small: readonly BuiltFile[];
  /** Kept when they are used: each is tens of megabytes, and a device needs one of them. */
  readonly large: readonly BuiltFile[];
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
}
