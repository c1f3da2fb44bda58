import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Bytes,
  equalBytes,
  MetainfoError,
  sha1,
  sha256,
  sha256Pair,
  toHex,
  utf8,
} from "../../src/base/mod.ts";
import {
  asDictionary,
  BencodeError,
  decode,
  type Encodable,
  encode,
} from "../../src/bencode/mod.ts";
import { geometryOf, parseMetainfo, parseTrees, torrentOf } from "../../src/metainfo/mod.ts";
import { content, FOLDER, madeTorrent, PIECE } from "./v2_torrents.ts";
import { BAD, GOOD } from "./v2_vectors.ts";

const ROOT = new Uint8Array(32).fill(7);

/** The tree of one file. */
function file(length: Encodable, more: Record<string, Encodable | undefined> = {}): Encodable {
  return new Map<string, Encodable>([["", { length, "pieces root": ROOT, ...more }]]);
}

/** A v2 torrent of one small file, with changes. */
function v2(changes: Record<string, Encodable | undefined>, root: Record<string, Encodable> = {}) {
  const info = { "file tree": { a: file(100) }, "meta version": 2, name: "n" };
  return encode({ info: { ...info, "piece length": 16_384, ...changes }, ...root });
}

/** The bytes of its info dictionary. */
function infoOf(torrent: Bytes): Bytes {
  const root = asDictionary(decode(torrent))!;
  const { start, end } = root.get("info")!;
  return torrent.slice(start, end);
}

async function assertFault(torrent: Bytes, field: string) {
  const error = await assertRejects(() => parseMetainfo(torrent), MetainfoError);
  assertEquals(error.field, field);
}

Deno.test("the hash of two hashes is SHA-256 of both", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const pair = content(64, seed);
    const out = new Uint8Array(32);
    sha256Pair(pair, 0, out, 0);
    assertEquals(out, await sha256(pair));
  }
});

for (const { name, version, hashes: [v1, v2], torrent } of GOOD) {
  Deno.test(`vector ${name}: both info hashes are libtorrent's`, async () => {
    const metainfo = await parseMetainfo(Uint8Array.fromBase64(torrent));
    assertEquals(metainfo.version, version);
    assertEquals(metainfo.infoHashV1 && toHex(metainfo.infoHashV1), v1);
    assertEquals(metainfo.infoHashV2 && toHex(metainfo.infoHashV2), v2);
    assertEquals(toHex(metainfo.infoHash), v1 ?? v2.slice(0, 40));
  });
}

for (const { name, field, torrent } of BAD) {
  Deno.test(`vector ${name} is refused at ${field ?? "its bencode"}`, async () => {
    const bytes = Uint8Array.fromBase64(torrent);
    if (field === null) await assertRejects(() => parseMetainfo(bytes), BencodeError);
    else await assertFault(bytes, field);
  });
}

Deno.test("of a v2 torrent each file begins a piece, and its last piece ends where it does", async () => {
  const metainfo = await parseMetainfo(await madeTorrent(FOLDER, PIECE, "v2"));
  assertEquals(metainfo.files.map(({ path, offset }) => [path.join("/"), offset / PIECE]), [
    ["made/a.bin", 0],
    ["made/b.bin", 4],
    ["made/c", 5],
    ["made/d/e.bin", 5],
    ["made/d/f.bin", 6],
    ["made/z", 8],
  ]);
  const geometry = geometryOf(metainfo);
  const sizes = Array.from({ length: geometry.pieceCount }, (_, i) => geometry.pieceSize(i));
  assertEquals(sizes, [PIECE, PIECE, PIECE, 3392, PIECE, 20_000, PIECE, PIECE, 1]);
  assertEquals(metainfo.totalLength, sizes.reduce((sum, size) => sum + size, 0));
  assertEquals(geometry.totalLength, 8 * PIECE + 1);
});

Deno.test("both halves of a hybrid are the same files, by either hash", async () => {
  const torrent = await madeTorrent(FOLDER, PIECE, "hybrid");
  const v1 = await parseMetainfo(torrent);
  assertEquals(v1.version, "hybrid");
  assertEquals(v1.infoHash as Bytes, await sha1(v1.infoBytes));
  assertEquals(v1.files.filter(({ pad }) => pad).length, 3);
  const v2 = await parseMetainfo(await madeTorrent(FOLDER, PIECE, "v2"));
  assertEquals(v1.merkle, v2.merkle);
  const short = v1.infoHashV2!.slice(0, 20);
  const known = await parseMetainfo(torrent, {}, { knownAs: short as typeof v1.infoHash });
  assertEquals(known.infoHash as Bytes, short);
  assertEquals(known.infoHashV1, v1.infoHashV1);
});

Deno.test("a file that is no folder is called by the tree, and lies in the torrent's folder where v1 has one", async () => {
  const alone = await parseMetainfo(v2({}));
  assertEquals([alone.name, alone.multiFile, alone.files[0]!.path], ["a", false, ["a"]]);
  const deep = await parseMetainfo(v2({ "file tree": { d: { a: file(100) } } }));
  assertEquals([deep.name, deep.multiFile, deep.files[0]!.path], ["n", true, ["n", "d", "a"]]);
});

Deno.test("metadata alone is read where no layer is needed, and a hybrid's always", async () => {
  const bare = async (torrent: Bytes) =>
    torrentOf((await parseMetainfo(torrent)).infoBytes, [], []);
  const options = { layersMissing: true };
  const hybrid = await bare(await madeTorrent(FOLDER, PIECE, "hybrid"));
  assertEquals((await parseMetainfo(hybrid, {}, options)).merkle, null);
  await assertFault(hybrid, "piece layers");
  const small = await bare(await madeTorrent(FOLDER.slice(1, 4), PIECE, "v2"));
  assertEquals((await parseMetainfo(small)).merkle?.pieces.sizes.length, 2);
  const large = await bare(await madeTorrent(FOLDER, PIECE, "v2"));
  const error = await assertRejects(() => parseMetainfo(large, {}, options), MetainfoError);
  assertEquals(error.field, "piece layers");
});

Deno.test("what a file tree cannot have is not made: order, names twice, odd pieces", async () => {
  const files = (...paths: readonly string[]) =>
    paths.map((path) => ({ path: path.split("/"), data: content(10, 1) }));
  for (const version of ["v2", "hybrid"] as const) {
    const wrong = [["b", "a"], ["a", "a"], ["a", "a/b"], ["a/b", "a"], ["a.b", "a/b"], [
      "a\u{10000}",
      "a\uffff",
    ]];
    for (const paths of wrong) {
      await assertRejects(() => madeTorrent(files(...paths), PIECE, version), RangeError, "order");
    }
    const made = await madeTorrent(files("a/b", "a.b", "a\uffff", "a\u{10000}"), PIECE, version);
    assertEquals((await parseMetainfo(made)).files.filter(({ pad }) => !pad).length, 4);
    for (const length of [8192, 24_576]) {
      await assertRejects(
        () => madeTorrent(files("a"), length, version),
        RangeError,
        "power of two",
      );
    }
  }
});

Deno.test("a torrent put together again from its metadata and layers is the same", async () => {
  const torrent = await madeTorrent(FOLDER, PIECE, "v2");
  const { infoBytes, merkle } = await parseMetainfo(torrent);
  assert(equalBytes(torrentOf(infoBytes, [], [], merkle), torrent));
});

Deno.test("the rules of the file tree, each with what breaks it", async () => {
  const at = 'info.file tree.a.""';
  const tree = (a: Encodable) => v2({ "file tree": { a } });
  await assertFault(v2({ "file tree": {} }), "info.file tree");
  await assertFault(v2({ "file tree": [] }), "info.file tree");
  await assertFault(v2({ "file tree": file(100) }), "info.file tree");
  await assertFault(tree(5), "info.file tree.a");
  await assertFault(tree(new Map<string, Encodable>([["", 5]])), at);
  const beside = new Map<string, Encodable>([["", { length: 0 }], ["b", file(1)]]);
  await assertFault(tree(beside), "info.file tree.a");
  await assertFault(tree(file(-1)), `${at}.length`);
  await assertFault(tree(file("x")), `${at}.length`);
  await assertFault(tree(file(2 ** 53 - 1)), `${at}.length`);
  await assertFault(tree(file(100, { "pieces root": undefined })), `${at}.pieces root`);
  await assertFault(tree(file(100, { "pieces root": ROOT.slice(1) })), `${at}.pieces root`);
  await assertFault(tree(file(100, { "pieces root": new Uint8Array(32) })), `${at}.pieces root`);
  await assertFault(tree(file(100, { attr: "p" })), `${at}.attr`);
  await assertFault(tree(file(0)), "info.file tree");
  let deep: Encodable = file(1);
  for (let i = 0; i < 64; i++) deep = { x: deep };
  const error = await assertRejects(() => parseMetainfo(tree(deep)), MetainfoError);
  assert(error.message.includes("at most 63 names in a path"));
});

Deno.test("files of one root are of one length: alike ones share a layer, others are refused", async () => {
  const tree = (b: Encodable) => v2({ "file tree": { a: file(100), b } });
  assertEquals((await parseMetainfo(tree(file(100)))).files.length, 2);
  await assertFault(tree(file(101)), 'info.file tree.b."".length');
  await assertFault(tree(file(40_000)), 'info.file tree.b."".length');
  assertThrows(() => parseTrees(infoOf(tree(file(40_000)))), MetainfoError);
  const data = content(200_000, 1);
  const twins = [{ path: ["a"], data }, { path: ["b"], data }, { path: ["c"], data }];
  for (const version of ["v2", "hybrid"] as const) {
    const torrent = await madeTorrent(twins, PIECE, version);
    const { merkle, infoBytes } = await parseMetainfo(torrent);
    const [first, second, third] = merkle!.files;
    assertEquals([first!.root, first!.root], [second!.root, third!.root]);
    const layers = merkle!.pieces.hashes;
    assertEquals(layers.slice(0, 128), layers.slice(256));
    assertEquals(torrentOf(infoBytes, [], [], merkle), torrent);
  }
});

Deno.test("names of a tree that climb or hide stay inside the torrent's folder", async () => {
  const names = ["..", ".", "a/b", "c\0d", "\u202ex"];
  const tree = new Map<string, Encodable>();
  for (const name of names.toSorted()) {
    tree.set(String.fromCharCode(...utf8(name)), file(1));
  }
  const { files } = await parseMetainfo(v2({ "file tree": tree }));
  for (const { path } of files) {
    assertEquals([path.length, path[0]], [2, "n"]);
    assert(!/^\.{0,2}$|[/\0\u202e]/u.test(path[1]!), path[1]);
  }
});

Deno.test("versions: a later one is named before anything else, none beside a tree is not v1", async () => {
  await assertFault(v2({ "meta version": 3, "piece length": 1 }), "info.meta version");
  await assertFault(v2({ "meta version": undefined }), "info.meta version");
  await assertFault(v2({ "meta version": "2" }), "info.meta version");
  for (const length of [16_383, 8192, 24_576, 2 ** 31]) {
    await assertFault(v2({ "piece length": length }), "info.piece length");
  }
});

Deno.test("layers: missing, of a wrong length, of another root; those of no file are passed over", async () => {
  const torrent = await madeTorrent([{ path: [], data: content(100_000, 1) }], 16_384, "v2");
  const { infoBytes, merkle } = await parseMetainfo(torrent);
  const key = String.fromCharCode(...merkle!.files[0]!.root);
  const layer = merkle!.pieces.hashes;
  const withLayers = (layers: Encodable | undefined) => {
    const rest = encode({ "piece layers": layers });
    return new Uint8Array([...utf8("d4:info"), ...infoBytes, ...rest.subarray(1)]);
  };
  const wrong = layer.slice();
  wrong[0]! ^= 1;
  const bad: (Encodable | undefined)[] = [
    undefined,
    [],
    {},
    new Map<string, Encodable>([[key, 7]]),
    new Map<string, Encodable>([[key, layer.slice(32)]]),
    new Map<string, Encodable>([[key, layer.slice(1)]]),
    new Map<string, Encodable>([[key, new Uint8Array([...layer, ...ROOT])]]),
    new Map<string, Encodable>([[key, wrong]]),
  ];
  for (const layers of bad) await assertFault(withLayers(layers), "piece layers");
  const more = new Map<string, Encodable>([["x", 5], [key, layer], [`${key}x`, "y"]]);
  const read = await parseMetainfo(withLayers(new Map([...more].toSorted())));
  assertEquals(read.merkle, merkle);
});

Deno.test("a hybrid whose halves differ in name, size, order or padding is refused", async () => {
  const name = "made";
  const tree = { a: file(100), b: file(100) };
  const pad = { attr: "p", length: 16_284, path: [".pad", "16284"] };
  const listed = [{ length: 100, path: ["a"] }, pad, { length: 100, path: ["b"] }];
  const hybrid = (files: Encodable, pieces = 2) =>
    v2({ name, "file tree": tree, files, pieces: new Uint8Array(20 * pieces) });
  assertEquals((await parseMetainfo(hybrid(listed))).version, "hybrid");
  assertEquals((await parseMetainfo(hybrid([...listed, pad]))).files.length, 4);
  const wrong: Encodable[] = [
    [listed[0]!, listed[2]!],
    [listed[2]!, pad, listed[0]!],
    [listed[0]!, pad, { length: 101, path: ["b"] }],
    [listed[0]!, pad, { length: 100, path: ["c"] }],
    [listed[0]!, pad],
    [...listed, { length: 0, path: ["d"] }],
    [pad, ...listed],
  ];
  for (const files of wrong) await assertFault(hybrid(files), "info.files");
  await assertFault(hybrid([...listed, { ...pad, length: 20_000 }], 3), "info.files");
  await assertFault(hybrid(listed, 1), "info.pieces");
  const single = { length: 100, pieces: new Uint8Array(20) };
  await assertFault(v2({ ...single, name: "b" }), "info.files");
  assertEquals((await parseMetainfo(v2({ ...single, name: "a" }))).version, "hybrid");
});
