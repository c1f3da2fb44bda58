import { join } from "@std/path";
import { type Call, type Host, textOf } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Torrent } from "../harness/torrent.ts";
import { Hopeless, until } from "../harness/until.ts";
import { API_SECONDS, type Client, type ClientKind, type Finds } from "./client.ts";

const SEEDING = ["uploading", "stalledUP", "forcedUP"];
const FAILED = ["error", "missingFiles"];

/** qBittorrent without a window, over its Web API. */
class Qbittorrent implements Client {
  constructor(
    readonly host: Host,
    readonly program: Program,
    readonly api: string,
    readonly listens: string,
  ) {}

  async addTorrent(torrent: Torrent, folder: string): Promise<void> {
    const form = new FormData();
    form.set("savepath", folder);
    form.set("autoTMM", "false");
    form.set("paused", "false");
    const file = new Blob([torrent.bytes], { type: "application/x-bittorrent" });
    form.set("torrents", file, "x.torrent");
    // A Response writes the form as multipart and knows its boundary.
    const encoded = new Response(form);
    const headers = { "Content-Type": encoded.headers.get("content-type") ?? "" };
    const body = new Uint8Array(await encoded.arrayBuffer());
    const answer = await this.call("torrents/add", { method: "POST", headers, body });
    if (answer !== "Ok.") throw new Error(`Expected Ok. from qBittorrent, got ${answer}`);
  }

  async addMagnet(link: string, _torrent: Torrent, folder: string): Promise<void> {
    const form = new URLSearchParams({ urls: link, savepath: folder, autoTMM: "false" });
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new TextEncoder().encode(form.toString());
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
    const peers = await this.call(`sync/torrentPeers?hash=${torrent.infoHash}`);
    const trackers = await this.call(`torrents/trackers?hash=${torrent.infoHash}`);
    return JSON.stringify({ state, progress, peers, trackers });
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

  async #info(torrent: Torrent): Promise<{ state: string; progress: number }> {
    const list = JSON.parse(await this.call(`torrents/info?hashes=${torrent.infoHash}`));
    if (list[0] === undefined) throw new Error("qBittorrent does not know the torrent so far");
    return list[0];
  }
}

function configuration(address: string, listen: number, web: number, finds: Finds): string {
  return `[LegalNotice]
Accepted=true
[BitTorrent]
Session\\Port=${listen}
Session\\InterfaceAddress=${address}
Session\\DHTEnabled=false
Session\\PeXEnabled=${finds.pex ?? false}
Session\\LSDEnabled=${finds.lsd ?? false}
Session\\Encryption=0
Session\\BTProtocol=TCP
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
  needsNamespaces: false,
  skipsEmptyFiles: false,
  async start(host, folder, finds = {}) {
    const web = await host.freePort();
    const listen = await host.freePort();
    const profile = join(folder, "profile");
    const config = join(profile, "qBittorrent", "config");
    await Deno.mkdir(config, { recursive: true });
    const text = configuration(host.address, listen, web, finds);
    await Deno.writeTextFile(join(config, "qBittorrent.conf"), text);
    const program = host.start({
      name: "qbittorrent",
      command: ["qbittorrent-nox", `--profile=${profile}`, `--webui-port=${web}`],
      folder,
      env: { HOME: folder, XDG_CACHE_HOME: folder },
    });
    const client = new Qbittorrent(
      host,
      program,
      `http://${host.address}:${web}/api/v2`,
      `${host.address}:${listen}`,
    );
    try {
      const version = () => client.call("app/version");
      await until("qBittorrent's API to answer", API_SECONDS, version, () => program.tail());
      return client;
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
