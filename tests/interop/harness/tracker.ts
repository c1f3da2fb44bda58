import { join } from "@std/path";
import { type Host, textOf } from "./host.ts";
import type { Program } from "./program.ts";
import { until } from "./until.ts";

/** A tracker as a process of its own. */
export interface Tracker extends AsyncDisposable {
  readonly name: string;
  /** Announce address. */
  readonly url: string;
  /** How many seeders it knows of a torrent (BEP 48). */
  seeders(infoHash: string): Promise<number>;
  tail(): string;
}

const START_SECONDS = 10;

class TrackerProcess implements Tracker {
  constructor(
    readonly name: string,
    readonly url: string,
    readonly program: Program,
    readonly host: Host,
  ) {}

  async seeders(infoHash: string): Promise<number> {
    const query = infoHash.replaceAll(/../g, "%$&");
    const scrape = this.url.replace(/\/announce$/, `/scrape?info_hash=${query}`);
    const reply = textOf(await this.host.call(scrape));
    // One torrent was asked for, so the answer holds one count of each kind.
    const complete = /8:completei(\d+)e/.exec(reply)?.[1];
    if (complete === undefined) return 0;
    return Number(complete);
  }

  tail(): string {
    return this.program.tail();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}

/** Where opentracker will be on this port: torrents that name it are made before it starts. */
export function openTrackerUrl(host: Host, port: number): string {
  return `http://${host.address}:${port}/announce`;
}

/** Debian's build answers only for the info hashes of its whitelist. */
export async function startOpenTracker(
  host: Host,
  folder: string,
  port: number,
  infoHashes: readonly string[],
): Promise<Tracker> {
  const root = join(folder, "opentracker");
  await Deno.mkdir(root);
  // It changes its root to this folder and then its user: both must be able to read.
  await Deno.chmod(root, 0o755);
  await Deno.writeTextFile(join(root, "whitelist"), `${infoHashes.join("\n")}\n`, { mode: 0o644 });
  const lines = [
    `listen.tcp_udp ${host.address}:${port}`,
    "access.whitelist whitelist",
    `tracker.rootdir ${root}`,
    "tracker.user _opentracker",
  ];
  await Deno.writeTextFile(join(root, "conf"), `${lines.join("\n")}\n`);
  const program = host.start({
    name: "opentracker",
    command: ["opentracker", "-f", join(root, "conf")],
    folder,
    cwd: root,
  });
  const url = openTrackerUrl(host, port);
  return await ready(new TrackerProcess("opentracker", url, program, host));
}

/** Our own, by default at the host's second address; it answers for every info hash. */
export async function startTmTracker(
  host: Host,
  folder: string,
  tm: string,
  address: string = host.secondAddress,
): Promise<Tracker> {
  const port = await host.freePort(address);
  const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const program = host.start({
    name: `tm-tracker-${port}`,
    command: [tm, "tracker", "--listen", where, "--json"],
    folder,
    cwd: folder,
  });
  const url = await until("an event `listening` from tm tracker --json", START_SECONDS, () => {
    const listening = program.events().find((event) => event.type === "listening");
    if (listening === undefined) program.assertRunning();
    return typeof listening?.url === "string" ? listening.url : null;
  }, () => program.tail()).catch(async (error) => {
    await program.stop();
    throw error;
  });
  return await ready(new TrackerProcess("tm tracker", url, program, host));
}

async function ready(tracker: TrackerProcess): Promise<Tracker> {
  try {
    // Any answer will do: the server is up.
    await until(`${tracker.name} to answer at ${tracker.url}`, START_SECONDS, async () => {
      tracker.program.assertRunning();
      return await tracker.host.call(tracker.url);
    }, () => tracker.tail());
  } catch (error) {
    await tracker[Symbol.asyncDispose]();
    throw error;
  }
  return tracker;
}
