import { Manager, type OpenSession, type SessionSwitches } from "../manager/mod.ts";
import { type EngineEvent, Session } from "../session/mod.ts";
import { DiskClient, lockManager, ManagerState, readInside, StateDb } from "../storage/mod.ts";
import type { ManagerOptions } from "./manager_api.ts";

/** The largest torrent file read, in bytes. */
const MAX_TORRENT_BYTES = 64 * 1024 * 1024;
/** Nobody hears of progress: who wants to know asks. */
const NEVER_SECONDS = 3600;

/** A manager with everything under it. */
export interface HostedManager {
  readonly manager: Manager;
  /** Stops it within `graceMs`, and gives its folder free. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a manager in this thread. Rejects with `StorageError` (`locked`: another one has the folder), or as `Session.start`. */
export async function hostManager(
  { engine, settings }: ManagerOptions,
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
      open: (switches, emit) => openSession(engine, switches, emit),
      // a promise, so that what goes wrong rejects
      read: (components) =>
        Promise.resolve().then(() => readInside(folder, components, MAX_TORRENT_BYTES)),
      clock: {
        now: () => performance.now(),
        date: () => new Date(),
        after: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return () => clearTimeout(timer);
        },
      },
    });
    if (Object.keys(settings).length > 0) await manager.setSession(settings);
    return {
      manager,
      stop: async (graceMs) => {
        await manager.shutDown(graceMs);
        for (const close of closers.splice(0)) close();
      },
    };
  } catch (error) {
    for (const close of closers) close();
    throw error;
  }
}

async function openSession(
  engine: ManagerOptions["engine"],
  { dht, pex, lsd }: SessionSwitches,
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
