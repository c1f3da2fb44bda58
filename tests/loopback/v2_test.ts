/** v2 and hybrid torrents (BEP 52) over real sockets: by file and by link, in one swarm and in both. */
import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, toHex, truncated, utf8 } from "../../src/base/mod.ts";
import { encodeMagnet, parseMetainfo, torrentOf } from "../../src/metainfo/mod.ts";
import type { StreamSink } from "../../src/session/mod.ts";
import { HANDSHAKE_SIZE, Message } from "../../src/wire/mod.ts";
import { content, FOLDER, type MadeFile, PIECE } from "../metainfo/v2_torrents.ts";
import { Client, Folder } from "./lab.ts";
import { giveMetadata } from "./raw_metadata.ts";
import { hello, RawPeer, RawServer } from "./raw_peer.ts";
import { labV2, type V2Torrent, VERSIONS } from "./v2_lab.ts";

const SINGLE: readonly MadeFile[] = [{ path: [], data: content(300_001, 9) }];
/** One content in two files of several pieces, another in two of one. */
const TWINS: readonly MadeFile[] = [
  { path: ["a"], data: content(200_001, 7) },
  { path: ["b"], data: content(30_000, 8) },
  { path: ["c", "a"], data: content(200_001, 7) },
  { path: ["c", "b"], data: content(30_000, 8) },
];

const SHAPES = [["folder", FOLDER], ["single.bin", SINGLE], ["twins", TWINS]] as const;

/** The link by the hash of one version, or of both; `short`: by that of v2 where that of v1 belongs, cut to its length. */
function linkOf({ metainfo }: V2Torrent, of: "v1" | "v2" | "both" | "short", peer: string): string {
  const { infoHash, infoHashV1, infoHashV2 } = metainfo;
  if (of === "short") return encodeMagnet({ infoHash: truncated(infoHashV2!), peers: [peer] });
  return encodeMagnet({
    infoHash,
    infoHashV1: of === "v2" ? null : infoHashV1,
    infoHashV2: of === "v1" ? null : infoHashV2,
    peers: [peer],
  });
}

for (const version of VERSIONS) {
  for (const [name, files] of SHAPES) {
    Deno.test(`${version}, ${name}: downloaded from a seed, and believed again without hashing`, async () => {
      const torrent = await labV2(name, files, version);
      using from = new Folder().fill(torrent);
      using to = new Folder();
      await using seed = await Client.start(from);
      await seed.seed(torrent);
      {
        await using client = await Client.start(to);
        await client.add(torrent, { peers: [seed.address] });
        await client.heard("done");
        to.assertHolds(torrent);
        if (version === "v2") {
          assertEquals(client.all("done")[0]!.size, torrent.data.length);
          // of a v2 torrent nothing comes but the files' own bytes
          assertEquals(client.all("done")[0]!.downloaded, torrent.data.length);
        }
      }
      await using again = await Client.start(to);
      await again.add(torrent, { peers: [seed.address] });
      await again.heard("done");
      assertEquals(again.all("checking").length, 0);
      assertEquals(again.all("done")[0]!.downloaded, 0);
    });
  }

  Deno.test(`${version}: what is on disk is found by hashing, and only what is damaged comes again`, async () => {
    const torrent = await labV2("damaged", FOLDER, version);
    using from = new Folder().fill(torrent);
    using to = new Folder().fill(torrent);
    const wrong = content(200_000, 1);
    wrong[70_000]! ^= 1;
    Deno.writeFileSync(`${to.path}/damaged/a.bin`, wrong);
    await using seed = await Client.start(from);
    await seed.seed(torrent);
    await using client = await Client.start(to);
    await client.add(torrent, { peers: [seed.address], check: true });
    await client.heard("done");
    to.assertHolds(torrent);
    assertEquals(client.all("done")[0]!.downloaded, PIECE);
  });
}

const LINKS = [
  ["v2", "v2"],
  ["hybrid", "v1"],
  ["hybrid", "v2"],
  ["hybrid", "both"],
  ["v2", "short"],
  ["hybrid", "short"],
] as const;

for (const [version, of] of LINKS) {
  Deno.test(`a link of ${of} leads to a ${version} torrent, and is followed again by what was kept`, async () => {
    const torrent = await labV2("linked", FOLDER, version);
    using from = new Folder().fill(torrent);
    using to = new Folder();
    await using seed = await Client.start(from);
    await seed.seed(torrent);
    const link = linkOf(torrent, of, seed.address);
    const { infoHashV1, infoHashV2 } = torrent.metainfo;
    const short = toHex(truncated(infoHashV2!));
    {
      await using client = await Client.start(to);
      const id = await client.addMagnet(link, { saveTorrent: true });
      assertEquals(id, of === "v2" || of === "short" ? short : toHex(infoHashV1!));
      await client.heard("done");
      to.assertHolds(torrent);
      const bytes = Deno.readFileSync(`${to.path}/linked.torrent`);
      const saved = await parseMetainfo(bytes, {}, { layersMissing: true });
      assertEquals(saved.infoBytes, torrent.metainfo.infoBytes);
      // who names v2 gets the hashes of its pieces too
      assertEquals(saved.merkle !== null, of !== "v1");
    }
    await using again = await Client.start(to);
    await again.addMagnet(link);
    await again.heard("done");
    assertEquals(again.all("metadata").length, 0);
    assertEquals(again.all("done")[0]!.downloaded, 0);
  });
}

Deno.test("once v2's hash cut short is known for what it is, whoever comes is asked for what v2 has", async () => {
  const torrent = await labV2("later", FOLDER, "v2");
  const { infoHash, infoBytes } = torrent.metainfo;
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  // it has the metadata, and leaves when it is asked for hashes of the pieces
  await using first = new RawServer((peer) =>
    giveMetadata(peer, infoHash, infoBytes, ([id]) => {
      if (id !== Message.HashRequest) return;
      peer.close();
      resolve();
    })
  );
  using folder = new Folder();
  await using client = await Client.start(folder);
  await client.addMagnet(linkOf(torrent, "short", first.address));
  await asked;
  const later = await RawPeer.dial(client.address);
  await later.send(hello(torrent));
  await later.take(HANDSHAKE_SIZE);
  const message = await later.message();
  later.close();
  assertEquals(message![0], Message.HashRequest);
});

Deno.test("files alike come by a link too, their one layer for all of them", async () => {
  const torrent = await labV2("twins", TWINS, "v2");
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  await using client = await Client.start(to);
  await client.addMagnet(linkOf(torrent, "v2", seed.address));
  await client.heard("done");
  to.assertHolds(torrent);
});

Deno.test("who knows a hybrid by v1 alone and who knows it by v2 alone find each other", async () => {
  const torrent = await labV2("halves", FOLDER, "hybrid");
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  // it calls the torrent by the hash of v2
  const short = torrent.metainfo.infoHashV2!.slice(0, 20) as typeof torrent.metainfo.infoHash;
  await seed.seed(torrent, { knownAs: short });
  await using client = await Client.start(to);
  await client.addMagnet(linkOf(torrent, "v1", seed.address));
  await client.heard("done");
  to.assertHolds(torrent);
});

/** What `torrent` is as a stream. */
async function streamed(torrent: V2Torrent): Promise<Bytes> {
  using from = new Folder().fill(torrent);
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  const parts: Bytes[] = [];
  const sink: StreamSink = {
    write(chunk) {
      parts.push(chunk.slice());
      return Promise.resolve(chunk);
    },
  };
  await using client = await Client.stream(sink);
  await client.add(torrent, { peers: [seed.address] });
  await client.heard("done");
  return concat(...parts);
}

Deno.test("a v2 torrent leaves as a stream, every piece verified", async () => {
  for (const version of VERSIONS) {
    const torrent = await labV2("stream.bin", SINGLE, version);
    assertEquals(await streamed(torrent), torrent.data);
  }
});

Deno.test("a folder of v2 leaves as an archive, with nothing of what lies between its files", async () => {
  for (const version of VERSIONS) {
    const torrent = await labV2("stream", FOLDER, version);
    const archive = await streamed(torrent);
    let at = 0;
    for (const { path, data } of torrent.files) {
      const header = new TextDecoder().decode(archive.subarray(at, at + 512));
      assertEquals(header.slice(0, header.indexOf("\0")), path);
      assertEquals(Number.parseInt(header.slice(124, 135), 8), data.length);
      assertEquals(archive.slice(at + 512, at + 512 + data.length), data);
      at += 512 + Math.ceil(data.length / 512) * 512;
    }
    assert(archive.subarray(at).every((byte) => byte === 0));
  }
});

Deno.test("a link with two hashes that are not of one torrent is refused", async () => {
  const torrent = await labV2("two", FOLDER, "hybrid");
  const other = await labV2("other", FOLDER, "hybrid");
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  const { infoHash, infoHashV1, infoBytes } = torrent.metainfo;
  // it has no layers, so it speaks v1 alone and does not answer with the other hash
  const bare = { ...torrent, bytes: torrentOf(infoBytes, [], []) };
  await seed.seed(bare, { knownAs: infoHash });
  await using client = await Client.start(to);
  const { infoHashV2 } = other.metainfo;
  await client.addMagnet(encodeMagnet({ infoHash, infoHashV1, infoHashV2, peers: [seed.address] }));
  const error = await client.heard("error");
  assertEquals(error.reason, "bad-torrent");
  assert(error.message.includes("Expected the v2 info hash"), error.message);
});

Deno.test("a hybrid whose hashes contradict one another ends with a word, and nothing of it is kept", async () => {
  const torrent = await labV2("torn.bin", SINGLE, "hybrid");
  // the SHA-1 of its first piece is another
  const bytes = torrent.bytes.slice();
  const text = utf8("6:pieces100:");
  const at = bytes.findIndex((_, i) => text.every((byte, j) => bytes[i + j] === byte));
  bytes[at + text.length]! ^= 1;
  const torn = { ...torrent, bytes, hash: (await parseMetainfo(bytes)).infoHash };
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.session.add(torn.bytes, {
    seed: { minutes: null, ratio: null },
    seedOnly: true,
    hashedAt: Date.now(),
  });
  await using client = await Client.start(to);
  await client.add(torn, { peers: [seed.address] });
  const error = await client.heard("error");
  assertEquals(error.reason, "bad-torrent");
  assert(error.message.includes("two hashes that no data fits"), error.message);
});
