import { join } from "@std/path";
import { type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import { API_SECONDS, type Client, type ClientKind } from "./client.ts";

/** What `aria2.tellStatus` answers, as far as it is used; numbers come as text. */
interface Status {
  readonly status: string;
  readonly completedLength: string;
  readonly totalLength: string;
  readonly seeder?: string;
  readonly verifiedLength?: string;
  readonly errorMessage?: string;
  /** What a magnet link has become. */
  readonly followedBy?: readonly string[];
}

/** aria2 over its JSON-RPC. */
class Aria2 implements Client {
  readonly #gids = new Map<string, string>();

  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly port: number,
  ) {}

  async addTorrent(torrent: Torrent, folder: string, whole: boolean): Promise<void> {
    const options = { dir: folder, ...(whole ? { "check-integrity": "true" } : {}) };
    const gid = await this.call("addTorrent", torrent.bytes.toBase64(), [], options);
    this.#gids.set(torrent.infoHash, String(gid));
  }

  async addMagnet(link: string, torrent: Torrent, folder: string): Promise<void> {
    const gid = await this.call("addUri", [link], { dir: folder });
    this.#gids.set(torrent.infoHash, String(gid));
  }

  async isSeeding(torrent: Torrent): Promise<boolean> {
    const status = await this.#status(torrent);
    const [followedBy] = status.followedBy ?? [];
    if (followedBy !== undefined) {
      this.#gids.set(torrent.infoHash, followedBy);
      return false;
    }
    if (status.status === "error") throw new Hopeless(`aria2: ${status.errorMessage ?? "error"}`);
    // While it hashes, `verifiedLength` is there and nothing is served.
    return status.completedLength === status.totalLength && status.verifiedLength === undefined &&
      status.seeder === "true";
  }

  async peers(torrent: Torrent): Promise<string[]> {
    const peers = await this.call("getPeers", this.#gids.get(torrent.infoHash));
    return (peers as { ip: string }[]).map(({ ip }) => ip);
  }

  async describe(torrent: Torrent): Promise<string> {
    const gid = this.#gids.get(torrent.infoHash);
    const { status, completedLength, totalLength, seeder } = await this.#status(torrent);
    const peers = await this.call("getPeers", gid);
    return JSON.stringify({ status, completedLength, totalLength, seeder, peers });
  }

  tail(): string {
    return this.program.tail();
  }

  async call(method: string, ...params: unknown[]): Promise<unknown> {
    this.program.assertRunning();
    const body = JSON.stringify({ jsonrpc: "2.0", id: "1", method: `aria2.${method}`, params });
    const reply = JSON.parse(textOf(await this.host.call(this.api, { method: "POST", body })));
    return reply.result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }

  async #status(torrent: Torrent): Promise<Status> {
    return await this.call("tellStatus", this.#gids.get(torrent.infoHash)) as Status;
  }
}

export const aria2: ClientKind = {
  name: "aria2",
  requirements: [{ program: "aria2c", debianPackage: "aria2" }],
  skipsEmptyFiles: false,
  // Its record of what it has, kept while it seeds.
  ownFiles: /\.aria2$/,
  async start(host, folder, discovery, encryption) {
    const rpc = await host.freePort();
    const listen = await host.freePort();
    const dht = await host.freePort();
    const command = [
      "aria2c",
      "--no-conf=true",
      `--dir=${folder}`,
      "--enable-rpc=true",
      `--rpc-listen-port=${rpc}`,
      // Else on loopback alone.
      "--rpc-listen-all=true",
      // Else it writes the torrent itself beside the payload.
      "--rpc-save-upload-metadata=false",
      `--listen-port=${listen}`,
      // Without its DHT it asks no UDP trackers; by itself it knows no node to begin with.
      "--enable-dht=true",
      `--dht-listen-port=${dht}`,
      `--dht-file-path=${join(folder, "dht.dat")}`,
      "--enable-dht6=false",
      ...(discovery === undefined
        ? ["--enable-peer-exchange=false", "--bt-enable-lpd=false", "--disable-ipv6=true"]
        : [
          `--dht-entry-point=${discovery.dhtNode}`,
          "--enable-peer-exchange=true",
          "--bt-enable-lpd=true",
          `--bt-lpd-interface=${host.address}`,
        ]),
      // RC4 and nothing else.
      ...(encryption === "required" ? ["--bt-force-encryption=true"] : []),
      "--file-allocation=none",
      // So that a finished download is on disk when the API says it is finished.
      "--disk-cache=0",
      // For ever.
      "--seed-ratio=0.0",
      "--max-concurrent-downloads=100",
      "--summary-interval=0",
      "--show-console-readout=false",
      "--console-log-level=notice",
      `--log=${join(folder, "aria2.log")}`,
    ];
    const program = host.start({ name: "aria2", command, folder, env: { HOME: folder } });
    const client = new Aria2(host, program, `http://${host.address}:${rpc}/jsonrpc`, listen);
    try {
      const version = () => client.call("getVersion");
      await until("aria2's API to answer", API_SECONDS, version, () => program.tail());
      return client;
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
