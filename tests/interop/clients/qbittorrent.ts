import { join } from "@std/path";
import { type Call, type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import {
  API_SECONDS,
  type Client,
  type ClientKind,
  type Discovery,
  type Encryption,
} from "./client.ts";

const SEEDING = ["uploading", "stalledUP", "forcedUP"];
const FAILED = ["error", "missingFiles"];

/** qBittorrent without a window, over its Web API. */
class Qbittorrent implements Client {
  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly port: number,
  ) {}

  addTorrent({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }, folder: string) {
    return this.#add(folder, (form) => {
      const file = new Blob([bytes], { type: "application/x-bittorrent" });
      form.set("torrents", file, "x.torrent");
    });
  }

  addMagnet(link: string, _torrent: Torrent, folder: string): Promise<void> {
    return this.#add(folder, (form) => form.set("urls", link));
  }

  superSeed(torrent: Torrent): Promise<void> {
    return this.#post("torrents/setSuperSeeding", { hashes: idOf(torrent), value: "true" });
  }

  async dhtNodes(): Promise<number> {
    return JSON.parse(await this.call("transfer/info")).dht_nodes;
  }

  async peers(torrent: Torrent): Promise<string[]> {
    const { peers } = JSON.parse(await this.call(`sync/torrentPeers?hash=${idOf(torrent)}`));
    return Object.values(peers as Record<string, { ip: string }>).map(({ ip }) => ip);
  }

  async #add(folder: string, fill: (form: FormData) => void): Promise<void> {
    const form = new FormData();
    fill(form);
    form.set("savepath", folder);
    form.set("autoTMM", "false");
    form.set("paused", "false");
    // A Response writes the form as multipart and knows its boundary.
    const encoded = new Response(form);
    const headers = { "Content-Type": encoded.headers.get("content-type") ?? "" };
    const body = new Uint8Array(await encoded.arrayBuffer());
    const answer = await this.call("torrents/add", { method: "POST", headers, body });
    if (answer !== "Ok.") throw new Error(`Expected Ok. from qBittorrent, got ${answer}`);
  }

  async isSeeding(torrent: Torrent): Promise<boolean> {
    const info = await this.#info(torrent);
    if (FAILED.includes(info.state)) throw new Hopeless(`qBittorrent: ${info.state}`);
    return info.progress === 1 && SEEDING.includes(info.state);
  }

  async describe(torrent: Torrent): Promise<string> {
    const { state, progress } = await this.#info(torrent);
    const peers = await this.call(`sync/torrentPeers?hash=${idOf(torrent)}`);
    const trackers = await this.call(`torrents/trackers?hash=${idOf(torrent)}`);
    const nodes = await this.dhtNodes();
    return JSON.stringify({ state, progress, peers, trackers, nodes });
  }

  tail(): string {
    return this.program.tail();
  }

  async call(path: string, call: Call = {}): Promise<string> {
    this.program.assertRunning();
    return textOf(await this.host.call(`${this.api}/${path}`, call));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }

  async #post(path: string, values: Record<string, string>): Promise<void> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(values).toString();
    await this.call(path, { method: "POST", headers, body });
  }

  async #info(torrent: Torrent): Promise<{ state: string; progress: number }> {
    const list = JSON.parse(await this.call(`torrents/info?hashes=${idOf(torrent)}`));
    if (list[0] === undefined) throw new Error("qBittorrent does not know the torrent so far");
    return list[0];
  }
}

/** It knows a hybrid by the hash of version 2. */
function idOf({ infoHash, infoHashV2 }: Torrent): string {
  return infoHashV2?.slice(0, 40) ?? infoHash;
}

function configuration(
  address: string,
  listen: number,
  web: number,
  discovery: Discovery | undefined,
  encryption: Encryption | undefined,
): string {
  const policy = encryption === undefined ? 0 : encryption === "required" ? 1 : 2;
  const on = discovery !== undefined;
  return `[LegalNotice]
Accepted=true
[BitTorrent]
Session\\Port=${listen}
Session\\InterfaceAddress=${on ? "" : address}
Session\\DHTEnabled=${on}
Session\\PeXEnabled=${on}
Session\\LSDEnabled=${on}
Session\\Encryption=${policy}
Session\\BTProtocol=${on ? "Both" : "TCP"}
Session\\QueueingSystemEnabled=false
Session\\MultiConnectionsPerIp=true
Session\\SSRFMitigation=false
Session\\AddTorrentPaused=false
[Preferences]
Connection\\UPnP=false
WebUI\\Address=${address}
WebUI\\Port=${web}
WebUI\\LocalHostAuth=false
WebUI\\AuthSubnetWhitelistEnabled=true
WebUI\\AuthSubnetWhitelist=0.0.0.0/0
WebUI\\CSRFProtection=false
WebUI\\HostHeaderValidation=false
`;
}

export const qbittorrent: ClientKind = {
  name: "qBittorrent",
  requirements: [{ program: "qbittorrent-nox", debianPackage: "qbittorrent-nox" }],
  skipsEmptyFiles: false,
  async start(host, folder, discovery, encryption) {
    const web = await host.freePort();
    const listen = await host.freePort();
    const profile = join(folder, "profile");
    const config = join(profile, "qBittorrent", "config");
    await Deno.mkdir(config, { recursive: true });
    const text = configuration(host.address, listen, web, discovery, encryption);
    await Deno.writeTextFile(join(config, "qBittorrent.conf"), text);
    const program = host.start({
      name: "qbittorrent",
      command: ["qbittorrent-nox", `--profile=${profile}`, `--webui-port=${web}`],
      folder,
      // It enters the DHT only when it has given up finding the addresses of its usual nodes.
      env: { HOME: folder, XDG_CACHE_HOME: folder, RES_OPTIONS: "timeout:1 attempts:1" },
    });
    const client = new Qbittorrent(host, program, `http://${host.address}:${web}/api/v2`, listen);
    try {
      const version = () => client.call("app/version");
      await until("qBittorrent's API to answer", API_SECONDS, version, () => program.tail());
      if (discovery !== undefined) {
        await client.addTorrent({ bytes: torrentOfNodes(discovery.dhtNode) }, folder);
      }
      return client;
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};

/** It has no setting for nodes to enter the DHT by, but reads those of torrents: one that names a node and is never had. */
function torrentOfNodes(node: string): Uint8Array<ArrayBuffer> {
  const { hostname, port } = new URL(`http://${node}`);
  const info = `d6:lengthi1e4:name5:nodes12:piece lengthi16384e6:pieces20:${"x".repeat(20)}e`;
  const nodes = `ll${hostname.length}:${hostname}i${port}eee`;
  return new TextEncoder().encode(`d4:info${info}5:nodes${nodes}e`);
}
