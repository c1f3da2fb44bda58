import {
  FolderWatch,
  isWatched,
  Manager,
  type ManagerClock,
  type OpenSession,
  type SessionSwitches,
} from "../manager/mod.ts";
import { type EngineEvent, Session } from "../session/mod.ts";
import { fetchFilter } from "../net/mod.ts";
import {
  DiskClient,
  keepFile,
  lockManager,
  ManagerState,
  readInside,
  readKept,
  StateDb,
  WatchedFolder,
} from "../storage/mod.ts";
import { lacksOf } from "./lacks.ts";
import type { ManagerOptions } from "./manager_api.ts";

/** The largest torrent file read, in bytes. */
const MAX_TORRENT_BYTES = 64 * 1024 * 1024;
/** Where the list of the address filter is kept. */
const FILTER_FILE = "filter.txt";
/** Nobody hears of progress: who wants to know asks. */
const NEVER_SECONDS = 3600;

const clock: ManagerClock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A manager with everything under it. */
export interface HostedManager {
  readonly manager: Manager;
  /** Stops it within `graceMs`, and gives its folder free. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a manager in this thread. Rejects with `StorageError` (`locked`: another one has the folder), or as `Session.start`. */
export async function hostManager(
  { engine, settings, watch }: ManagerOptions,
  emit: (event: EngineEvent) => void,
): Promise<HostedManager> {
  const { folder } = engine;
  const lock = lockManager(folder);
  const warn = (message: string) => emit({ type: "warning", torrent: null, message });
  const closers: (() => void)[] = [() => lock.release()];
  try {
    const state = new StateDb(folder, warn);
    closers.push(() => state.close());
    const kept = new ManagerState(folder, warn);
    closers.push(() => kept.close());
    const manager = await Manager.start({
      folder,
      state,
      kept,
      emit,
      lists: {
        fetch: (url, local) =>
          fetchFilter(url, local, { ipv6: engine.ipv6 ?? true, proxy: engine.proxy ?? null }),
        load: () => readKept(folder, FILTER_FILE),
        save: (list) => keepFile(folder, FILTER_FILE, list),
        pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
      },
      open: (switches, emit, port) =>
        // whoever knows the port we were given finds us there again
        openSession(
          engine.listenPort === 0 && port !== null ? { ...engine, listenPort: port } : engine,
          switches,
          emit,
        ),
      // a promise, so that what goes wrong rejects
      read: (components) =>
        Promise.resolve().then(() => readInside(folder, components, MAX_TORRENT_BYTES)),
      clock,
      lacks: lacksOf(engine),
    });
    try {
      if (Object.keys(settings).length > 0) await manager.setSession(settings);
    } catch (error) {
      await manager.shutDown(0);
      throw error;
    }
    const watches = watch.map((path) => watchFolder(path, folder, state, manager, emit));
    return {
      manager,
      stop: async (graceMs) => {
        for (const each of watches) each.stop();
        await manager.shutDown(graceMs);
        for (const close of closers.splice(0).reverse()) close();
      },
    };
  } catch (error) {
    for (const close of closers.reverse()) close();
    throw error;
  }
}

async function openSession(
  engine: ManagerOptions["engine"],
  { dht, pex, lsd, encryption, utp, portMapping }: SessionSwitches,
  emit: (event: EngineEvent) => void,
): Promise<OpenSession> {
  const starting = DiskClient.start(engine.folder);
  starting.catch(() => {}); // reported by the session, which waits for it too
  const session = await Session.start(
    {
      ...engine,
      dht: dht ? engine.dht : null,
      peerExchange: pex && (engine.peerExchange ?? true),
      localDiscovery: lsd && (engine.localDiscovery ?? false),
      portMapping: portMapping ? engine.portMapping ?? { gateway: null } : null,
      // without TCP there is nothing else
      utp: (utp || engine.tcp === false) && (engine.utp ?? true),
      encryption,
      downloadLimit: 0,
      uploadLimit: 0,
      // a manager waits as long as it takes
      stallTimeout: 0,
      metadataTimeout: 0,
      progressInterval: NEVER_SECONDS,
      verbose: false,
    },
    emit,
    { disk: starting, managed: true },
  );
  return { session, disk: await starting };
}

/** Watches a folder, which may lie in the download folder but is not it. */
function watchFolder(
  path: string,
  downloads: string,
  state: StateDb,
  manager: Manager,
  emit: (event: EngineEvent) => void,
): FolderWatch {
  const inside = path.startsWith(`${downloads}/`) ? path.slice(downloads.length + 1) : null;
  const watch = new FolderWatch({
    port: new WatchedFolder(path, isWatched),
    manager,
    clock,
    emit,
    maxBytes: MAX_TORRENT_BYTES,
    ofTorrents: (paths) =>
      inside === null || paths.length === 0
        ? new Set()
        : below(state.roots(), paths.map((path) => [path, `${inside}/${path}`])),
  });
  watch.start();
  return watch;
}

/** The keys of those paths that are one of the roots, or below one; on some disks case makes no difference. */
function below(
  roots: readonly string[],
  paths: readonly (readonly [key: string, path: string])[],
): ReadonlySet<string> {
  const known = new Set(roots.map((root) => root.toLowerCase()));
  const owned = paths.filter(([, path]) => {
    const parts = path.toLowerCase().split("/");
    return parts.some((_, i) => known.has(parts.slice(0, i + 1).join("/")));
  });
  return new Set(owned.map(([key]) => key));
}
