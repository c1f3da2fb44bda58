import { fromFileUrl } from "@std/path";
import { type Host, textOf } from "../harness/host.ts";
import type { NamespaceHost } from "../harness/namespace_host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { until } from "../harness/until.ts";
import { API_SECONDS } from "./client.ts";

/** A DHT of libtorrent nodes with no way out (`python/libtorrent_dht.py`). */
export class LibtorrentDht implements AsyncDisposable {
  /** `host:port` of every node. */
  readonly nodes: readonly string[];
  readonly #host: Host;
  readonly #program: Program;
  readonly #api: string;

  /**
   * Resolves when every node knows most of the others. Each is in a network of its own: a libtorrent client asks, in
   * one search, only one node of 256 neighbouring addresses, and so would announce itself to one of them all, which
   * who searches need not come across.
   */
  static async start(host: NamespaceHost, folder: string, count: number): Promise<LibtorrentDht> {
    const script = fromFileUrl(new URL("../python/libtorrent_dht.py", import.meta.url));
    const addresses = Array.from({ length: count }, (_, i) => `10.79.${i}.1`);
    for (const address of addresses) await host.addAddress(address);
    const command = ["/usr/bin/python3", script, host.address, ...addresses];
    const program = host.start({ name: "libtorrent-dht", command, folder });
    try {
      const port = await until("the API of the DHT", API_SECONDS, () => {
        program.assertRunning();
        return program.stdout().match(/^api (\d+)$/m)?.[1];
      }, () => program.tail());
      const dht = new LibtorrentDht(host, program, Number(port));
      await until("the nodes to know each other", API_SECONDS, async () => {
        const sizes = await dht.tableSizes();
        return sizes.every((size) => size >= Math.min(8, count - 1));
      }, () => program.tail());
      return dht;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  private constructor(host: Host, program: Program, port: number) {
    this.#host = host;
    this.#program = program;
    this.#api = `http://${host.address}:${port}`;
    this.nodes = program.stdout().match(/^nodes (.*)$/m)?.[1]?.split(" ") ?? [];
  }

  /** The last node seeds what is in `folder`, or downloads it there. */
  async add(torrent: Torrent, folder: string): Promise<void> {
    const body = JSON.stringify({ torrent: torrent.path, folder });
    textOf(await this.#host.call(`${this.#api}/add`, { method: "POST", body }));
  }

  /** It has everything. */
  async isSeeding(torrent: Torrent): Promise<boolean> {
    return JSON.parse(await this.describe(torrent)).seeding;
  }

  /** State and peers, for messages. */
  async describe(torrent: Torrent): Promise<string> {
    this.#program.assertRunning();
    return textOf(await this.#host.call(`${this.#api}/torrents/${torrent.infoHash}`));
  }

  /** How many nodes each one knows. */
  async tableSizes(): Promise<number[]> {
    return JSON.parse(textOf(await this.#host.call(`${this.#api}/nodes`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
  }
}
