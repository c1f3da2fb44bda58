import { assert, assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { Bitfield, infoHash } from "../../src/base/mod.ts";
import { TrackerServer } from "../../src/net/mod.ts";
import { StateDb } from "../../src/storage/mod.ts";
import { Client, Folder, labTorrent } from "./lab.ts";

const KIB = 1024;

Deno.test("a session downloads from another that only a tracker could name", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  {
    const torrent = await labTorrent("one.bin", [["", 1_000_001]], 64 * KIB, server.announceUrl);
    using source = new Folder();
    using target = new Folder();
    await using seeder = await Client.start(source.fill(torrent));
    await seeder.seed(torrent);
    await seeder.heard("tracker", (event) => event.ok);
    await using leecher = await Client.start(target);
    await leecher.add(torrent);
    const done = await leecher.heard("done");
    assertEquals([done.size, done.downloaded], [1_000_001, 1_000_001]);
    await leecher.heard("finished");
    target.assertHolds(torrent);
    const { peers } = await leecher.heard("tracker", (event) => event.ok);
    assertEquals(peers, 1);
  }
  await server.shutdown();
});

Deno.test("a folder with empty files, padding and nested folders arrives whole", async () => {
  const torrent = await labTorrent("folder", [
    ["empty", 0],
    ["a/one", 100 * KIB + 1],
    [".pad/1", 28 * KIB - 1, "pad"],
    ["b/c/two", 5],
    ["b/also empty", 0],
    [".pad/2", 32 * KIB - 5, "pad"],
    ["three", 70_000],
  ], 32 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await using leecher = await Client.start(target);
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("finished");
  target.assertHolds(torrent);
});

Deno.test("a super seed sends two that know each other little more than one copy", async () => {
  const torrent = await labTorrent("super.bin", [["", 2_000_000]], 16 * KIB);
  using source = new Folder();
  using first = new Folder();
  using second = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent, { superSeed: true, uploadLimit: 1_000_000 });
  await using one = await Client.start(first);
  await using two = await Client.start(second);
  const goOn = { minutes: null, ratio: null };
  await one.add(torrent, { peers: [seeder.address], seed: goOn });
  await two.add(torrent, { peers: [seeder.address, one.address], seed: goOn });
  for (const leecher of [one, two]) await leecher.heard("done");
  for (const folder of [first, second]) folder.assertHolds(torrent);
  const heard = seeder.events.length;
  const { uploaded } = await seeder.heard("progress", (it) => seeder.events.indexOf(it) >= heard);
  assertLess(uploaded, 1.3 * 2_000_000);
});

Deno.test("several torrents go on side by side, also with the same peer", async () => {
  const torrents = [
    await labTorrent("x", [["", 300_000]], 32 * KIB),
    await labTorrent("yy", [["", 200_000]], 16 * KIB),
  ];
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source);
  await using leecher = await Client.start(target);
  for (const torrent of torrents) {
    source.fill(torrent);
    await seeder.add(torrent, { seed: { minutes: null, ratio: null } });
    await seeder.heard("done", (event) => event.name === torrent.name);
    await leecher.add(torrent, { peers: [seeder.address] });
  }
  for (const { name } of torrents) await leecher.heard("done", (event) => event.name === name);
  for (const torrent of torrents) target.assertHolds(torrent);
});

Deno.test("a download that was stopped goes on where it was, and fetches nothing twice", async () => {
  const torrent = await labTorrent("resumed", [["a", 2_000_000], ["b", 2_000_000]], 32 * KIB);
  const pieces = Math.ceil(torrent.data.length / torrent.pieceLength);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  {
    // so slow that it cannot end before it is stopped
    await using leecher = await Client.start(target, { downloadLimit: 500_000 });
    await leecher.add(torrent, { peers: [seeder.address] });
    await leecher.heard("piece", ({ done }) => done > 400_000);
  }
  const recorded = goodPieces(target, torrent.hash, pieces);
  assertGreater(recorded.count, 0);
  assertGreater(pieces, recorded.count);
  await using leecher = await Client.start(target);
  await leecher.add(torrent, { peers: [seeder.address] });
  const done = await leecher.heard("done");
  const fetched = leecher.all("piece").map(({ piece }) => piece);
  assertEquals(fetched.filter((piece) => recorded.has(piece)), []);
  assertEquals(fetched.length, pieces - recorded.count);
  assertEquals(done.downloaded, bytes(torrent.data.length, torrent.pieceLength, fetched));
  assertEquals(leecher.all("checking"), []);
  target.assertHolds(torrent);
});

Deno.test("data that is complete and unknown is hashed, found good and seeded without a peer", async () => {
  const torrent = await labTorrent("known", [["a", 100_000], ["b", 1]], 16 * KIB);
  using folder = new Folder();
  await using client = await Client.start(folder.fill(torrent));
  await client.add(torrent);
  const done = await client.heard("done");
  assertEquals(done.downloaded, 0);
  const last = client.all("checking").at(-1)!;
  assertEquals([last.checked, last.done, last.size], [100_001, 100_001, 100_001]);
});

Deno.test("data with holes is hashed, and only the rest is fetched", async () => {
  const torrent = await labTorrent("holes", [["", 640 * KIB]], 64 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  target.fill(torrent);
  const file = Deno.openSync(`${target.path}/holes`, { write: true });
  for (const piece of [2, 7]) {
    file.seekSync(piece * 64 * KIB + 5, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(3));
  }
  file.close();
  await using leecher = await Client.start(target);
  await leecher.add(torrent, { peers: [seeder.address] });
  const done = await leecher.heard("done");
  assertEquals(leecher.all("piece").map(({ piece }) => piece).sort(), [2, 7]);
  assertEquals(done.downloaded, 2 * 64 * KIB);
  target.assertHolds(torrent);
});

Deno.test("a file that holds something else is refused and stays as it is", async () => {
  const torrent = await labTorrent("taken", [["", 100_000]], 16 * KIB);
  using folder = new Folder();
  const mine = new Uint8Array(80_000).fill(42);
  Deno.writeFileSync(`${folder.path}/taken`, mine);
  await using client = await Client.start(folder);
  await client.add(torrent);
  const error = await client.heard("error");
  assertEquals(error.reason, "file-exists");
  assert(error.message.includes("taken"));
  assertEquals(Deno.readFileSync(`${folder.path}/taken`), mine);
});

Deno.test("a second session on the same torrent and folder is refused, on another torrent it is not", async () => {
  const torrent = await labTorrent("locked", [["", 100_000]], 16 * KIB);
  const other = await labTorrent("free", [["", 50_000]], 16 * KIB);
  using folder = new Folder();
  folder.fill(torrent).fill(other);
  await using first = await Client.start(folder);
  await first.seed(torrent);
  await using second = await Client.start(folder);
  await second.add(torrent);
  const error = await second.heard("error");
  assertEquals(error.reason, "locked");
  await second.add(other);
  assertEquals((await second.heard("done")).name, "free");
  await first.stop();
  await using third = await Client.start(folder);
  await third.add(torrent);
  await third.heard("done");
});

Deno.test("an incomplete torrent that shall only be seeded is an error", async () => {
  const torrent = await labTorrent("half", [["", 100_000]], 16 * KIB);
  using folder = new Folder();
  await using client = await Client.start(folder);
  await client.add(torrent, { seedOnly: true, seed: { minutes: null, ratio: null } });
  assertEquals((await client.heard("error")).reason, "incomplete");
});

Deno.test("a seed ends when its ratio is reached", async () => {
  const torrent = await labTorrent("ratio", [["", 500_000]], 32 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.add(torrent, { seedOnly: true, seed: { minutes: null, ratio: 1 } });
  await seeder.heard("done");
  assertEquals(seeder.all("finished"), []);
  await using leecher = await Client.start(target);
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("done");
  assertGreaterOrEqual((await seeder.heard("finished")).uploaded, 500_000);
});

Deno.test("a stop in the middle of a check ends it", async () => {
  const torrent = await labTorrent("long", [["", 4_000_000]], 16 * KIB);
  using folder = new Folder();
  await using client = await Client.start(folder.fill(torrent));
  await client.add(torrent);
  await client.heard("checking");
  await client.stop();
  assertEquals(client.all("error"), []);
});

function goodPieces(folder: Folder, hash: Uint8Array<ArrayBuffer>, pieces: number): Bitfield {
  using state = new StateDb(folder.path, () => {});
  return state.load(infoHash(hash), pieces)?.good ?? new Bitfield(pieces);
}

function bytes(total: number, pieceLength: number, pieces: readonly number[]): number {
  return pieces.reduce((sum, at) => sum + Math.min(pieceLength, total - at * pieceLength), 0);
}

Deno.test("of two torrents with one name the first to write has the file, the other ends without touching it", async () => {
  const rivals = [
    await labTorrent("rival", [["", 600_000]], 32 * 1024),
    await labTorrent("rival", [["", 500_000]], 16 * 1024),
  ];
  using first = new Folder();
  using second = new Folder();
  using target = new Folder();
  await using one = await Client.start(first.fill(rivals[0]!));
  await using other = await Client.start(second.fill(rivals[1]!));
  await one.seed(rivals[0]!);
  await other.seed(rivals[1]!);
  await using client = await Client.start(target);
  const ids = await Promise.all([
    client.add(rivals[0]!, { peers: [one.address] }),
    client.add(rivals[1]!, { peers: [other.address] }),
  ]);
  const error = await client.heard("error");
  assertEquals(error.reason, "file-exists");
  const done = await client.heard("done");
  assert(done.torrent !== error.torrent);
  target.assertHolds(rivals[ids.indexOf(done.torrent)]!);
});
