/**
 * 50 peers of one session on real sockets, in a process of their own, where handles can be counted: those of other tests
 * and of the runner come and go. Its argument is for how many seconds. Fails by its exit code.
 */
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { toHex } from "../../../src/base/mod.ts";
import { TrackerServer } from "../../../src/net/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "../../loopback/lab.ts";
import { hello, RawPeer } from "../../loopback/raw_peer.ts";
import { handles, handlesByKind, TimerCount } from "../counts.ts";
import { liveBytes } from "../memory.ts";
import { Street } from "../street.ts";

/** How long it goes on. */
const SECONDS = Number(Deno.args[0]);
/** Strangers that come by themselves; with those at home and real clients there are about 50. */
const LINES = 40;
const HOUSES = 5;
const DOWNLOADS = 3;
const SIZE = 6_000_000;
/** What may stay on the heap: compiled code, and a few kilobytes for each torrent that ended. */
const MOST_LEFT = 8 * 1024 * 1024;

async function soak(): Promise<void> {
  using timers = new TimerCount();
  using folder = new Folder();
  const tracker = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const client = await Client.start(folder, { connectTimeout: 2, verbose: false });
  try {
    // what the first peers leave, later ones find: code, buffers of the tracker
    await live(client, folder, tracker, 5);
    const before = await settled(timers);
    const kinds = handlesByKind();
    const memory = await liveBytes();
    await live(client, folder, tracker, SECONDS);
    const after = await settled(timers, before);
    const report = () => `Open before: ${kinds}\nafter: ${handlesByKind()}`;
    if (after.handles > before.handles) throw new Error(`Expected no more handles\n${report()}`);
    assertEquals(after.timers, before.timers);
    assertLessOrEqual(await liveBytes() - memory, MOST_LEFT);
  } finally {
    await client.stop();
    await tracker.shutdown();
  }
  assertEquals(timers.size, 0);
}

/** Seeds and downloads among strangers for so long; in the end every torrent has ended well. */
async function live(
  client: Client,
  folder: Folder,
  { announceUrl }: TrackerServer,
  seconds: number,
): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const patience = (seconds + 60) * 1000;
  const street = new Street(client.address, Math.round(seconds), LINES);
  const seeded = [await make(announceUrl), await make(announceUrl)];
  const wanted = new Set<LabTorrent>();
  for (const torrent of seeded) {
    folder.fill(torrent);
    await client.add(torrent, { seedOnly: true, seed: { minutes: seconds / 60, ratio: null } });
  }
  let completed = 0;
  const download = async () => {
    while (performance.now() < until) {
      const torrent = await make(announceUrl);
      await street.inhabit(torrent, announceUrl, HOUSES);
      wanted.add(torrent);
      const id = await client.add(torrent);
      await using _end = helpAt(until, client, torrent);
      await client.heard("done", (event) => event.torrent === id, patience);
      wanted.delete(torrent);
      await client.heard("finished", (event) => event.torrent === id, patience);
      folder.assertHolds(torrent);
      Deno.removeSync(`${folder.path}/${torrent.name}`);
      completed++;
    }
  };
  const guest = async () => {
    while (performance.now() < until) await visit(client, seeded);
  };
  street.seeded = seeded;
  street.wanted = wanted;
  await Promise.all([...Array.from({ length: DOWNLOADS }, download), guest(), guest()]);
  for (const torrent of seeded) {
    await client.heard("finished", (event) => event.torrent === toHex(torrent.hash), patience);
  }
  await street[Symbol.asyncDispose]();
  assertEquals(street.faults, []);
  assertEquals(client.all("warning"), []);
  assertEquals(client.all("error"), []);
  assertGreater(completed, 0);
  client.events.length = 0;
}

/** A torrent that nobody had before. */
function make(announce: string): Promise<LabTorrent> {
  return labTorrent(crypto.randomUUID(), [["", SIZE]], 64 * 1024, announce);
}

/**
 * An honest seed that comes at the end, however often it is refused in the crowd. Its end is
 * waited for: a dial under way when nobody needs it any more would outlive the test.
 */
function helpAt(until: number, client: Client, torrent: LabTorrent): AsyncDisposable {
  let peer: RawPeer | null = null;
  let over = false;
  let helping = Promise.resolve();
  const help = async () => {
    while (!over) {
      peer = await RawPeer.dial(client.address);
      if (!over) await peer.send(hello(torrent)).then(() => peer!.seed(torrent)).catch(() => {});
      peer.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const timer = setTimeout(() => helping = help(), Math.max(0, until - performance.now()));
  return {
    async [Symbol.asyncDispose]() {
      over = true;
      clearTimeout(timer);
      peer?.close();
      await helping;
    },
  };
}

/** Another client takes some of what ours seeds and leaves, often in the middle. */
async function visit({ address }: Client, seeded: readonly LabTorrent[]): Promise<void> {
  using folder = new Folder();
  await using guest = await Client.start(folder, { downloadLimit: 2_000_000 });
  await guest.add(seeded[Math.floor(Math.random() * 2)]!, { peers: [address] });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3_000));
}

interface Held {
  readonly handles: number;
  readonly timers: number;
}

/** What is held once it is no more than `expected`, or without that once it stays as it is; gives up after a while. */
async function settled(timers: TimerCount, expected?: Held): Promise<Held> {
  let last: Held = { handles: -1, timers: -1 };
  for (let i = 0, same = 0; i < 600; i++) {
    const now = { handles: handles() ?? 0, timers: timers.size };
    same = now.handles === last.handles && now.timers === last.timers ? same + 1 : 0;
    last = now;
    const done = expected === undefined
      ? same >= 30
      : now.handles <= expected.handles && now.timers === expected.timers;
    if (done) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return last;
}

await soak();
