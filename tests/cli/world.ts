/** A world of values for the command line: streams, files, time, signals and an engine, all in memory. */
import { type Bytes, concat, StorageError, toHex } from "../../src/base/mod.ts";
import {
  createTorrent,
  type Magnet,
  parseMetainfo,
  type TorrentOptions,
} from "../../src/metainfo/mod.ts";
import { proxyName } from "../../src/proxy/mod.ts";
import {
  type Environment,
  InputTooLarge,
  type InterfaceAddress,
  type Keyboard,
  type PermissionState,
  type Scraped,
} from "../../src/cli/environment.ts";
import type { ProxyVariables } from "../../src/cli/proxy_variables.ts";
import { run } from "../../src/cli/run.ts";
import type {
  AddOptions,
  Engine,
  EngineEvent,
  EngineOptions,
  StreamSink,
} from "../../src/session/mod.ts";
import type { WorkerPermissions } from "../../src/engine/mod.ts";
import { type OpenTransport, RemoteError } from "../../src/remote/mod.ts";

/** What a file system name stands for. */
export type Entry = Bytes | "folder" | Error;

/** An engine that does what the test says. */
export class FakeEngine implements Engine {
  readonly added: { readonly id: string; readonly options: AddOptions }[] = [];
  readonly stops: number[] = [];
  /** Whether `stop` ever resolves. */
  stopsHang = false;
  options!: EngineOptions;
  permissions!: WorkerPermissions;
  emit!: (event: EngineEvent) => void;
  sink!: StreamSink | null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `script` runs at each `add`, with the torrent's id; what it throws `add` rejects with. */
  constructor(readonly script: (engine: FakeEngine, id: string) => void) {}

  /** In the order of the calls: hashing on other threads must not decide it. */
  add(torrent: Bytes | Magnet, options: AddOptions): Promise<string> {
    const adding = this.#turn.then(async () => {
      const id = torrent instanceof Uint8Array ? await idOf(torrent) : toHex(torrent.infoHash);
      this.added.push({ id, options });
      this.script(this, id);
      return id;
    });
    this.#turn = adding.catch(() => {});
    return adding;
  }

  /** What `metadata` answers. */
  metadataOf: (magnet: Magnet) => Promise<Bytes> = () => Promise.reject(new Error("No metadata"));
  readonly asked: { readonly magnet: Magnet; readonly peers: readonly string[] }[] = [];

  metadata(magnet: Magnet, { peers = [] }: Pick<AddOptions, "peers">): Promise<Bytes> {
    this.asked.push({ magnet, peers });
    return this.metadataOf(magnet);
  }

  stop(graceMs: number): Promise<void> {
    this.stops.push(graceMs);
    return this.stopsHang ? new Promise(() => {}) : Promise.resolve();
  }
}

/** A stream that remembers. */
class FakeOutput {
  text = "";
  isTerminal = false;
  closed = false;

  write(text: string): void {
    if (this.closed) throw new Deno.errors.BrokenPipe("Broken pipe");
    this.text += text;
  }

  /** What was written as bytes; `writeBytes` waits for `taken`. */
  bytes: Bytes = new Uint8Array(0);
  taken: Promise<void> = Promise.resolve();
  /** What `writeBytes` fails with. */
  fault: Error | null = null;

  async writeBytes(bytes: Bytes): Promise<void> {
    await this.taken;
    if (this.closed) throw new Deno.errors.BrokenPipe("Broken pipe");
    if (this.fault !== null) throw this.fault;
    this.bytes = concat(this.bytes, bytes);
  }
}

/** Everything a run of `tm` can reach. */
export class World {
  readonly stdout = new FakeOutput();
  readonly stderr = new FakeOutput();
  readonly files = new Map<string, Entry>();
  /** What was done to the world, in order. */
  readonly log: string[] = [];
  input: Bytes = new Uint8Array(0);
  web = new Map<string, Bytes | Error>();
  /** What trackers say of any torrent. */
  scraped = new Map<string, Scraped>();
  columns = 80;
  rows = 24;
  now = 0;
  locked = false;
  noColor = true;
  proxyVariables: ProxyVariables = { gone: true, named: null };
  engine = new FakeEngine(() => {});
  startError: Error | null = null;
  verify: Environment["runVerify"] = () => Promise.reject(new Error("No verify in this test"));
  create: Environment["runCreate"] = () => Promise.reject(new Error("No create in this test"));
  tracker: Environment["startTracker"] = () => Promise.reject(new Error("No tracker in this test"));
  hosted: Environment["startManager"] = () => Promise.reject(new Error("No manager in this test"));
  control: Environment["startControl"] = () => Promise.reject(new Error("No control in this test"));
  interfaces: readonly InterfaceAddress[] = [];
  keyboard: Keyboard | null = null;
  /** The way to a manager. */
  manager: OpenTransport = ({ shown }) => {
    const fault = new RemoteError("unreachable", `No manager at ${shown}`);
    return { send: () => Promise.reject(fault), close() {} };
  };
  readonly permissions: Record<string, PermissionState> = { read: "yes", write: "yes", net: "yes" };
  readonly #signals = new Set<() => void>();
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();

  /** Makes both streams a terminal. */
  onTerminal(): this {
    this.stdout.isTerminal = this.stderr.isTerminal = true;
    return this;
  }

  /** A request to stop. */
  interrupt(): void {
    for (const handler of this.#signals) handler();
  }

  get signalHandlers(): number {
    return this.#signals.size;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.now) continue;
      this.#timers.delete(timer);
      timer.call();
    }
  }

  run(...args: string[]): Promise<number> {
    return run(args, this.#environment());
  }

  #environment(): Environment {
    const entry = (path: string): Bytes | "folder" => {
      if (this.permissions.read === "no") throw new Deno.errors.NotCapable(`read ${path}`);
      if (this.locked && !isInside(path)) throw new Deno.errors.NotCapable(`read ${path}`);
      const found = this.files.get(path);
      if (found === undefined) throw new Deno.errors.NotFound(`No such file: ${path}`);
      if (found instanceof Error) throw found;
      return found;
    };
    return {
      stdout: this.stdout,
      stderr: this.stderr,
      terminalSize: () =>
        this.stdout.isTerminal ? { columns: this.columns, rows: this.rows } : null,
      noColor: this.noColor,
      locked: this.locked,
      fromSource: false,
      proxyVariables: this.proxyVariables,
      platform: "test",
      files: {
        read: (path, limit) =>
          attempt(() => {
            const found = entry(path);
            if (found === "folder") throw new Deno.errors.IsADirectory("Is a directory");
            if (found.length > limit) throw new InputTooLarge("too large");
            return found;
          }),
        readInput: () => Promise.resolve(this.input),
        write: (path, bytes, replace) =>
          attempt(() => {
            const found = this.files.get(path);
            if (found instanceof Error) throw found;
            if (found !== undefined && !replace) throw new Deno.errors.AlreadyExists(path);
            this.log.push(`write ${path}`);
            this.files.set(path, bytes);
          }),
        saveNew: (path, bytes) =>
          attempt(() => {
            if (this.files.has(path)) throw new StorageError("exists", path, `Refused ${path}`);
            this.log.push(`save ${path}`);
            this.files.set(path, bytes);
          }),
        exists: (path) => attempt(() => this.files.has(path)),
        makeFolder: (path) =>
          attempt(() => {
            this.log.push(`make ${path}`);
            const found = this.files.get(path);
            if (found instanceof Error) throw found;
            if (found instanceof Uint8Array) throw new Deno.errors.AlreadyExists("File exists");
            this.files.set(path, "folder");
          }),
        realPath: (path) =>
          attempt(() => {
            entry(path);
            return `/home/user/${path.replace(/^\.\//, "")}`;
          }),
      },
      keyboard: () => this.keyboard,
      clock: {
        now: () => this.now,
        date: () => 1_700_000_000,
        after: (ms, call) => {
          const timer = { at: this.now + ms, call };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
      },
      permissions: {
        revokeFiles: () =>
          attempt(() => {
            this.log.push("revoke");
            this.permissions.read = this.permissions.write = "no";
          }),
        allows: (_access, path) => !this.locked || isInside(path),
        state: (name) => this.permissions[name] ?? "no",
      },
      onStopSignal: (handler) => {
        this.#signals.add(handler);
        return () => this.#signals.delete(handler);
      },
      startEngine: (options, permissions, onEvent, sink) =>
        attempt(() => {
          this.log.push("start");
          if (this.startError !== null) throw this.startError;
          Object.assign(this.engine, { options, permissions, emit: onEvent, sink });
          return this.engine;
        }),
      fetchTorrent: (url, _limit, _local, proxy) =>
        attempt(() => {
          if (proxy) this.log.push(`fetch ${url} through ${proxyName(proxy)}`);
          const found = this.web.get(url) ?? new Deno.errors.NotFound("Status 404");
          if (found instanceof Error) throw found;
          return found;
        }),
      scrapeTrackers: (urls) => Promise.resolve(urls.map((url) => this.scraped.get(url)!)),
      runVerify: (...args) => this.verify(...args),
      runCreate: (...args) => this.create(...args),
      startTracker: (listen) => this.tracker(listen),
      openManager: (address) => attempt(() => this.manager(address)),
      startManager: (...args) => this.hosted(...args),
      startControl: (options) => this.control(options),
      networkAddresses: () =>
        attempt(() => {
          this.log.push("ask for addresses");
          return this.interfaces;
        }),
    };
  }
}

/** True for `./downloads` and what is in it. */
function isInside(path: string): boolean {
  return /^(\.\/)?downloads(\/|$)/.test(path);
}

/** The result or throw of `act` as a promise. */
// deno-lint-ignore require-await -- what is thrown has to become a rejection
async function attempt<T>(act: () => T): Promise<T> {
  return act();
}

/** A single-file torrent of `size` bytes with pieces of 16 KiB. */
export function torrentOf(name: string, size = 40_000, options: TorrentOptions = {}): Bytes {
  const pieceHashes = new Uint8Array(Math.ceil(size / 16_384) * 20);
  const files = [{ path: [], length: size }];
  return createTorrent({ name, files, pieceLength: 16_384, pieceHashes }, options);
}

/** The info hash of a torrent in hexadecimal. */
export async function idOf(torrent: Bytes): Promise<string> {
  return toHex((await parseMetainfo(torrent)).infoHash);
}

/** A script in which every torrent completes at once. */
export function completes(engine: FakeEngine, torrent: string): void {
  const size = 40_000;
  engine.emit({ type: "done", torrent, name: "a.bin", size, downloaded: size, seconds: 2 });
  engine.emit({ type: "finished", torrent, uploaded: 0 });
}

/** A `progress` event with figures that a test need not care about. */
export function progress(
  torrent: string,
  more: Partial<Extract<EngineEvent, { type: "progress" }>> = {},
): EngineEvent {
  return {
    type: "progress",
    torrent,
    state: "downloading",
    done: 20_000,
    size: 40_000,
    downRate: 10_000,
    upRate: 0,
    downloaded: 20_000,
    uploaded: 0,
    peers: 2,
    seeds: 1,
    known: 5,
    webseeds: 0,
    eta: 2,
    ...more,
  };
}

/** A failure of a torrent. */
export function failure(
  torrent: string | null,
  reason: Extract<EngineEvent, { type: "error" }>["reason"],
): EngineEvent {
  return { type: "error", torrent, reason, message: `It is ${reason}`, path: null, missing: null };
}

/** What `tm get` prints when `script` sends the engine's events, each perhaps after some time; then it is complete, unless it was stopped. */
export async function shown(
  world: World,
  script: (engine: FakeEngine, id: string) => void,
  ...options: string[]
): Promise<World> {
  world.files.set("a.torrent", torrentOf("a.bin"));
  world.engine = new FakeEngine((engine, id) => {
    script(engine, id);
    if (world.engine.stops.length === 0) completes(engine, id);
  });
  await world.run("get", "a.torrent", ...options);
  return world;
}

/** The objects of NDJSON. */
export function objects(text: string): Record<string, unknown>[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Lets everything that is ready run until `condition` holds; throws when it never does. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 1000) throw new Error("Expected the condition to come true");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
