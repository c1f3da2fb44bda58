/** 500 idle connections of one session, in a process of their own, where handles can be counted. Fails by its exit code. */
import { assertEquals, assertGreaterOrEqual, assertLess, assertLessOrEqual } from "@std/assert";
import { Client, Folder, labTorrent } from "../../loopback/lab.ts";
import { handles, TimerCount } from "../counts.ts";
import { Idler } from "../idler.ts";
import { liveBytes } from "../memory.ts";

/** Connections made to a session and by it: all it has at most. */
const INCOMING = 400;
const OUTGOING = 100;
const EACH = 50;
/** Our end and the test's, which is in the same thread. */
const MOST_EACH = 40 * 1024;

async function soak(): Promise<void> {
  using timers = new TimerCount();
  using folder = new Folder();
  // those that the session visits understand only the plain handshake
  const client = await Client.start(folder, { verbose: false, encryption: "off" });
  const listeners = Array.from(
    { length: EACH },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const idlers: Idler[] = [];
  try {
    const torrents = await Promise.all(
      Array.from(
        { length: (INCOMING + OUTGOING) / EACH },
        (_, i) => labTorrent(`idle ${i}`, [["", 400_000]], 16_384),
      ),
    );
    const empty = handles();
    const visitors = torrents.splice(OUTGOING / EACH * -1);
    for (const torrent of torrents) await client.add(torrent);
    await until(() => progress(client).size === torrents.length);
    const before = { handles: handles(), memory: await liveBytes(), timers: timers.size };

    for (let i = 0; i < INCOMING; i++) {
      idlers.push(await Idler.dial(client.session.port!, torrents[i % torrents.length]!.hash));
    }
    await until(() => connected(client) === INCOMING);
    // the rest is kept for peers the session chooses itself
    const late = await Idler.dial(client.session.port!, torrents[0]!.hash);
    await until(() => late.ended);
    await late.close();
    const peers = listeners.map(({ addr }) => `127.0.0.1:${addr.port}`);
    for (const torrent of visitors) {
      await client.add(torrent, { peers });
      for (const listener of listeners) idlers.push(await Idler.visited(listener));
    }
    await until(() => connected(client) === INCOMING + OUTGOING);

    // handshakes have their time
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    assertLessOrEqual(timers.size, before.timers, "Expected no timer for a connection");
    client.events.length = 0;
    assertLess(await liveBytes() - before.memory, idlers.length * MOST_EACH);

    for (const idler of idlers) idler.listen();
    await new Promise((resolve) => setTimeout(resolve, 55_000));
    for (const idler of idlers) idler.keepAlive();
    await new Promise((resolve) => setTimeout(resolve, 55_000));
    assertEquals(connected(client), idlers.length);
    for (const { ended, keepAlives, other } of idlers) {
      assertEquals({ ended, other }, { ended: false, other: 0 });
      assertGreaterOrEqual(keepAlives, 1);
    }

    await Promise.all(idlers.map((idler) => idler.close()));
    await until(() => connected(client) === 0);
    client.events.length = 0;
    if (before.handles !== null && empty !== null) {
      // the torrents that visit have their files like the others
      const each = (before.handles - empty) / torrents.length;
      const expected = before.handles + each * visitors.length;
      await until(() => handles()! <= expected);
    }
    assertLess(await liveBytes() - before.memory, 2 * 1024 * 1024);
  } finally {
    for (const listener of listeners) listener.close();
    await client.stop();
  }
  assertEquals(timers.size, 0);
}

/** The latest word on each torrent. */
function progress(client: Client): Map<string, number> {
  return new Map(client.all("progress").map(({ torrent, peers }) => [torrent, peers]));
}

function connected(client: Client): number {
  return [...progress(client).values()].reduce((sum, peers) => sum + peers, 0);
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (!condition()) throw new Error(`Expected ${condition} within a minute`);
}

await soak();
