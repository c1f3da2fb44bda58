import { fromFileUrl } from "@std/path";
import { type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import { API_SECONDS, type Client, type ClientKind } from "./client.ts";

interface Status {
  readonly state: string;
  readonly seeding: boolean;
  readonly error: string;
}

/** libtorrent 2 behind a small HTTP API of ours (`python/libtorrent_peer.py`). */
class Libtorrent implements Client {
  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly listens: string,
  ) {}

  async addTorrent(torrent: Torrent, folder: string): Promise<void> {
    const body = JSON.stringify({ torrent: torrent.path, folder });
    textOf(await this.host.call(`${this.api}/add`, { method: "POST", body }));
  }

  async addMagnet(magnet: string, _torrent: Torrent, folder: string): Promise<void> {
    const body = JSON.stringify({ magnet, folder });
    textOf(await this.host.call(`${this.api}/add`, { method: "POST", body }));
  }

  async isSeeding(torrent: Torrent): Promise<boolean> {
    const status = await this.#status(torrent);
    if (status.error !== "") throw new Hopeless(`libtorrent: ${status.error}`);
    return status.seeding;
  }

  async describe(torrent: Torrent): Promise<string> {
    return JSON.stringify(await this.#status(torrent));
  }

  tail(): string {
    return this.program.tail();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }

  async #status(torrent: Torrent): Promise<Status> {
    this.program.assertRunning();
    return JSON.parse(textOf(await this.host.call(`${this.api}/torrents/${torrent.infoHash}`)));
  }
}

export const libtorrent: ClientKind = {
  name: "libtorrent",
  requirements: [],
  needsNamespaces: false,
  skipsEmptyFiles: false,
  async start(host, folder, finds = {}) {
    const script = fromFileUrl(new URL("../python/libtorrent_peer.py", import.meta.url));
    const ways = Object.entries(finds).flatMap(([way, on]) => on ? [way] : []);
    const command = ["/usr/bin/python3", script, host.address, ...ways];
    const program = host.start({ name: "libtorrent", command, folder });
    try {
      const [api, peers] = await until("libtorrent's API port", API_SECONDS, () => {
        program.assertRunning();
        const printed = program.stdout();
        const ports = ["api", "peers"].map((what) =>
          new RegExp(`^${what} (\\d+)$`, "m").exec(printed)?.[1]
        );
        return ports.includes(undefined) ? null : ports;
      }, () => program.tail());
      const { address } = host;
      return new Libtorrent(host, program, `http://${address}:${api}`, `${address}:${peers}`);
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
