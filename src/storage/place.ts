/**
 * Where this page and its workers keep files: on the device, or in the page's memory where the browser keeps nothing. The page finds out
 * which; its workers are told (`tellPlace` on one side, `hearPlace` on the other), so that there is one place for all of the app.
 */

import { expose, wrap } from 'comlink';
import type { FileStore } from './files.ts';
import { type MemoryHost, memoryFiles, memoryHost } from './memoryFiles.ts';
import { privateFiles, privateRoot } from './privateFiles.ts';

type Place =
  | { readonly kind: 'device'; readonly files: FileStore }
  | { readonly kind: 'memory'; readonly files: FileStore; readonly host: MemoryHost };

const changed = new Set<() => void>();
let place: Promise<Place> | undefined;

function findPlace(): Promise<Place> {
  place ??= privateRoot().then((root) =>
    root
      ? { kind: 'device', files: privateFiles(root) }
      : inMemory(
          memoryHost(() => {
            for (const listener of changed) listener();
          }),
        ),
  );
  return place;
}

function inMemory(host: MemoryHost): Place {
  return { kind: 'memory', files: memoryFiles(host), host };
}

/** Whether what is kept outlives the page. */
export async function keepsFiles(): Promise<boolean> {
  return (await findPlace()).kind === 'device';
}

/** The files of this page, wherever they are. */
export function openFiles(): FileStore {
  const files = async (): Promise<FileStore> => (await findPlace()).files;
  return {
    lasting: async () => (await files()).lasting(),
    size: async (path) => (await files()).size(path),
    append: async (path, offset) => (await files()).append(path, offset),
    open: async (path) => (await files()).open(path),
    rename: async (path, to) => (await files()).rename(path, to),
    remove: async (path) => (await files()).remove(path),
    list: async (folder) => (await files()).list(folder),
    beingWritten: async (path) => (await files()).beingWritten(path),
    room: async () => (await files()).room(),
    exclusively: async (name, work) => (await files()).exclusively(name, work),
  };
}

/** Calls back whenever the files in the page's memory change; returns how to stop that. */
export function onMemoryChange(listener: () => void): () => void {
  changed.add(listener);
  return () => changed.delete(listener);
}

/** The paths of all files in the page's memory; none where files are kept on the device. */
export async function pathsInMemory(): Promise<readonly string[]> {
  const found = await findPlace();
  return found.kind === 'memory' ? found.host.paths('') : [];
}

/** What a worker is told. */
interface PlaceMessage {
  readonly filesInMemory: MessagePort;
}

/** Gives a worker this place, if it is the memory; settles once it is on its way, ahead of any later message. */
export async function tellPlace(worker: Pick<Worker, 'postMessage'>): Promise<void> {
  const found = await findPlace();
  if (found.kind === 'device') return;
  const { port1, port2 } = new MessageChannel();
  expose(found.host, port1);
  worker.postMessage({ filesInMemory: port2 } satisfies PlaceMessage, [port2]);
}

/** Listens, in a worker, for being given a place. */
export function hearPlace(scope: Pick<EventTarget, 'addEventListener'>): void {
  scope.addEventListener('message', (event) => {
    const data: unknown = event instanceof MessageEvent ? event.data : undefined;
    if (!isPlaceMessage(data)) return;
    const remote = wrap<MemoryHost>(data.filesInMemory);
    place = Promise.resolve(
      inMemory({
        get: (path) => remote.get(path),
        set: (path, content) => remote.set(path, content),
        rename: (path, to) => remote.rename(path, to),
        remove: (path) => remote.remove(path),
        paths: (folder) => remote.paths(folder),
      }),
    );
  });
}

function isPlaceMessage(data: unknown): data is PlaceMessage {
  return typeof data === 'object' && data !== null && 'filesInMemory' in data;
}
