/** The real world behind {@linkcode Environment}. */
import type { Bytes } from "../base/mod.ts";
import { runCreate, runVerify, startEngineWorker, startManagerWorker } from "../engine/mod.ts";
import {
  type Clock,
  type Environment,
  type Files,
  InputTooLarge,
  type Output,
  type Permissions,
} from "./environment.ts";
import { systemKeyboard } from "./system_keyboard.ts";

/** Bytes of one read of a file whose size is not known. */
const CHUNK = 64 * 1024;
/** Pause before writing again to a pipe that is full and was set not to block. */
const FULL_PIPE_MS = 5;

/** The environment of this process. */
export function systemEnvironment(
  options: Pick<Environment, "locked" | "proxyVariables">,
): Environment {
  return {
    stdout: new Stream(Deno.stdout),
    stderr: new Stream(Deno.stderr),
    terminalSize,
    // Readable without a permission for the environment.
    noColor: Deno.noColor,
    locked: options.locked,
    proxyVariables: options.proxyVariables,
    fromSource: !Deno.build.standalone,
    platform: `Deno ${Deno.version.deno}, ${Deno.build.target}`,
    files,
    keyboard: () => Deno.stdin.isTerminal() ? systemKeyboard : null,
    clock,
    permissions,
    onStopSignal,
    startEngine: startEngineWorker,
    // What only some commands need is loaded by them: a download should begin at once.
    fetchTorrent: async (url, limit, local, proxy) =>
      await (await import("./fetch_torrent.ts")).fetchTorrent(url, limit, local, proxy),
    startManager: startManagerWorker,
    startControl: async (options) => {
      const { loadPage, startControlServer } = await import("../control/mod.ts");
      return await startControlServer({ ...options, page: await loadPage() });
    },
    scrapeTrackers: async (urls, infoHash, options) =>
      await (await import("./scrape_trackers.ts")).scrapeTrackers(urls, infoHash, options),
    runVerify,
    runCreate,
    startTracker: async ({ hostname, port, torrents }) => {
      const { TrackerServer } = await import("../net/mod.ts");
      const limits = torrents === undefined ? {} : { maxTorrents: torrents };
      const server = new TrackerServer({ hostname, port, limits });
      return {
        url: server.announceUrl,
        udp: server.udpUrl,
        port: server.port,
        hold: (infoHash, seeds) => server.hold(infoHash, seeds),
        close: () => server.shutdown(),
      };
    },
    openManager: async (address) => (await import("../remote/mod.ts")).openTransport(address),
    networkAddresses: async () => {
      const found = Deno.networkInterfaces();
      await Deno.permissions.revoke({ name: "sys", kind: "networkInterfaces" });
      return found.map(({ name, address }) => ({ name, address }));
    },
  };
}

class Stream implements Output {
  readonly isTerminal: boolean;
  readonly #stream: typeof Deno.stdout;
  readonly #encoder = new TextEncoder();

  constructor(stream: typeof Deno.stdout) {
    this.#stream = stream;
    this.isTerminal = stream.isTerminal();
  }

  write(text: string): void {
    const bytes = this.#encoder.encode(text);
    let at = 0;
    while (at < bytes.length) {
      try {
        at += this.#stream.writeSync(bytes.subarray(at));
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
      }
    }
  }

  async writeBytes(bytes: Bytes): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      try {
        at += await this.#stream.write(bytes.subarray(at));
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        await pause(FULL_PIPE_MS);
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function terminalSize(): { columns: number; rows: number } | null {
  try {
    return Deno.consoleSize();
  } catch {
    return null;
  }
}

const files: Files = {
  async read(path, limit) {
    using file = await Deno.open(path);
    return await readAll(file, limit);
  },
  readInput: (limit) => readAll(Deno.stdin, limit),
  write: (path, bytes, replace) => Deno.writeFile(path, bytes, { createNew: !replace }),
  async saveNew(path, bytes) {
    const { saveNew } = await import("../storage/mod.ts");
    saveNew(path, bytes);
  },
  async exists(path) {
    try {
      await Deno.lstat(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  },
  makeFolder: (path) => Deno.mkdir(path, { recursive: true }),
  realPath: (path) => Deno.realPath(path),
};

/** Everything up to the end; the size a file claims is not asked, it may be a pipe or a device. */
async function readAll(
  reader: { read(into: Uint8Array): Promise<number | null> },
  limit: number,
): Promise<Bytes> {
  let bytes: Bytes = new Uint8Array(CHUNK);
  let length = 0;
  while (true) {
    if (length === bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    const read = await reader.read(bytes.subarray(length));
    if (read === null) return bytes.slice(0, length);
    length += read;
    if (length > limit) throw new InputTooLarge(`Expected at most ${limit} bytes, got more`);
  }
}

const clock: Clock = {
  now: () => performance.now(),
  date: () => Math.floor(Date.now() / 1000),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const permissions: Permissions = {
  async revokeFiles() {
    await Deno.permissions.revoke({ name: "read" });
    await Deno.permissions.revoke({ name: "write" });
    await Deno.permissions.revoke({ name: "sys", kind: "networkInterfaces" });
  },
  allows: (access, path) => Deno.permissions.querySync({ name: access, path }).state === "granted",
  state(name) {
    const status = Deno.permissions.querySync({ name });
    if (status.state === "granted") return status.partial ? "partly" : "yes";
    // A grant of single kinds does not show in the whole.
    return name === "sys" && hasStatfs() ? "partly" : "no";
  },
};

function hasStatfs(): boolean {
  try {
    // The runtime knows this kind, its types do not yet.
    const descriptor = { name: "sys", kind: "statfs" as never } as const;
    return Deno.permissions.querySync(descriptor).state === "granted";
  } catch {
    return false;
  }
}

function onStopSignal(handler: () => void, { hangup } = { hangup: true }): () => void {
  if (Deno.build.os === "windows") return onSignals(["SIGINT", "SIGBREAK"], handler);
  const stop = onSignals(["SIGINT", "SIGTERM"], handler);
  // without a listener it ends the process
  const stopHangup = onSignals(["SIGHUP"], hangup ? handler : () => {});
  return () => {
    stop();
    stopHangup();
  };
}

function onSignals(signals: readonly Deno.Signal[], handler: () => void): () => void {
  for (const signal of signals) Deno.addSignalListener(signal, handler);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, handler);
  };
}
