import { LineProcess } from "../line_process.ts";
import { localPeer, type Peer } from "../tracker.ts";
import type { Way } from "../scenario.ts";
import { ALONE, LIBTORRENT, type Program, PYTHON, pythonScript, TM } from "./program.ts";

/** A seeding process. */
export interface Serving extends AsyncDisposable {
  readonly pid: number;
  /** Where it listens; several only where several were asked for. */
  readonly peers: readonly Peer[];
}

/** A program that seeds a torrent whose payload is in `folder`. */
export interface SeederProgram extends Program {
  serve(
    torrent: string,
    folder: string,
    tm: string,
    signal: AbortSignal,
    options?: readonly string[],
  ): Promise<Serving>;
}

/** Seconds to look at the payload and listen. */
const START_SECONDS = 120;

export const TM_SEED: SeederProgram = {
  ...TM,
  async serve(torrent, folder, tm, signal, options = []) {
    const where = ["-d", folder, "--listen-port", "0", ...ALONE];
    const command = [tm, "seed", torrent, ...where, "--json", ...options];
    // Its errors are events, too.
    const child = new LineProcess(command, signal, "null");
    try {
      let port = 0;
      await child.line(START_SECONDS, (line) => {
        const event = JSON.parse(line);
        if (event.type === "listening") port = event.port;
        return event.type === "progress" && event.state === "seeding";
      });
      // What it goes on to tell is not wanted, but must not fill the pipe.
      child.drain();
      return serving(child, [localPeer(port)]);
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  },
};

export const LIBTORRENT_SEED: SeederProgram = {
  ...LIBTORRENT,
  serve: (torrent, folder, _tm, signal) => LibtorrentSeeder.start(torrent, folder, 1, signal),
};

/** What seeders saw of one download: payload bytes sent, and seconds from the first to the last. */
export interface Transfer {
  readonly bytes: number;
  readonly seconds: number;
}

/** Fast libtorrent seeders of the same, in one process. */
export class LibtorrentSeeder implements Serving {
  readonly #child: LineProcess;
  readonly peers: readonly Peer[];

  private constructor(child: LineProcess, peers: readonly Peer[]) {
    this.#child = child;
    this.peers = peers;
  }

  /** `count` seeders, each of all the torrents, whose payload is in `folder`. */
  static async start(
    torrents: string | readonly string[],
    folder: string,
    count: number,
    signal: AbortSignal,
    transport: Way = "tcp",
  ): Promise<LibtorrentSeeder> {
    const script = pythonScript("libtorrent_seeder.py");
    const command = [PYTHON, script, folder, `${count}`, transport, ...[torrents].flat()];
    const child = new LineProcess(command, signal);
    try {
      const line = await child.line(START_SECONDS, (line) => line.startsWith("ports "));
      return new LibtorrentSeeder(child, line.split(" ").slice(1).map((port) => localPeer(+port)));
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** From now on it notes when it sends; that costs a little, so it does it only when asked. */
  async watch(): Promise<void> {
    await this.#child.write("watch");
    await this.#child.line(START_SECONDS, (line) => line === "watching");
  }

  /** The transfer since {@linkcode watch}. */
  async transfer(): Promise<Transfer> {
    await this.#child.write("transfer");
    return JSON.parse(await this.#child.line(START_SECONDS, (line) => line.startsWith("{")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}

function serving(child: LineProcess, peers: readonly Peer[]): Serving {
  return { pid: child.pid, peers, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
