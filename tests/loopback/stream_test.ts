import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import { type Bytes, concat, toHex, UsageError } from "../../src/base/mod.ts";
import { TrackerServer } from "../../src/net/mod.ts";
import type { StreamSink } from "../../src/session/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** A reader that takes everything, or what it is let take. */
class Reader implements StreamSink {
  readonly parts: Bytes[] = [];
  size = 0;
  /** Chunks it was given and did not take; null: it takes all. */
  held: (() => void)[] | null = null;
  fault: Error | null = null;

  async write(chunk: Bytes): Promise<Bytes> {
    if (this.held !== null) await new Promise<void>((resolve) => this.held!.push(resolve));
    if (this.fault !== null) throw this.fault;
    this.parts.push(chunk.slice());
    this.size += chunk.length;
    return chunk;
  }

  get all(): Bytes {
    return concat(...this.parts);
  }

  /** Takes what it was given, and from now on everything. */
  letGo(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const resolve of held) resolve();
  }
}

async function seeding(folder: Folder, torrent: LabTorrent): Promise<Client> {
  const seeder = await Client.start(folder.fill(torrent));
  await seeder.seed(torrent);
  return seeder;
}

function assertSame(got: Bytes, expected: Bytes): void {
  assertEquals(got.length, expected.length);
  assertEquals(got.findIndex((byte, i) => byte !== expected[i]), -1);
}

Deno.test("a single file leaves whole and in order, from two seeders", async () => {
  const torrent = await labTorrent("one.bin", [["", 20 * MIB + 777]], 256 * KIB);
  using a = new Folder();
  using b = new Folder();
  await using first = await seeding(a, torrent);
  await using second = await seeding(b, torrent);
  const reader = new Reader();
  await using client = await Client.stream(reader);
  await client.add(torrent, { peers: [first.address, second.address] });
  const done = await client.heard("done");
  await client.heard("finished");
  assertSame(reader.all, torrent.data);
  assertEquals([done.size, done.downloaded >= done.size], [20 * MIB + 777, true]);
  assertEquals(client.all("piece").length, 81);
});

Deno.test("a reader that takes nothing bounds what is fetched, and is no stall", async () => {
  const torrent = await labTorrent("big.bin", [["", 80 * MIB]], 4 * MIB);
  using folder = new Folder();
  await using seeder = await seeding(folder, torrent);
  const reader = new Reader();
  reader.held = [];
  const times = { stallTimeout: 1, waitPatience: 0.5, progressInterval: 0.2 };
  await using client = await Client.stream(reader, times);
  await client.add(torrent, { peers: [seeder.address] });
  await client.heard("progress", ({ state }) => state === "slow-reader");
  const { causes } = await client.heard("waiting", ({ stage }) => stage === "reader");
  assertEquals(causes.map(({ cause }) => cause), ["reader-slow"]);
  const before = client.all("progress").length;
  // three times the time after which it would be a stall
  await client.heard("progress", () => client.all("progress").length > before + 15);
  const { downloaded, state } = client.all("progress").at(-1)!;
  assertEquals(state, "slow-reader");
  // the window is 48 MiB, and a piece leaves it when it was read
  assertGreaterOrEqual(downloaded, 44 * MIB);
  assertLessOrEqual(downloaded, 56 * MIB);
  assertEquals(reader.held.length, 8);
  reader.letGo();
  await client.heard("finished");
  assertSame(reader.all, torrent.data);
  assertEquals([...client.all("warning"), ...client.all("error")], []);
});

Deno.test("a stream without peers is a stall, whatever the reader does", async () => {
  const torrent = await labTorrent("none.bin", [["", 100_000]], 16 * KIB);
  await using client = await Client.stream(new Reader(), { stallTimeout: 1 });
  await client.add(torrent);
  assertEquals((await client.heard("error")).reason, "stalled");
});

Deno.test("a reader that goes ends the stream, and trackers are told", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  {
    const torrent = await labTorrent("gone.bin", [["", 8 * MIB]], 64 * KIB, server.announceUrl);
    using folder = new Folder();
    await using seeder = await seeding(folder, torrent);
    await seeder.heard("tracker", (event) => event.ok);
    const reader = new Reader();
    reader.fault = new Deno.errors.BrokenPipe("gone");
    await using client = await Client.stream(reader);
    await client.add(torrent);
    assertEquals((await client.heard("error")).reason, "reader-gone");
    await client.stop();
    assertEquals(client.all("done"), []);
  }
  await server.shutdown();
});

Deno.test("a stop while the reader takes nothing releases everything", async () => {
  const torrent = await labTorrent("stop.bin", [["", 30 * MIB]], 1 * MIB);
  using folder = new Folder();
  await using seeder = await seeding(folder, torrent);
  const reader = new Reader();
  reader.held = [];
  {
    await using client = await Client.stream(reader);
    await client.add(torrent, { peers: [seeder.address] });
    await client.heard("piece");
  }
  reader.letGo();
});

Deno.test("a folder leaves as a tar archive without its padding", async () => {
  const torrent = await labTorrent("folder", [
    ["empty", 0],
    ["a/one", 100 * KIB + 1],
    [".pad/1", 28 * KIB - 1, "pad"],
    ["b/c/two", 5],
    [".pad/2", 32 * KIB - 5, "pad"],
    ["ü".repeat(60), 70_000],
    ["last", 0],
  ], 32 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await seeding(source, torrent);
  const reader = new Reader();
  await using client = await Client.stream(reader);
  await client.add(torrent, { peers: [seeder.address] });
  await client.heard("finished");
  assertEquals(reader.size % 10_240, 0);
  const tar = new Deno.Command("tar", { args: ["x", "-C", target.path], stdin: "piped" }).spawn();
  const writer = tar.stdin.getWriter();
  await writer.write(reader.all);
  await writer.close();
  assert((await tar.status).success);
  target.assertHolds(torrent);
});

Deno.test("one stream takes one torrent, and nothing to seed", async () => {
  const torrent = await labTorrent("x", [["", 100_000]], 16 * KIB);
  const other = await labTorrent("yy", [["", 100_000]], 16 * KIB);
  await using client = await Client.stream(new Reader());
  await assertRejects(
    () => client.add(torrent, { seed: { minutes: null, ratio: null } }),
    UsageError,
    "Expected nothing to seed",
  );
  await client.add(torrent);
  await assertRejects(() => client.add(other), UsageError, "Expected one torrent");
  await assertRejects(
    () => Client.stream(undefined as unknown as StreamSink),
    UsageError,
    "Expected a folder or a sink",
  );
});

Deno.test("in order to disk, the file grows from its start", async () => {
  const torrent = await labTorrent("film", [["", 12 * MIB]], 64 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await seeding(source, torrent);
  await using client = await Client.start(target);
  await client.add(torrent, { peers: [seeder.address], sequential: true });
  await client.heard("finished");
  target.assertHolds(torrent);
  const order = client.all("piece").map(({ piece }) => piece);
  // pieces that are hashed and written at the same time end in any order; at random it would be 64
  const displaced = order.reduce((sum, piece, at) => sum + Math.abs(piece - at), 0);
  assertLessOrEqual(displaced / order.length, 30);
});

Deno.test("chosen files: one leaves as it is, several as a tar of those, and only their pieces are fetched", async () => {
  const piece = 32 * KIB;
  const files = [["a", 50_000], ["b", 60_000], ["c", 200_000], ["d", 70_000]] as const;
  const torrent = await labTorrent("some", files, piece);
  using folder = new Folder();
  await using seeder = await seeding(folder, torrent);
  const streamed = async (link: string) => {
    const reader = new Reader();
    await using client = await Client.stream(reader);
    await client.addMagnet(link);
    const { size, downloaded } = await client.heard("done");
    assertEquals(downloaded, size);
    assertEquals(client.all("warning"), []);
    return { all: reader.all, size };
  };
  const link = `magnet:?xt=urn:btih:${toHex(torrent.hash)}&x.pe=${seeder.address}&so=`;
  const one = await streamed(`${link}1`);
  assertSame(one.all, torrent.files[1]!.data);
  assertEquals(one.size, 3 * piece);
  // headers, content, a record's end
  const two = await streamed(`${link}0,3`);
  assertEquals(two.size, 4 * piece + 19_552);
  assertSame(two.all.slice(512, 512 + 50_000), torrent.files[0]!.data);
  const second = 512 + Math.ceil(50_000 / 512) * 512;
  assertSame(two.all.slice(second + 512, second + 512 + 70_000), torrent.files[3]!.data);
  assertEquals(two.all.length % 10_240, 0);
});
