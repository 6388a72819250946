/** What the page says to the service worker. */
export type FromPage =
  | { readonly kind: 'take over' }
  /** This provider executes the models: keep what it needs. */
  | { readonly kind: 'keep'; readonly provider: 'webgpu' | 'wasm' };
