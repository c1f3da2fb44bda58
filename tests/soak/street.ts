import { infoHash, peerId, randomBytes, SeededRandom } from "../../src/base/mod.ts";
import { AddressPolicy, SystemResolver, TrackerClient } from "../../src/net/mod.ts";
import type { LabTorrent } from "../loopback/lab.ts";
import { RawPeer, RawServer } from "../loopback/raw_peer.ts";
import { GIVERS, type Meeting, NUISANCES, type Script, TAKERS } from "./stranger.ts";

/** How long a stranger stays, in milliseconds. */
const SHORT_STAY = 3_000;
const LONG_STAY = 20_000;

/** Strangers around a client: those that come to it, one after another in so many lines, and those that it visits. */
export class Street implements AsyncDisposable {
  /** Torrents the client seeds, and downloads; kept up to date by whoever owns the client. */
  seeded: readonly LabTorrent[] = [];
  wanted: Iterable<LabTorrent> = [];
  /** How often each script ran, came or was visited. */
  readonly seen = new Map<string, number>();
  /** What went wrong in a script other than a connection that ended. */
  readonly faults: unknown[] = [];
  readonly #random: SeededRandom;
  readonly #stays = new Set<() => void>();
  /** Scripts that still run: those that were told to leave have a last read to end. */
  readonly #scripts = new Set<Promise<void>>();
  readonly #lines: Promise<void>[] = [];
  readonly #houses: RawServer[] = [];
  readonly #full = new FullHouse();
  #open = true;

  /** `address` is the client's. */
  constructor(readonly address: string, seed: number, lines: number) {
    this.#random = new SeededRandom(seed);
    for (let i = 0; i < lines; i++) this.#lines.push(this.#line());
  }

  /** Strangers wait to be visited for `torrent`, and say so to its tracker. */
  async inhabit(torrent: LabTorrent, tracker: string, houses: number): Promise<void> {
    const ports = [deadPort(), await this.#full.port];
    for (let i = 0; i < houses; i++) {
      const scripts = this.#random.below(3) === 0 ? NUISANCES : GIVERS;
      const house = new RawServer((peer) => this.#meet(peer, torrent, this.#pick(scripts)));
      this.#houses.push(house);
      ports.push(Number(house.address.split(":")[1]));
    }
    for (const port of ports) await announce(torrent, tracker, port, this.#random);
    // more would only be handles of our own; whoever is there stays until its time is over
    while (this.#houses.length > 6 * houses) await this.#houses.shift()![Symbol.asyncDispose]();
  }

  /** Everybody leaves, and nobody comes any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    for (const end of [...this.#stays]) end();
    await Promise.all(this.#lines);
    for (const house of this.#houses.splice(0)) await house[Symbol.asyncDispose]();
    await Promise.all(this.#scripts);
    await this.#full[Symbol.asyncDispose]();
  }

  async #line(): Promise<void> {
    while (this.#open) {
      const giver = this.#random.below(2) === 0;
      const torrents = giver ? [...this.wanted] : this.seeded;
      const torrent = torrents[this.#random.below(Math.max(1, torrents.length))];
      if (torrent === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      const nuisance = this.#random.below(4) === 0;
      const script = this.#pick(nuisance ? NUISANCES : giver ? GIVERS : TAKERS);
      const peer = await RawPeer.dial(this.address);
      await this.#meet(peer, torrent, script);
    }
  }

  #pick(scripts: Readonly<Record<string, Script>>): [string, Script] {
    const all = Object.entries(scripts);
    return all[this.#random.below(all.length)]!;
  }

  async #meet(peer: RawPeer, torrent: LabTorrent, [name, script]: [string, Script]): Promise<void> {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
    const random = new SeededRandom(this.#random.below(0x1_0000_0000));
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    let over = false;
    const end = () => {
      over = true;
      clearTimeout(timer);
      this.#stays.delete(end);
      peer.close();
      resolve();
    };
    const timer = setTimeout(end, random.below(random.below(4) === 0 ? LONG_STAY : SHORT_STAY));
    this.#stays.add(end);
    if (!this.#open) end();
    const pause = async (ms: number) => {
      if (ms === Infinity) return await ended;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const elapsed = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
      await Promise.race([elapsed, ended]);
      clearTimeout(timer);
    };
    const meeting: Meeting = { peer, torrent, random, pause, over: () => over };
    const run: Promise<void> = script(meeting).catch((error) => this.#note(error))
      .finally(() => this.#scripts.delete(run));
    this.#scripts.add(run);
    await Promise.race([run, ended]);
    end();
  }

  #note(error: unknown): void {
    const { ConnectionReset, BrokenPipe, BadResource, Interrupted, NotConnected } = Deno.errors;
    const ends = [ConnectionReset, BrokenPipe, BadResource, Interrupted, NotConnected];
    if (!ends.some((end) => error instanceof end)) this.faults.push(error);
  }
}

/** Where so many wait to be let in that the system answers no newcomer: a dial hangs. */
class FullHouse implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  readonly #waiting: Deno.TcpConn[] = [];
  /** Its port, once it is full. */
  readonly port = this.#fill();

  async #fill(): Promise<number> {
    const { port } = this.#listener.addr;
    for (;;) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), 300);
      try {
        const options = { hostname: "127.0.0.1", port, signal: abort.signal };
        this.#waiting.push(await Deno.connect(options));
      } catch {
        return port;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port;
    this.#listener.close();
    for (const conn of this.#waiting) conn.close();
  }
}

/** A port where nobody listens (any more). */
function deadPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function announce(
  torrent: LabTorrent,
  tracker: string,
  port: number,
  random: SeededRandom,
): Promise<void> {
  await new TrackerClient(new AddressPolicy(new SystemResolver())).announce(tracker, {
    infoHash: infoHash(torrent.hash),
    peerId: peerId(randomBytes(20, random)),
    port,
    uploaded: 0,
    downloaded: 0,
    left: 0,
    event: "started",
    numwant: 0,
    key: random.below(2 ** 32),
    trackerId: null,
  });
}
