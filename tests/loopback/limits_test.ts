import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { TrackerServer } from "../../src/net/mod.ts";
import { Client, Folder, labTorrent } from "./lab.ts";
import { hello, RawServer } from "./raw_peer.ts";

const torrent = await labTorrent("limited", [["", 600_000]], 32 * 1024);

for (const side of ["download", "upload"] as const) {
  Deno.test(`a ${side} limit is kept`, async () => {
    using source = new Folder();
    using target = new Folder();
    const limit = 200_000;
    await using seeder = await Client.start(
      source.fill(torrent),
      side === "upload" ? { uploadLimit: limit } : {},
    );
    await seeder.seed(torrent);
    await using leecher = await Client.start(
      target,
      side === "download" ? { downloadLimit: limit } : {},
    );
    const start = performance.now();
    await leecher.add(torrent, { peers: [seeder.address] });
    await leecher.heard("done");
    // no less than the limit allows; how much more depends on the machine
    const seconds = (performance.now() - start) / 1_000;
    assertLess(600_000 / seconds, 1.25 * limit);
    target.assertHolds(torrent);
  });
}

Deno.test("an upload limit is shared by the torrents that are seeded", async () => {
  const pair = [
    await labTorrent("one", [["", 600_000]], 16 * 1024),
    await labTorrent("other", [["", 600_000]], 16 * 1024),
  ] as const;
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(pair[0]).fill(pair[1]), {
    uploadLimit: 300_000,
  });
  const forever = { minutes: null, ratio: null };
  for (const torrent of pair) await seeder.add(torrent, { seed: forever, seedOnly: true });
  for (const { name } of pair) await seeder.heard("done", (done) => done.name === name);
  await using leecher = await Client.start(target);
  for (const torrent of pair) await leecher.add(torrent, { peers: [seeder.address] });
  const { torrent: first } = await leecher.heard("done");
  const others = leecher.all("piece").filter(({ torrent }) => torrent !== first).length;
  assertGreater(others, 10);
});

/** The reason of the stall of a download with these peers and trackers. */
async function stallOf(over: { peers?: readonly string[]; announce?: string }): Promise<string> {
  const stalled = await labTorrent("stalled", [["", 100_000]], 16_384, over.announce);
  using target = new Folder();
  await using client = await Client.start(target, { stallTimeout: 2, connectTimeout: 1 });
  await client.add(stalled, { peers: over.peers ?? [] });
  const error = await client.heard("error");
  assertEquals(error.reason, "stalled");
  assert(client.all("warning").some(({ message }) => message.startsWith("No data for")));
  return error.message;
}

Deno.test("a stall without peers and trackers says so", async () => {
  assertMatch(
    await stallOf({}),
    /^No data for 2 s: the torrent names no tracker and no peer was given/,
  );
});

Deno.test("a stall with peers that cannot be reached names the last reason", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const message = await stallOf({ peers: [`127.0.0.1:${port}`] });
  assertEquals(
    message,
    `No data for 2 s: no connection with the one known peer lasts (127.0.0.1:${port}: Connection refused)`,
  );
});

Deno.test("we are no peer of our own: our address is dialled once and forgotten", async () => {
  const alone = await labTorrent("alone", [["", 100_000]], 16_384);
  using target = new Folder();
  await using client = await Client.start(target, { stallTimeout: 3, connectTimeout: 1 });
  await client.add(alone, { peers: [client.address] });
  const { message } = await client.heard("error");
  assertMatch(message, /^No data for 3 s: the torrent names no tracker and no peer was given/);
});

Deno.test("a stall with a tracker that knows nobody says so", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const message = await stallOf({ announce: server.announceUrl });
  await server.shutdown();
  assertEquals(message, "No data for 2 s: the tracker knows no other peers");
});

Deno.test("a stall with a peer that chokes us says so", async () => {
  const stalled = await labTorrent("stalled", [["", 100_000]], 16_384);
  await using peer = new RawServer(async (raw) => {
    await raw.send(hello(stalled), new Uint8Array([0, 0, 0, 2, 5, 0xfe]));
    await raw.end();
  });
  const message = await stallOf({ peers: [peer.address] });
  assertEquals(message, "No data for 2 s: the one peer connected will not serve us now (choked)");
});

Deno.test("a stop in the middle of everything releases everything", async () => {
  using target = new Folder();
  await using silent = new RawServer((raw) => raw.end());
  await using greeting = new RawServer(async (raw) => {
    await raw.send(hello(torrent));
    await raw.end();
  });
  const client = await Client.start(target, { downloadLimit: 1_000 });
  await client.add(torrent, { peers: [silent.address, greeting.address, "192.0.2.1:9"] });
  await client.heard("peer");
  await Promise.all([client.stop(), client.stop()]);
  assertGreater(silent.met + greeting.met, 0);
});
