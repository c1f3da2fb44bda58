/** A manager over a session of its own making, real databases and files, and a clock that a test moves. */
import { setImmediate } from "node:timers";
import { Bitfield, type Bytes, infoHash, toHex } from "../../src/base/mod.ts";
import type { EngineEvent, FailureReason } from "../../src/session/mod.ts";
import { type ManagedDisk, Manager, type ManagerClock } from "../../src/manager/mod.ts";
import type { OpenSession, SessionSwitches } from "../../src/manager/mod.ts";
import { placed, rootOf } from "../../src/session/mod.ts";
import { Geometry, parseMetainfo } from "../../src/metainfo/mod.ts";
import { ManagerState, readInside, StateDb } from "../../src/storage/mod.ts";
import { deleteFiles, moveFiles } from "../../src/storage/relocate.ts";
import { type FileSystem, systemFiles } from "../../src/storage/file_system.ts";
import { type LabTorrent, labTorrent as makeTorrent } from "../loopback/lab.ts";
import { FakeSession, learn } from "./fake_session.ts";

export type { LabTorrent };

/** Makes a torrent; the session is told what it is, so that it need not wait for a digest to know. */
export async function labTorrent(
  ...args: Parameters<typeof makeTorrent>
): Promise<LabTorrent> {
  const torrent = await makeTorrent(...args);
  learn(torrent.bytes, await parseMetainfo(torrent.bytes));
  return torrent;
}

/** Time that passes when a test says so; the clock on the wall can be set. */
export class VirtualClock implements ManagerClock {
  #now = 1000;
  #ahead: number;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(date = new Date(2026, 10, 28, 12).getTime()) {
    this.#ahead = date - this.#now;
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#now + this.#ahead);
  }

  /** Sets the clock on the wall; the other one goes on. */
  setDate(date: Date): void {
    this.#ahead = date.getTime() - this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, with all that is due meanwhile. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle(2);
    }
    this.#now = end;
    await settle(8);
  }

  /** Nothing that was to happen will. */
  clear(): void {
    this.#timers.clear();
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until something is so; fails when it never is. */
export async function until(condition: () => boolean, what = "it to be so"): Promise<void> {
  for (let i = 0; i < 10_000; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`Expected ${what}`);
}

/** A file system in memory, where there is one: what a process wrote is all that matters here, not what the disk has. */
const MEMORY = exists("/dev/shm") ? { dir: "/dev/shm" } : {};

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** What a call throws that comes after the end of the process. */
export const KILLED = new Error("killed");

/** A manager and everything around it, in a folder that goes when the test ends. */
export class World implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tm-manager-", ...MEMORY }));
  readonly clock: VirtualClock;
  /** What was said, of all runs. */
  readonly events: EngineEvent[] = [];
  /** Sessions started, with their switches. */
  readonly opened: SessionSwitches[] = [];
  /** Called before a session opens; what it throws keeps it from opening. */
  beforeOpen: () => Promise<void> | void = () => {};
  /** Called before files are moved or deleted. */
  beforeDisk: () => Promise<void> | void = () => {};
  system: FileSystem = systemFiles;
  free: number | null = 1e12;
  session!: FakeSession;
  manager!: Manager;
  state!: StateDb;
  kept!: ManagerState;
  /** Resolves when the process was killed. */
  died = Promise.withResolvers<void>();
  /** So many calls later that keep something, or change a file, the process is killed. */
  #fuse = Infinity;
  #alive = false;
  /** Counts runs of the manager: what an earlier one still does is not let through. */
  #run = 0;

  private constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  static async start(clock = new VirtualClock()): Promise<World> {
    const world = new World(clock);
    await world.restart();
    return world;
  }

  /** Starts a manager on what is in the folder. */
  async restart(): Promise<void> {
    const run = ++this.#run;
    this.#alive = true;
    this.died = Promise.withResolvers();
    const warn = (message: string) => this.#hear(run, { type: "warning", torrent: null, message });
    this.state = this.#mortal(
      new StateDb(this.folder, warn, () => this.clock.date().getTime()),
      ["add", "saveIntent", "saveGood", "moved", "remove"],
    );
    this.kept = this.#mortal(new ManagerState(this.folder, warn), ["save", "set", "remove"]);
    const starting = Manager.start({
      folder: this.folder,
      state: this.state,
      kept: this.kept,
      emit: (event) => this.#hear(run, event),
      clock: this.clock,
      lacks: [],
      lists: {
        fetch: () => Promise.reject(new Error("nothing is fetched here")),
        load: () => Promise.resolve(null),
        save: () => Promise.resolve(),
        pause: () => Promise.resolve(),
      },
      open: (switches, emit) => this.#open(run, switches, emit),
      read: (components) =>
        Promise.resolve().then(() => readInside(this.folder, components, 1 << 20)),
    });
    starting.catch(() => {});
    const manager = await Promise.race([starting, this.died.promise]);
    if (manager) this.manager = manager;
    await settle();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Kills the process at one of the next calls that keep something or change a file; null: not any more. */
  light(calls: number | null): void {
    this.#fuse = calls ?? Infinity;
  }

  /** `kill -9`: nothing more is done or saved, by nobody. */
  kill(): void {
    this.#run++;
    this.#alive = false;
    this.#fuse = Infinity;
    this.clock.clear();
    if (this.session !== undefined) this.session.dead = true;
    this.kept.close();
    this.state.close();
    this.died.resolve();
  }

  #burn(): void {
    if (!this.#alive || --this.#fuse === 0) {
      if (this.#alive) this.kill();
      throw KILLED;
    }
  }

  /** Calls of `names` may be the last, before they were carried out or after. */
  #mortal<T extends object>(target: T, names: readonly string[]): T {
    return new Proxy(target, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        const call = value.bind(target);
        if (!names.includes(String(name))) return call;
        return (...args: unknown[]) => {
          this.#burn();
          const result = call(...args);
          this.#burn();
          return result;
        };
      },
    });
  }

  /** Ends the manager as SIGTERM does. */
  async stop(): Promise<void> {
    await this.manager.shutDown(1000);
    this.kill();
  }

  /** Takes a torrent in, with all or none of its data on disk. */
  async add(torrent: LabTorrent, given: Record<string, unknown> = {}): Promise<number> {
    const { id } = await this.manager.add({ torrent: torrent.bytes, ...given });
    await settle();
    return id;
  }

  /** How a torrent is. */
  async view(id: number | string) {
    const [view] = await this.manager.torrents([id], []);
    if (view === undefined) throw new Error(`Expected a torrent ${id}`);
    return view;
  }

  /** The texts of warnings so far. */
  get warnings(): string[] {
    return this.events.flatMap((event) => event.type === "warning" ? [event.message] : []);
  }

  /** Everything in the folder but what is tm's own, as paths below it. */
  tree(): string[] {
    const out: string[] = [];
    const walk = (path: string) => {
      for (const entry of Deno.readDirSync(`${this.folder}/${path}`)) {
        const inner = path === "" ? entry.name : `${path}/${entry.name}`;
        if (inner === ".tm") continue;
        if (entry.isDirectory) walk(inner);
        else out.push(inner);
      }
    };
    walk("");
    return out.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill();
    } catch {
      // it was killed already
    }
    await settle();
    Deno.removeSync(this.folder, { recursive: true });
  }

  #hear(run: number, event: EngineEvent): void {
    if (run === this.#run) this.events.push(event);
  }

  async #open(
    run: number,
    switches: SessionSwitches,
    emit: (event: EngineEvent) => void,
  ): Promise<OpenSession> {
    await this.beforeOpen();
    this.opened.push(switches);
    const session = new FakeSession(this.folder, this.state, this.clock, (event) => {
      if (run === this.#run) emit(event);
    });
    this.session = session;
    const act = async (work: (system: FileSystem) => void) => {
      await this.beforeDisk();
      if (run !== this.#run) return await new Promise<never>(() => {});
      try {
        work(this.#mortal(this.system, ["makeFolder", "rename", "remove", "removeIfEmpty"]));
      } catch (error) {
        if (run !== this.#run) return await new Promise<never>(() => {});
        throw error;
      }
    };
    const disk: ManagedDisk = {
      space: () => Promise.resolve(this.free === null ? null : { free: this.free, total: 1e13 }),
      probe: () => Promise.reject(new Error("no disk is measured here")),
      moveFiles: (moves) => act((system) => moveFiles(this.folder, system, moves)),
      deleteFiles: (paths) => act((system) => deleteFiles(this.folder, system, paths)),
    };
    return { session, disk };
  }
}

/** Puts the data of a torrent where it belongs, and has the state know it. */
export async function plant(
  world: World,
  torrent: LabTorrent,
  options: { readonly location?: readonly string[] } = {},
): Promise<void> {
  const metainfo = await parseMetainfo(torrent.bytes);
  const files = placed(metainfo.files, options);
  for (const [i, { path, pad }] of files.entries()) {
    if (pad) continue;
    const full = `${world.folder}/${path.join("/")}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(full, torrent.files[i]!.data);
  }
  const { pieceCount } = new Geometry(metainfo.totalLength, metainfo.pieceLength);
  const all = new Bitfield(pieceCount);
  all.fill();
  world.state.add(metainfo.infoHash, rootOf(files, options), pieceCount, torrent.bytes);
  world.state.saveGood(metainfo.infoHash, all, all);
}

/** The info hash of a torrent, in hexadecimal. */
export function hashOf(torrent: LabTorrent): string {
  return toHex(infoHash(torrent.hash));
}

/** What an error of the session looks like. */
export function failure(
  torrent: LabTorrent,
  reason: FailureReason,
  message: string,
  missing: number | null = null,
): EngineEvent {
  return { type: "error", torrent: hashOf(torrent), reason, message, path: null, missing };
}

/** A name for a torrent of one small file. */
export function single(name: string, bytes = 1000): Promise<LabTorrent> {
  return labTorrent(name, [["", bytes]], 256);
}

/** Bytes of text. */
export function text(value: string): Bytes {
  return new TextEncoder().encode(value) as Bytes;
}
