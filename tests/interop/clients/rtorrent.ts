import { join } from "@std/path";
import type { Host } from "../harness/host.ts";
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
import { type Answer, type Argument, callScgi } from "./xmlrpc.ts";

/**
 * By itself it calls plainly and takes either. That is left so: with `try_outgoing` it now and then loses what comes
 * together with the answer to its handshake while it has only a link, and waits for ever.
 */
const ENCRYPTION: Readonly<Record<Encryption, string>> = {
  // The handshake both ways, and RC4 after it.
  required: "allow_incoming,try_outgoing,require,require_RC4",
  off: "none",
};

/** rtorrent without a terminal, driven over its Unix socket, which lies outside of namespaces. */
class Rtorrent implements Client {
  constructor(readonly program: Program, readonly socket: string, readonly port: number) {}

  async addTorrent({ bytes }: Torrent, folder: string): Promise<void> {
    await this.call("load.raw_start", "", bytes, `d.directory.set="${folder}"`);
  }

  async addMagnet(link: string, _torrent: Torrent, folder: string): Promise<void> {
    await this.call("load.start", "", link, `d.directory.set="${folder}"`);
  }

  async isSeeding(torrent: Torrent): Promise<boolean> {
    const hash = idOf(torrent);
    // A link's metadata is complete before there is a torrent.
    if (await this.call("d.is_meta", hash) === 1) return false;
    const hashing = await this.call("d.hashing", hash);
    if (hashing === 0 && await this.call("d.hashing_failed", hash) === 1) {
      throw new Hopeless(`rtorrent: ${await this.call("d.message", hash)}`);
    }
    const complete = await this.call("d.complete", hash);
    return hashing === 0 && complete === 1 && await this.call("d.is_active", hash) === 1;
  }

  async peers(torrent: Torrent): Promise<string[]> {
    const rows = await this.call("p.multicall", idOf(torrent), "", "p.address=");
    return Array.isArray(rows) ? rows.map((row) => String(row[0])) : [];
  }

  async superSeed(torrent: Torrent): Promise<void> {
    // Only of a torrent that does not run.
    const hash = idOf(torrent);
    await this.call("d.stop", hash);
    await until("rtorrent to stop it", API_SECONDS, async () => {
      return await this.call("d.is_active", hash) === 0;
    }, () => this.tail());
    await this.call("d.connection_current.set", hash, "initial_seed");
    await this.call("d.start", hash);
  }

  async dhtNodes(): Promise<number> {
    return numberAfter(await this.call("dht.statistics"), "nodes");
  }

  async describe(torrent: Torrent): Promise<string> {
    const hash = idOf(torrent);
    const of = async (name: string) => `${name} ${await this.call(name, hash)}`;
    const names = ["d.message", "d.complete", "d.is_active", "d.hashing", "d.left_bytes"];
    const said = await Promise.all(names.map(of));
    return `${said.join(", ")}, peers ${(await this.peers(torrent)).join(" ") || "none"}`;
  }

  tail(): string {
    return this.program.tail();
  }

  call(method: string, ...args: Argument[]): Promise<Answer> {
    this.program.assertRunning();
    return callScgi(this.socket, method, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}

/** A structure's member, from names and values in turn. */
function numberAfter(answer: Answer, name: string): number {
  const members = Array.isArray(answer) ? answer : [];
  return Number(members[members.indexOf(name) + 1] ?? 0);
}

function idOf({ infoHash }: Torrent): string {
  return infoHash.toUpperCase();
}

async function writeSettings(
  host: Host,
  folder: string,
  port: number,
  discovery: Discovery | undefined,
  encryption: Encryption | undefined,
): Promise<string> {
  const session = join(folder, "session");
  await Deno.mkdir(session);
  const on = discovery !== undefined;
  const lines = [
    // Without a terminal.
    "system.daemon.set = true",
    `session.path.set = ${session}`,
    `directory.default.set = ${folder}`,
    `network.scgi.open_local = ${join(folder, "scgi")}`,
    // An address keeps it from peers and trackers of the other family.
    ...(on ? [] : [`network.bind_address.set = ${host.address}`]),
    `network.port_range.set = ${port}-${port}`,
    `dht.port.set = ${port}`,
    ...(encryption === undefined ? [] : [`protocol.encryption.set = ${ENCRYPTION[encryption]}`]),
    `dht.mode.set = ${on ? "on" : "disable"}`,
    `protocol.pex.set = ${on ? "yes" : "no"}`,
    "trackers.use_udp.set = yes",
    // It goes into failure messages.
    "log.open_file = log, /dev/stdout",
    ...["info", "tracker_info", "connection_debug"].map((kind) => `log.add_output = ${kind}, log`),
  ];
  const settings = join(folder, "rtorrent.rc");
  await Deno.writeTextFile(settings, `${lines.join("\n")}\n`);
  return settings;
}

export const rtorrent: ClientKind = {
  name: "rtorrent",
  requirements: [{ program: "rtorrent", debianPackage: "rtorrent" }],
  skipsEmptyFiles: false,
  // Left of a link when its metadata is here.
  ownFiles: /^[0-9A-F]{40}\.meta$/,
  async start(host, folder, discovery, encryption) {
    const port = await host.freePort();
    const settings = await writeSettings(host, folder, port, discovery, encryption);
    const program = host.start({
      name: "rtorrent",
      command: ["rtorrent", "-n", "-o", `import=${settings}`],
      folder,
      env: { HOME: folder, TERM: "dumb" },
    });
    const client = new Rtorrent(program, join(folder, "scgi"), port);
    try {
      const version = () => client.call("system.client_version");
      await until("rtorrent's API to answer", API_SECONDS, version, () => program.tail());
      if (discovery !== undefined) await client.call("dht.add_node", "", discovery.dhtNode);
      return client;
    } catch (error) {
      await program.stop();
      throw error;
    }
  },
};
