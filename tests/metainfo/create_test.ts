import { assertEquals, assertThrows } from "@std/assert";
import { binaryString } from "../../src/base/mod.ts";
import { choosePieceLength, createTorrent, parseMetainfo } from "../../src/metainfo/mod.ts";

const single = {
  name: "a.bin",
  files: [{ path: [], length: 20_000 }],
  pieceLength: 16_384,
  pieceHashes: new Uint8Array(40).fill(1),
};

Deno.test("a created torrent reads back as it was described", async () => {
  const folder = {
    name: "album",
    files: [{ path: ["a"], length: 1 }, { path: ["b", "c"], length: 30_000 }],
    pieceLength: 32_768,
    pieceHashes: new Uint8Array(20).fill(2),
  };
  const trackers = [["http://a.example/announce"], ["udp://b.example:1", "udp://c.example:2"]];
  const metainfo = await parseMetainfo(createTorrent(folder, {
    trackers,
    private: true,
    comment: "hällo",
    webseeds: ["http://s.example/"],
    createdBy: "tm",
    creationDate: 1_700_000_000,
  }));
  assertEquals(metainfo.files.map(({ path, length }) => ({ path, length })), [
    { path: ["album", "a"], length: 1 },
    { path: ["album", "b", "c"], length: 30_000 },
  ]);
  assertEquals([metainfo.trackers, metainfo.webseeds], [trackers, ["http://s.example/"]]);
  assertEquals([metainfo.isPrivate, metainfo.comment, metainfo.createdBy, metainfo.creationDate], [
    true,
    "hällo",
    "tm",
    1_700_000_000,
  ]);
  assertEquals(metainfo.pieceHashes, folder.pieceHashes);
});

Deno.test("nothing is written that was not asked for", () => {
  const hashes = "\x01".repeat(40);
  assertEquals(
    binaryString(createTorrent(single)),
    `d4:infod6:lengthi20000e4:name5:a.bin12:piece lengthi16384e6:pieces40:${hashes}ee`,
  );
  const one = binaryString(createTorrent(single, { trackers: [["http://a/"]] }));
  assertEquals(one.startsWith("d8:announce9:http://a/4:info"), true);
});

Deno.test("a folder of one file stays a folder", async () => {
  const content = { ...single, files: [{ path: ["only"], length: 20_000 }] };
  const metainfo = await parseMetainfo(createTorrent(content));
  assertEquals([metainfo.multiFile, metainfo.files[0]!.path], [true, ["a.bin", "only"]]);
});

Deno.test("content that does not add up is refused", () => {
  const with_ = (changes: Partial<typeof single>) => () => createTorrent({ ...single, ...changes });
  assertThrows(
    with_({ pieceHashes: new Uint8Array(20) }),
    RangeError,
    "Expected 2 piece hashes, got 1",
  );
  assertThrows(with_({ files: [{ path: [], length: 0 }] }), RangeError, "at least 1 byte");
  assertThrows(with_({ files: [] }), RangeError, "at least 1 byte");
  const two = [{ path: [], length: 10_000 }, { path: [], length: 10_000 }];
  assertThrows(with_({ files: two }), RangeError, "Expected a path");
});

Deno.test("the chosen piece length keeps a torrent to about two thousand pieces", () => {
  const MiB = 1024 * 1024;
  assertEquals(choosePieceLength(1), 16 * 1024);
  assertEquals(choosePieceLength(32 * MiB), 16 * 1024);
  assertEquals(choosePieceLength(32 * MiB + 1), 32 * 1024);
  assertEquals(choosePieceLength(1024 * MiB), 512 * 1024);
  assertEquals(choosePieceLength(32 * 1024 * MiB), 16 * MiB);
  assertEquals(choosePieceLength(2 ** 50), 16 * MiB);
});
