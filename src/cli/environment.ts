/**
 * The world as the command line sees it. Commands reach files, streams, time, signals and threads only through
 * these ports, so a test runs the whole program in its own process with values.
 */
import type { ProxyChoice } from "../proxy/mod.ts";
import type { ProxyVariables } from "./proxy_variables.ts";
import type { Bytes, Endpoint, InfoHash } from "../base/mod.ts";
import type {
  CreateReport,
  CreateRequest,
  HashProgress,
  ManagerOptions,
  RunningManager,
  VerifyReport,
  VerifyRequest,
  WorkerPermissions,
} from "../engine/mod.ts";
import type { ControlOptions, RunningControl } from "../control/mod.ts";
import type { ManagerAddress, Transport } from "../remote/mod.ts";
import type { DhtChoice, Engine, EngineEvent, EngineOptions, StreamSink } from "../session/mod.ts";

/** Everything a run of `tm` may use. */
export interface Environment {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Columns and rows of the terminal, asked again at each drawing; null when there is none. */
  terminalSize(): { readonly columns: number; readonly rows: number } | null;
  /** True when `NO_COLOR` is set. */
  readonly noColor: boolean;
  /** True in `tm-locked`, which has `./downloads` and nothing else. */
  readonly locked: boolean;
  /** True when the program is not compiled: its threads then read its source files too. */
  readonly fromSource: boolean;
  /** What the environment said of proxies, which is not followed. */
  readonly proxyVariables: ProxyVariables;
  /** What runs us, for `--version`: `Deno 2.8.3, x86_64-unknown-linux-gnu`. */
  readonly platform: string;
  readonly files: Files;
  /** The keyboard, null when standard input is no terminal. */
  keyboard(): Keyboard | null;
  readonly clock: Clock;
  readonly permissions: Permissions;
  /**
   * Calls `handler` at each request to stop (SIGINT, SIGTERM, SIGHUP); the result ends the subscription. With `hangup`
   * false a SIGHUP does nothing.
   */
  onStopSignal(handler: () => void, options?: { readonly hangup: boolean }): () => void;
  /** Starts the engine in a thread that has `permissions` and no others; `sink` takes the stream when there is no folder. */
  startEngine(
    options: EngineOptions,
    permissions: WorkerPermissions,
    onEvent: (event: EngineEvent) => void,
    sink: StreamSink | null,
  ): Promise<Engine>;
  /**
   * The body found at an http or https URL that the user typed; with `local` false it may not be on a local address. Rejects with `Deno.errors.NotFound` when the server
   * has no such thing, `Deno.errors.TimedOut` when it is silent, otherwise with any error, also beyond `limit` bytes.
   */
  fetchTorrent(
    url: string,
    limit: number,
    local?: boolean,
    proxy?: ProxyChoice | null,
  ): Promise<Bytes>;
  /** Hashes a torrent's files in a thread that may read `folder` only. */
  runVerify(
    request: VerifyRequest,
    onProgress: (progress: HashProgress) => void,
    signal: AbortSignal,
  ): Promise<VerifyReport>;
  /** Hashes a file or folder in a thread that may read it only, and makes a torrent of it. */
  runCreate(
    request: CreateRequest,
    onProgress: (progress: HashProgress) => void,
    signal: AbortSignal,
  ): Promise<CreateReport>;
  /** Starts a manager in a thread that has `permissions` and no others. */
  startManager(
    options: ManagerOptions,
    permissions: WorkerPermissions,
    onEvent: (event: EngineEvent) => void,
  ): Promise<RunningManager>;
  /** Starts a control server. Rejects with `Deno.errors.AddrInUse` and the like. */
  startControl(options: ControlOptions): Promise<RunningControl>;
  /** Asks a torrent's trackers how many take part, in the order of `urls`; never rejects. */
  scrapeTrackers(
    urls: readonly string[],
    infoHash: InfoHash,
    options?: ScrapeOptions,
  ): Promise<Scraped[]>;
  /** Starts a tracker, for any torrent or (`torrents` 0) for those it is told to hold. Rejects with `Deno.errors.AddrInUse` and the like. */
  startTracker(
    listen: { readonly hostname: string; readonly port: number; readonly torrents?: 0 },
  ): Promise<RunningTracker>;
  /** Opens the way to a running manager; nothing is sent. */
  openManager(address: ManagerAddress): Promise<Transport>;
  /** Addresses of this machine's network interfaces. The right to ask is given up with it: it works once. */
  networkAddresses(): Promise<readonly InterfaceAddress[]>;
}

/** One address of a network interface, as the system names both. */
export interface InterfaceAddress {
  readonly name: string;
  readonly address: string;
}

/** An output stream. */
export interface Output {
  readonly isTerminal: boolean;
  /** Writes all of `text`. Throws `Deno.errors.BrokenPipe` when nobody reads any more. */
  write(text: string): void;
  /** Writes all of `bytes` while the program goes on; rejects likewise, and with the system's error when a disk is full. */
  writeBytes(bytes: Bytes): Promise<void>;
}

/**
 * How a terminal hands over what is typed: `keys` each at once, unseen, Ctrl-C and Ctrl-Z as well; `signals` likewise
 * but these two, which stop the program; `lines` as a shell wants it.
 */
export type KeyboardMode = "keys" | "signals" | "lines";

/** The keyboard of the terminal we run on. */
export interface Keyboard {
  /** Says how what is typed is handed over from now on. */
  setMode(mode: KeyboardMode): void;
  /** Waits for something typed, up to some hundred bytes; null: there is no keyboard any more. */
  read(): Promise<Bytes | null>;
  /** Calls `handler` when the terminal has another size, and when the program goes on after a stop; the result ends that. */
  onChange(handler: (change: "size" | "continued") => void): () => void;
  /** Calls `handler` before the program ends by an error that nobody caught; the result ends that. */
  onCrash(handler: () => void): () => void;
}

/** The few file operations of the main thread. All reject with Deno's errors. */
export interface Files {
  /** A whole file; rejects with {@linkcode InputTooLarge} beyond `limit` bytes. */
  read(path: string, limit: number): Promise<Bytes>;
  /** Standard input to its end, bounded likewise. */
  readInput(limit: number): Promise<Bytes>;
  /** Writes a new file, or over an old one when `replace`; otherwise an old one rejects with `AlreadyExists`. */
  write(path: string, bytes: Bytes, replace: boolean): Promise<void>;
  /** Writes a file that was not there, all of it or nothing; rejects when something else has its name. */
  saveNew(path: string, bytes: Bytes): Promise<void>;
  /** True when something, a dangling link too, has this name. */
  exists(path: string): Promise<boolean>;
  /** Makes a folder and those above it; one that exists is fine, anything else in its place rejects. */
  makeFolder(path: string): Promise<void>;
  /** The absolute path behind links. */
  realPath(path: string): Promise<string>;
}

/** A file or standard input is larger than a torrent may be. */
export class InputTooLarge extends Error {
  override name = "InputTooLarge";
}

/** Time, injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Seconds since 1970. */
  date(): number;
  /** Calls back once after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** What a permission is worth now; `partly` is some paths or hosts only. */
export type PermissionState = "yes" | "partly" | "no";

/** The kinds of permission the receipt names. */
export const PERMISSION_NAMES = ["read", "write", "net", "run", "env", "ffi", "sys"] as const;
/** One of them. */
export type PermissionName = typeof PERMISSION_NAMES[number];

/** The permissions of this thread. */
export interface Permissions {
  /** Gives up reading and writing files, and asking for network interfaces, for good. */
  revokeFiles(): Promise<void>;
  /** True when the path may be used so. */
  allows(access: "read" | "write", path: string): boolean;
  /** What the runtime says of a permission now. */
  state(name: PermissionName): PermissionState;
}

/** How a scrape goes out. */
export interface ScrapeOptions {
  /** Through it and not beside it; by default none. */
  readonly proxy?: ProxyChoice | null | undefined;
  /** The DHT is asked too (BEP 33), and answers under the URL `DHT`; by default it is not. */
  readonly dht?: DhtChoice | null;
}

/** A tracker's answer to a scrape, or in `message` why there is none; counts it does not tell are null. */
export interface Scraped {
  readonly url: string;
  readonly seeders: number | null;
  readonly leechers: number | null;
  /** How often the torrent was downloaded completely. */
  readonly downloads: number | null;
  readonly message: string | null;
}

/** A tracker that answers until it is closed. */
export interface RunningTracker {
  /** Its announce URL. */
  readonly url: string;
  /** The same over UDP. */
  readonly udp: string;
  readonly port: number;
  /** Serves a torrent for good, with a seed that is always there under each of `seeds`. */
  hold(infoHash: InfoHash, seeds: readonly Endpoint[]): void;
  /** Resolves when nothing is open any more. */
  close(): Promise<void>;
}
