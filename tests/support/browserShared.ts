/** The reference inputs from inside a browser: the test server offers them below `/@shared/`. */

/** Bytes of a file below the shared root. */
export async function fetchShared(path: string): Promise<Uint8Array> {
  const response = await fetch(`/@shared/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Names of the folders in a folder below the shared root; empty where it is absent. */
export async function listSharedFolders(folder: string): Promise<string[]> {
  const response = await fetch(`/@shared/${folder}/`);
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`${folder}: ${response.status} ${response.statusText}`);
  const names = (await response.json()) as readonly string[];
  return names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
}
