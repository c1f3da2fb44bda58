import { join } from "@std/path";
import { type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import { NAMESPACES } from "../harness/requirements.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import { API_SECONDS, type Client, type ClientKind } from "./client.ts";

/** `torrent-get`, as far as it is used. */
interface Status {
  readonly status: number;
  readonly leftUntilDone: number;
  readonly error: number;
  readonly errorString: string;
  readonly peers: unknown;
}

/** `status` of a torrent that seeds. */
const STATUS_SEED = 6;
/** `error` of a torrent that cannot go on by itself; lower numbers are the tracker's. */
const ERROR_LOCAL = 3;

/** transmission-daemon over its RPC. */
class Transmission implements Client {
  #session = "";

  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly listens: string,
  ) {}

  async addTorrent(torrent: Torrent, folder: string): Promise<void> {
    const metainfo = torrent.bytes.toBase64();
    await this.call("torrent-add", { metainfo, "download-dir": folder, paused: false });
  }

  async addMagnet(link: string, _torrent: Torrent, folder: string): Promise<void> {
    await this.call("torrent-add", { filename: link, "download-dir": folder, paused: false });
  }

  async isSeeding(torrent: Torrent): Promise<boolean> {
    const status = await this.#status(torrent);
    if (status.error >= ERROR_LOCAL) throw new Hopeless(`Transmission: ${status.errorString}`);
    return status.leftUntilDone === 0 && status.status === STATUS_SEED;
  }

  async describe(torrent: Torrent): Promise<string> {
    return JSON.stringify(await this.#status(torrent));
  }

  tail(): string {
    return this.program.tail();
  }

  async call(method: string, args: unknown): Promise<Record<string, unknown>> {
    this.program.assertRunning();
    const body = JSON.stringify({ method, arguments: args });
    const post = () =>
      this.host.call(this.api, {
        method: "POST",
        headers: { "X-Transmission-Session-Id": this.#session },
        body,
      });
    let reply = await post();
    if (reply.status === 409) {
      // Its guard against forged requests: the answer names the id to send.
      this.#session = reply.headers.get("x-transmission-session-id") ?? "";
      reply = await post();
    }
    const answer = JSON.parse(textOf(reply));
    if (answer.result !== "success") {
      throw new Error(`Expected success of ${method} from Transmission, got ${answer.result}`);
    }
    return answer.arguments;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }

  async #status(torrent: Torrent): Promise<Status> {
    const fields = ["status", "leftUntilDone", "error", "errorString", "peers", "trackerStats"];
    const { torrents } = await this.call("torrent-get", { ids: [torrent.infoHash], fields });
    const status = (torrents as Status[])[0];
    if (status === undefined) throw new Error("Transmission does not know the torrent so far");
    return status;
  }
}

export const transmission: ClientKind = {
  name: "Transmission",
  requirements: [
    { program: "transmission-daemon", debianPackage: "transmission-daemon" },
    ...NAMESPACES,
  ],
  needsNamespaces: true,
  skipsEmptyFiles: true,
  async start(host, folder, finds = {}) {
    const rpc = await host.freePort();
    const peers = await host.freePort();
    const settings = {
      "bind-address-ipv4": host.address,
      "peer-port": peers,
      "rpc-port": rpc,
      "rpc-bind-address": host.address,
      "rpc-whitelist-enabled": false,
      "rpc-host-whitelist-enabled": false,
      "rpc-authentication-required": false,
      "dht-enabled": false,
      "pex-enabled": finds.pex ?? false,
      "lpd-enabled": finds.lsd ?? false,
      "utp-enabled": false,
      "port-forwarding-enabled": false,
      "download-dir": folder,
      "download-queue-enabled": false,
      "seed-queue-enabled": false,
      "ratio-limit-enabled": false,
      "idle-seeding-limit-enabled": false,
      // Plain text first; encrypted peers are welcome as well.
      encryption: 0,
      "message-level": 2,
    };
    const config = join(folder, "config");
    await Deno.mkdir(config);
    await Deno.writeTextFile(join(config, "settings.json"), JSON.stringify(settings));
    const program = host.start({
      name: "transmission",
      command: ["transmission-daemon", "-f", "-g", config],
      folder,
      env: { HOME: folder },
    });
    const url = `http://${host.address}:${rpc}/transmission/rpc`;
    const client = new Transmission(host, program, url, `${host.address}:${peers}`);
    try {
      const session = () => client.call("session-get", {});
      await until("Transmission's API to answer", API_SECONDS, session, () => program.tail());
      return client;
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
