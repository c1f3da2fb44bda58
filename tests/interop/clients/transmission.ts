import { join } from "@std/path";
import { type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import { API_SECONDS, type Client, type ClientKind } from "./client.ts";

/** `torrent-get`, as far as it is used. */
interface Status {
  readonly status: number;
  readonly leftUntilDone: number;
  readonly metadataPercentComplete: number;
  readonly error: number;
  readonly errorString: string;
  readonly peers: readonly { readonly address: string }[];
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
    readonly port: number,
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
    // Without metadata nothing is left either.
    return status.metadataPercentComplete === 1 && status.leftUntilDone === 0 &&
      status.status === STATUS_SEED;
  }

  async peers(torrent: Torrent): Promise<string[]> {
    return (await this.#status(torrent)).peers.map(({ address }) => address);
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
    const fields = ["status", "leftUntilDone", "metadataPercentComplete"];
    fields.push("error", "errorString", "peers", "trackerStats");
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
  ],
  skipsEmptyFiles: true,
  async start(host, folder, discovery, encryption) {
    const rpc = await host.freePort();
    const listen = await host.freePort();
    const on = discovery !== undefined;
    const settings = {
      // An address binds its requests to trackers as well, and those of the other family fail.
      "bind-address-ipv4": on ? "0.0.0.0" : host.address,
      "bind-address-ipv6": on ? "::" : "::1",
      "peer-port": listen,
      "rpc-port": rpc,
      "rpc-bind-address": host.address,
      "rpc-whitelist-enabled": false,
      "rpc-host-whitelist-enabled": false,
      "rpc-authentication-required": false,
      "dht-enabled": on,
      "pex-enabled": on,
      "lpd-enabled": on,
      "utp-enabled": on && discovery.noUtp !== true,
      "port-forwarding-enabled": false,
      "download-dir": folder,
      "download-queue-enabled": false,
      "seed-queue-enabled": false,
      "ratio-limit-enabled": false,
      "idle-seeding-limit-enabled": false,
      // Encrypted alone, or plain text first and encrypted peers welcome as well.
      encryption: encryption === "required" ? 2 : 0,
      "message-level": 2,
    };
    const config = join(folder, "config");
    await Deno.mkdir(config);
    await Deno.writeTextFile(join(config, "settings.json"), JSON.stringify(settings));
    if (discovery !== undefined) {
      const node = discovery.dhtNode.replace(":", " ");
      await Deno.writeTextFile(join(config, "dht.bootstrap"), `${node}\n`);
    }
    const program = host.start({
      name: "transmission",
      command: ["transmission-daemon", "-f", "-g", config],
      folder,
      env: { HOME: folder },
    });
    const url = `http://${host.address}:${rpc}/transmission/rpc`;
    const client = new Transmission(host, program, url, listen);
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
