/** Magnet links over real sockets: from an info hash and a peer to the data. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type Bytes,
  concat,
  infoHash,
  infoHashV2,
  randomBytes,
  SeededRandom,
  sha1,
  sha256,
  toHex,
  truncated,
} from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { encodeMagnet, parseMagnet, parseMetainfo } from "../../src/metainfo/mod.ts";
import type { StreamSink } from "../../src/session/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";
import { giveMetadata } from "./raw_metadata.ts";
import { RawPeer, RawServer } from "./raw_peer.ts";

function linkOf(torrent: LabTorrent, ...peers: string[]): string {
  return encodeMagnet({ infoHash: infoHash(torrent.hash), peers });
}

const FILES = [["a", 70_000], ["b/c", 1], ["b/d", 200_000]] as const;

Deno.test("a magnet link with nothing but a peer: metadata, data, and one connection for both", async () => {
  const torrent = await labTorrent("magnet", FILES, 32_768);
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  await using client = await Client.start(to);
  const id = await client.addMagnet(linkOf(torrent, seed.address), { saveTorrent: true });
  assertEquals(id, toHex(torrent.hash));
  await client.heard("done");
  to.assertHolds(torrent);
  const [metadata] = client.all("metadata");
  const { infoBytes } = await parseMetainfo(torrent.bytes);
  assertEquals(metadata!.size, infoBytes.length);
  const types = client.events.map(({ type }) => type);
  assert(types.indexOf("metadata") < types.indexOf("added"));
  assertEquals(seed.all("peer").filter(({ action }) => action === "connected").length, 1);
  assertEquals(client.all("peer").filter(({ action }) => action === "connected").length, 1);
  const saved = await parseMetainfo(Deno.readFileSync(`${to.path}/magnet.torrent`));
  assertEquals(saved.infoHash, infoHash(torrent.hash));
});

/** Takes everything. */
class Reader implements StreamSink {
  readonly parts: Bytes[] = [];

  write(chunk: Bytes): Promise<Bytes> {
    this.parts.push(chunk.slice());
    return Promise.resolve(chunk);
  }
}

Deno.test("a link is followed again without anybody, as its metadata is remembered", async () => {
  const torrent = await labTorrent("remembered", FILES, 32_768);
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  {
    await using client = await Client.start(to);
    await client.addMagnet(linkOf(torrent, seed.address));
    await client.heard("done");
  }
  await seed.stop();
  await using client = await Client.start(to);
  await client.addMagnet(linkOf(torrent));
  await client.heard("done");
  assertEquals(client.all("metadata"), []);
});

Deno.test("a stream of a link: metadata first, then every byte in order", async () => {
  const torrent = await labTorrent("stream", [["", 300_000]], 32_768);
  using from = new Folder().fill(torrent);
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  const reader = new Reader();
  await using client = await Client.stream(reader);
  await client.addMagnet(linkOf(torrent, seed.address));
  await client.heard("done");
  assertEquals(concat(...reader.parts), torrent.data);
});

Deno.test("who follows a link gives the metadata to others as soon as it has it", async () => {
  const torrent = await labTorrent("passed on", [["", 100_000]], 16_384);
  using from = new Folder().fill(torrent);
  using first = new Folder();
  using second = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  await using middle = await Client.start(first);
  const forever = { minutes: null, ratio: null };
  await middle.addMagnet(linkOf(torrent, seed.address), { seed: forever });
  await middle.heard("done");
  await seed.stop();
  await using last = await Client.start(second);
  await last.addMagnet(linkOf(torrent, middle.address));
  await last.heard("done");
  second.assertHolds(torrent);
});

Deno.test("a peer that connects to us brings the metadata", async () => {
  const torrent = await labTorrent("incoming", [["", 100_000]], 16_384);
  const { infoBytes } = await parseMetainfo(torrent.bytes);
  using to = new Folder();
  await using client = await Client.start(to);
  await client.addMagnet(linkOf(torrent));
  const peer = await RawPeer.dial(client.address);
  const giving = giveMetadata(peer, torrent.hash, infoBytes).catch(() => {});
  await client.heard("added");
  await client.stop();
  peer.close();
  await giving;
});

Deno.test("metadata alone: the torrent file, and nothing runs after that", async () => {
  const torrent = await labTorrent("only", FILES, 32_768);
  using from = new Folder().fill(torrent);
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  await using client = await Client.stream(new Reader());
  const link = `${linkOf(torrent, seed.address)}&tr=http%3A%2F%2F127.0.0.1%3A1%2Fannounce`;
  const bytes = await client.session.metadata(parseMagnet(link), {});
  const metainfo = await parseMetainfo(bytes);
  assertEquals(toHex(metainfo.infoHash), toHex(torrent.hash));
  assertEquals(metainfo.trackers, [["http://127.0.0.1:1/announce"]]);
  assertEquals(client.all("added"), []);
});

Deno.test("metadata that nobody has ends in time, with the reason, and as an error of the call", async () => {
  const torrent = await labTorrent("nobody", [["", 1000]], 16_384);
  await using client = await Client.stream(new Reader(), { metadataTimeout: 1, waitPatience: 0.3 });
  const error = await assertRejects(() =>
    client.session.metadata(parseMagnet(linkOf(torrent)), {})
  );
  assertStringIncludes((error as Error).message, "No metadata for 1 s: ");
  const { reason, waiting } = await client.heard("error");
  assertEquals([reason, waiting?.stage, waiting?.causes[0]?.cause], [
    "stalled",
    "metadata",
    "no-source",
  ]);
});

Deno.test("a peer without metadata is the reason, and it is said", async () => {
  const torrent = await labTorrent("poor", [["", 1000]], 16_384);
  using first = new Folder();
  using second = new Folder();
  await using other = await Client.start(first);
  await other.addMagnet(linkOf(torrent));
  await using client = await Client.start(second, { metadataTimeout: 2, waitPatience: 0.5 });
  await client.addMagnet(linkOf(torrent, other.address));
  const { waiting } = await client.heard("error");
  assertEquals(waiting!.causes[0]!.cause, "metadata-nowhere");
  assertEquals(waiting!.tried.connected, 1);
});

/** An info dictionary of about `size` bytes, of pieces that nobody has. */
function infoOf(size: number): Bytes {
  const count = Math.floor((size - 100) / 20);
  const pieces = randomBytes(20 * count, new SeededRandom(size));
  return encode({ length: count * 16_384, name: "large", "piece length": 16_384, pieces });
}

for (const [what, size] of [["1", 2 ** 20], ["nearly 32", 2 ** 25]] as const) {
  Deno.test(`metadata of ${what} MiB comes from one peer`, async () => {
    const info = infoOf(size);
    const hash = infoHash(await sha1(info));
    await using peer = new RawServer((peer) => giveMetadata(peer, hash, info));
    await using client = await Client.stream(new Reader());
    const link = parseMagnet(encodeMagnet({ infoHash: hash, peers: [peer.address] }));
    const { infoBytes } = await parseMetainfo(await client.session.metadata(link, {}));
    assertEquals(infoBytes, info);
  });
}

Deno.test("metadata that is right and no torrent ends as one", async () => {
  const info = encode({ name: "x" });
  const hash = infoHash(await sha1(info));
  await using peer = new RawServer((peer) => giveMetadata(peer, hash, info));
  await using client = await Client.stream(new Reader());
  await client.addMagnet(encodeMagnet({ infoHash: hash, peers: [peer.address] }));
  const { reason, message } = await client.heard("error");
  assertEquals(reason, "bad-torrent");
  assertStringIncludes(message, "The link leads to a torrent that cannot be used: Expected");
});

Deno.test("metadata of v1 whose SHA-256 begins as the link says is none that it names", async () => {
  const { infoBytes } = await parseMetainfo((await labTorrent("odd", FILES, 32_768)).bytes);
  const short = truncated(infoHashV2(await sha256(infoBytes)));
  await using peer = new RawServer((peer) => giveMetadata(peer, short, infoBytes));
  await using client = await Client.stream(new Reader());
  await client.addMagnet(encodeMagnet({ infoHash: short, peers: [peer.address] }));
  const { reason, message } = await client.heard("error");
  assertEquals(reason, "bad-torrent");
  assertStringIncludes(message, "cannot be used: Expected a torrent of v2");
});

Deno.test("a peer whose metadata is wrong is banned", async () => {
  const torrent = await labTorrent("liar", [["", 200_000]], 16_384);
  const { infoBytes } = await parseMetainfo(torrent.bytes);
  const fake = infoBytes.slice();
  fake[fake.length - 5]! ^= 1;
  await using liar = new RawServer((peer) => giveMetadata(peer, torrent.hash, fake));
  await using client = await Client.stream(new Reader());
  await client.addMagnet(linkOf(torrent, liar.address));
  const { peer } = await client.heard("peer", ({ action }) => action === "banned");
  assertEquals(peer, liar.address);
  assertEquals(client.all("metadata"), []);
});

Deno.test("a link to a private torrent: nobody but its trackers and the user names peers from then on", async () => {
  const torrent = await labTorrent("secret", [["", 50_000]], 16_384, undefined, true);
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  await using client = await Client.start(to);
  await client.addMagnet(linkOf(torrent, seed.address));
  const added = await client.heard("added");
  assertEquals(added.private, true);
  await client.heard("done");
  to.assertHolds(torrent);
});
