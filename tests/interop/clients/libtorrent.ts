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
  readonly addresses: readonly string[];
}

/** libtorrent 2 behind a small HTTP API of ours (`python/libtorrent_peer.py`). */
class Libtorrent implements Client {
  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly port: number,
  ) {}

  addTorrent(torrent: Torrent, folder: string): Promise<void> {
    return this.#post("add", { torrent: torrent.path, folder });
  }

  addMagnet(link: string, _torrent: Torrent, folder: string): Promise<void> {
    return this.#post("add", { magnet: link, folder });
  }

  superSeed(torrent: Torrent): Promise<void> {
    return this.#post("super-seed", { torrent: torrent.infoHash });
  }

  announceToDht(torrent: Torrent): Promise<void> {
    return this.#post("announce", { torrent: torrent.infoHash });
  }

  async peers(torrent: Torrent): Promise<string[]> {
    return [...(await this.#status(torrent)).addresses];
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

  async #post(path: string, body: unknown): Promise<void> {
    const call = { method: "POST", body: JSON.stringify(body) } as const;
    textOf(await this.host.call(`${this.api}/${path}`, call));
  }

  async #status(torrent: Torrent): Promise<Status> {
    this.program.assertRunning();
    return JSON.parse(textOf(await this.host.call(`${this.api}/torrents/${torrent.infoHash}`)));
  }
}

export const libtorrent: ClientKind = {
  name: "libtorrent",
  requirements: [],
  skipsEmptyFiles: false,
  async start(host, folder, discovery, encryption) {
    const listen = await host.freePort();
    const script = fromFileUrl(new URL("../python/libtorrent_peer.py", import.meta.url));
    const options = [JSON.stringify(discovery ?? null), encryption ?? "either"];
    const command = ["/usr/bin/python3", script, host.address, `${listen}`, ...options];
    const program = host.start({ name: "libtorrent", command, folder });
    try {
      const port = await until("libtorrent's API port", API_SECONDS, () => {
        program.assertRunning();
        return program.stdout().match(/^api (\d+)$/m)?.[1];
      }, () => program.tail());
      return new Libtorrent(host, program, `http://${host.address}:${port}`, listen);
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
