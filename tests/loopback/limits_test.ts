import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { Client, Folder, labTorrent } from "./lab.ts";
import { RawServer as WebServer } from "../net/raw_server.ts";
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

Deno.test("we are no peer of our own: our address is dialled once and forgotten", async () => {
  const alone = await labTorrent("alone", [["", 100_000]], 16_384);
  using target = new Folder();
  await using client = await Client.start(target, { stallTimeout: 3, connectTimeout: 1 });
  await client.add(alone, { peers: [client.address] });
  const { message } = await client.heard("error");
  assertMatch(
    message,
    /^No data for 3 s, waiting for peers: the torrent names no tracker and no peer was given/,
  );
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

Deno.test("a tracker that never answered is not told of the end: nobody would wait for it gladly", async () => {
  const asked = Promise.withResolvers<void>();
  await using silent = new WebServer(async (conn) => {
    asked.resolve();
    await conn.read(new Uint8Array(1));
  });
  const alone = await labTorrent("alone", [["", 100_000]], 16_384, silent.url);
  using target = new Folder();
  const client = await Client.start(target);
  await client.add(alone);
  await asked.promise;
  await client.stop();
  assertEquals(silent.requests.length, 1);
  assertMatch(silent.requests[0]!, /event=started/);
});
