import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Bytes, fromBinaryString, MetainfoError, utf8 } from "../../src/base/mod.ts";
import { BencodeError, type Encodable, encode } from "../../src/bencode/mod.ts";
import { parseMetainfo } from "../../src/metainfo/mod.ts";
import { fileEntry, folderInfo, hashOf, singleInfo, torrent } from "./torrents.ts";

/** Fails unless the torrent is refused with `field` at fault and `message` in the words. */
async function assertFault(bytes: Bytes, field: string, message: string) {
  const error = await assertRejects(() => parseMetainfo(bytes), MetainfoError, message);
  assertEquals(error.field, field);
  if (field !== "") assert(error.message.includes(field) || field === "info.meta version");
}

function infoFault(changes: Record<string, Encodable | undefined>, field: string, message: string) {
  return assertFault(torrent(singleInfo(changes)), field, message);
}

function filesFault(files: Parameters<typeof folderInfo>[0], field: string, message: string) {
  return assertFault(torrent(folderInfo(files)), field, message);
}

Deno.test("a torrent of one file is read, the info hash over its exact bytes", async () => {
  const info = singleInfo({ unknown: ["kept", 1] });
  const bytes = torrent(info, { comment: "é", "created by": "x", "creation date": 1_700_000_000 });
  const metainfo = await parseMetainfo(bytes);
  assertEquals(metainfo.infoHash as Bytes, await hashOf(info));
  assertEquals(metainfo.infoBytes, encode(info));
  assert(
    metainfo.infoBytes.buffer !== bytes.buffer && metainfo.pieceHashes.buffer !== bytes.buffer,
  );
  assertEquals(metainfo.files, [{ path: ["song.mp3"], length: 20_000, offset: 0, pad: false }]);
  assertEquals(metainfo.pieceHashes, new Uint8Array(40).fill(7));
  const { name, multiFile, totalLength, pieceLength, isPrivate } = metainfo;
  assertEquals({ name, multiFile, totalLength, pieceLength, isPrivate }, {
    name: "song.mp3",
    multiFile: false,
    totalLength: 20_000,
    pieceLength: 16_384,
    isPrivate: false,
  });
  const { comment, createdBy, creationDate, trackers, webseeds } = metainfo;
  assertEquals([comment, createdBy, creationDate], ["é", "x", 1_700_000_000]);
  assertEquals([trackers, webseeds], [[], []]);
});

Deno.test("a folder is read in order, empty files included", async () => {
  const metainfo = await parseMetainfo(torrent(folderInfo([
    fileEntry(["b.txt"], 5),
    fileEntry(["empty"], 0),
    fileEntry(["sub", "a.txt"], 16_384),
  ])));
  assertEquals(metainfo.multiFile, true);
  assertEquals(metainfo.totalLength, 16_389);
  assertEquals(metainfo.files.map(({ path, offset }) => [path.join("/"), offset]), [
    ["album/b.txt", 0],
    ["album/empty", 5],
    ["album/sub/a.txt", 5],
  ]);
});

Deno.test("what is no bencode is a BencodeError, what is no dictionary a MetainfoError", async () => {
  await assertRejects(() => parseMetainfo(utf8("<html>")), BencodeError);
  await assertRejects(() => parseMetainfo(utf8("")), BencodeError);
  await assertRejects(() => parseMetainfo(torrent(singleInfo()).slice(0, -1)), BencodeError);
  await assertFault(utf8("le"), "", "Expected a dictionary, got a list of 0");
  await assertFault(utf8("de"), "info", 'Expected a dictionary in "info", got nothing');
  await assertFault(encode({ info: 1 }), "info", 'Expected a dictionary in "info", got 1');
});

Deno.test("keys must be in order inside the info dictionary, outside they need not be", async () => {
  const info = encode(singleInfo());
  const inner = fromBinaryString("d4:infoX7:comment1:ce");
  const at = inner.indexOf(0x58);
  const unsorted = new Uint8Array([...inner.subarray(0, at), ...info, ...inner.subarray(at + 1)]);
  assertEquals((await parseMetainfo(unsorted)).comment, "c");
  const bad = fromBinaryString("d4:infod4:name1:a6:lengthi1eee");
  const error = await assertRejects(() => parseMetainfo(bad), BencodeError, "in order");
  assertEquals(error.offset, 17);
});

Deno.test("missing and ill-typed fields are named", async () => {
  await infoFault({ name: undefined }, "info.name", 'a string in "info.name", got nothing');
  await infoFault({ name: ["x"] }, "info.name", "Expected a string");
  await infoFault({ length: undefined }, "info.length", "got nothing");
  await infoFault({ length: "20000" }, "info.length", "got a string of 5 bytes");
  await infoFault({ "piece length": undefined }, "info.piece length", "got nothing");
  await infoFault({ pieces: undefined }, "info.pieces", "Expected a string");
  await infoFault({ pieces: 1 }, "info.pieces", "Expected a string");
  await infoFault({ private: "yes" }, "info.private", "got a string of 3 bytes");
  await infoFault({ length: undefined, files: "x" }, "info.files", "Expected a list");
});

Deno.test("lengths and pieces that cannot be are refused", async () => {
  await infoFault({ length: 0 }, "info.length", "got 0");
  await infoFault({ length: -5 }, "info.length", "got -5");
  for (const length of [0, -1, 512 * 1024 * 1024 + 1]) {
    await infoFault({ "piece length": length }, "info.piece length", `got ${length}`);
  }
  await infoFault({ pieces: new Uint8Array(0) }, "info.pieces", "got 0 bytes");
  await infoFault({ pieces: new Uint8Array(39) }, "info.pieces", "got 39 bytes");
  await infoFault({ pieces: new Uint8Array(20) }, "info.pieces", "Expected 2 hashes for 20000");
  await infoFault({ pieces: new Uint8Array(60) }, "info.pieces", "got 3");
  await infoFault({ length: 2 ** 53 - 1 }, "info.pieces", "Expected 549755813888 hashes");
  const huge = "d4:infod6:lengthi9007199254740992e4:name1:a12:piece lengthi1e6:pieces0:ee";
  await assertFault(utf8(huge), "info.length", "got 9007199254740992");
});

Deno.test("file lists that cannot be are refused", async () => {
  const file = fileEntry(["a"], 1);
  await infoFault({ files: [file] }, "info.files", 'Expected nothing beside "info.length"');
  await filesFault([], "info.files", "Expected a list of 1 to 250000 files");
  await filesFault([fileEntry(["a"], 0)], "info.files", "at least 1 byte");
  await filesFault([file, { path: ["b"] }], "info.files[1].length", "got nothing");
  await filesFault([file, fileEntry(["b"], -1)], "info.files[1].length", "got -1");
  await assertFault(
    torrent(folderInfo([], { files: [fileEntry(["a"], 2 ** 53 - 1), fileEntry(["b"], 1)] })),
    "info.files[1].length",
    "Expected an integer from 0 to 0",
  );
  await assertFault(torrent(folderInfo([], { files: [1] })), "info.files[0]", "a dictionary");
});

Deno.test("paths that cannot be are refused", async () => {
  const file = fileEntry(["a", "b"], 1);
  await filesFault([{ length: 1 }], "info.files[0].path", "Expected a list");
  await filesFault([fileEntry([], 1)], "info.files[0].path", "got 0");
  await filesFault([fileEntry([1], 1)], "info.files[0].path[0]", "Expected a string");
  await filesFault([fileEntry(Array(64).fill("x"), 1)], "info.files[0].path", "got 64");
  await filesFault([file, file], "info.files[1].path", '"a/b" again');
  const clash = "not both a file and a folder";
  await filesFault([file, fileEntry(["a"], 1)], "info.files[1].path", clash);
  await filesFault([file, fileEntry(["a", "b", "c"], 1)], "info.files[1].path", clash);
});

Deno.test("a field that only informs is left out when malformed", async () => {
  const root = { comment: 5, "created by": ["x"], "creation date": "today", "url-list": 7 };
  const metainfo = await parseMetainfo(torrent(singleInfo(), { ...root, announce: 3 }));
  assertEquals([metainfo.comment, metainfo.createdBy, metainfo.creationDate], [null, null, null]);
  assertEquals([metainfo.trackers, metainfo.webseeds], [[], []]);
});

Deno.test("a comment as long as a book is cut", async () => {
  const book = "x".repeat(5_000_000);
  const { comment, createdBy } = await parseMetainfo(
    torrent(singleInfo(), { comment: book, "created by": book }),
  );
  assertEquals([comment?.length, createdBy?.length], [16_384, 16_384]);
});

Deno.test("private is any number but zero", async () => {
  for (const [value, expected] of [[0, false], [1, true], [2, true], [-1, true]] as const) {
    const metainfo = await parseMetainfo(torrent(singleInfo({ private: value })));
    assertEquals(metainfo.isPrivate, expected);
  }
});

Deno.test("padding is marked by its attribute or its old name, and may repeat", async () => {
  const { files } = await parseMetainfo(torrent(folderInfo([
    fileEntry(["a"], 1),
    fileEntry([".pad", "9"], 9, { attr: "p" }),
    fileEntry(["b"], 1, { attr: "xh" }),
    fileEntry([".pad", "9"], 9, { attr: "p" }),
    fileEntry(["_____padding_file_0_x"], 3),
    fileEntry(["c"], 1),
  ])));
  assertEquals(files.map((file) => file.pad), [false, true, false, true, true, false]);
  assertEquals(files[5]!.offset, 23);
});

Deno.test("names in UTF-8 are preferred, others are read as well as they can be", async () => {
  const latin = fromBinaryString("caf\xe9");
  const info = folderInfo(
    [fileEntry([latin], 1, { "path.utf-8": ["café"] }), fileEntry([latin, "x"], 1)],
    { name: latin, "name.utf-8": "Café" },
  );
  const { name, files } = await parseMetainfo(torrent(info));
  assertEquals(name, "Café");
  assertEquals(files.map((file) => file.path), [["Café", "café"], ["Café", "caf\ufffd", "x"]]);
});

Deno.test("the bytes handed in may be changed afterwards", async () => {
  const bytes = torrent(singleInfo());
  const metainfo = await parseMetainfo(bytes);
  bytes.fill(0);
  assertEquals(metainfo.infoBytes, encode(singleInfo()));
});
