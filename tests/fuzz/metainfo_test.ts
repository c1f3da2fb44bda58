import { assert, assertEquals } from "@std/assert";
import {
  binaryString,
  type Bytes,
  fromUtf8Lossy,
  MetainfoError,
  type Random,
  randomBytes,
  utf8,
} from "../../src/base/mod.ts";
import { BencodeError, decode, type Encodable, encode } from "../../src/bencode/mod.ts";
import { geometryOf, type Metainfo, parseMetainfo, safeComponent } from "../../src/metainfo/mod.ts";
import { assertSafeName, assertSafePaths } from "../metainfo/safe.ts";
import { fileEntry, folderInfo, singleInfo, torrent } from "../metainfo/torrents.ts";
import { content, FOLDER, madeTorrent, PIECE } from "../metainfo/v2_torrents.ts";
import { fuzz } from "./harness.ts";
import { pick } from "./mutate.ts";

/** Names that were trouble to someone, to be joined, cut and mutated. */
const TROUBLE = [
  ..."..|.|a|A|a~2|a.txt|CON|nul.tar.gz|.tm|.TM|b?|x:y|c/d|e\\f|trailing. |\u202egpj.exe|\u00e9|e\u0301"
    .split("|"),
  "",
  "\0",
  "long".repeat(80) + ".mkv",
  "\u{1f600}".repeat(70),
];

function troubledName(random: Random): Encodable {
  if (random.below(8) === 0) return randomBytes(random.below(12), random);
  return pick(TROUBLE, random) + (random.below(4) === 0 ? pick(TROUBLE, random) : "");
}

function troubledTorrent(random: Random): Bytes {
  const many = <T>(most: number, one: () => T) =>
    Array.from({ length: 1 + random.below(most) }, one);
  const files = many(6, () =>
    fileEntry(many(4, () => troubledName(random)), random.below(40_000), {
      attr: random.below(6) === 0 ? "p" : undefined,
    }));
  return torrent(folderInfo(files, { name: troubledName(random) }), {
    announce: pick(["http://t/announce", "udp://t:1", "javascript:1", "http:///", ""], random),
    private: random.below(2),
  });
}

const CORPUS = [
  torrent(singleInfo(), { announce: "http://tracker.example/announce", comment: "c" }),
  torrent(singleInfo({ private: 1 }), { "url-list": ["http://seed.example/"] }),
  torrent(
    folderInfo([fileEntry(["a"], 5), fileEntry(["b", "c"], 20_000), fileEntry(["b", "d"], 0)]),
    { "announce-list": [["udp://a:1"], ["http://b/announce", "http://c/announce"]] },
  ),
  torrent(folderInfo([fileEntry(["a"], 1), fileEntry([".pad", "9"], 9, { attr: "p" })])),
  await madeTorrent(FOLDER, PIECE, "v2"),
  await madeTorrent(FOLDER, PIECE, "hybrid"),
  await madeTorrent([{ path: [], data: content(40_000, 1) }], 16_384, "hybrid"),
];

/** A file tree with names that were trouble, of files so small that they need no layers. */
function troubledTree(random: Random): Bytes {
  const folder = (depth: number): Encodable => {
    const entries = new Map<string, Encodable>();
    for (let i = 1 + random.below(4); i > 0; i--) {
      const name = troubledName(random);
      const key = binaryString(typeof name === "string" ? utf8(name) : name as Bytes);
      entries.set(key, depth > 0 && random.below(2) === 0 ? folder(depth - 1) : leaf(random));
    }
    return entries;
  };
  return encode({
    info: {
      "file tree": folder(4),
      "meta version": 2,
      name: troubledName(random),
      "piece length": 65_536,
    },
  });
}

function leaf(random: Random): Encodable {
  const length = random.below(40_000);
  const root = length === 0 ? undefined : randomBytes(32, random);
  return new Map<string, Encodable>([["", { length, "pieces root": root }]]);
}

for (const portable of [true, false]) {
  fuzz<Metainfo>({
    name: `torrents are refused or sound, ${portable ? "portable" : "native"} names`,
    corpus: CORPUS,
    generate: (random) => random.below(2) === 0 ? troubledTree(random) : troubledTorrent(random),
    decode: (bytes) => parseMetainfo(bytes, { portable }),
    refusals: [BencodeError, MetainfoError],
    size: (metainfo) => metainfo.files.length,
    check: (metainfo) => checkMetainfo(metainfo, portable),
  });

  fuzz<{ name: string; limit: number }>({
    name: `every name becomes safe and stays so, ${portable ? "portable" : "native"}`,
    corpus: TROUBLE.map(utf8),
    generate: (random) => utf8(binaryString(randomBytes(random.below(400), random))),
    decode: (bytes) => ({ name: fromUtf8Lossy(bytes), limit: bytes.length % 2 === 0 ? 255 : 24 }),
    check: ({ name, limit }) => {
      const safe = safeComponent(name, { portable }, limit);
      assertSafeName(safe, portable, limit);
      assertEquals(safeComponent(safe, { portable }, limit), safe);
    },
  });
}

function checkMetainfo(metainfo: Metainfo, portable: boolean): void {
  const { version, files, totalLength, pieceLength, pieceHashes, infoBytes, merkle } = metainfo;
  assertSafePaths(files, portable);
  const geometry = geometryOf(metainfo);
  let offset = 0;
  let total = 0;
  for (const file of files) {
    assertEquals(file.offset, offset);
    assertEquals(file.path[0], metainfo.name);
    assertEquals(file.path.length > 1, metainfo.multiFile);
    total += file.length;
    offset += file.length;
    if (version === "v2") offset = Math.ceil(offset / pieceLength) * pieceLength;
  }
  assertEquals(total, totalLength);
  assert(totalLength > 0 && Number.isSafeInteger(totalLength) && Number.isSafeInteger(offset));
  assertEquals(pieceHashes.length, version === "v2" ? 0 : geometry.pieceCount * 20);
  assertEquals(merkle?.pieces.sizes.length ?? 0, version === "v1" ? 0 : geometry.pieceCount);
  const last = geometry.pieceCount - 1;
  assertEquals(geometry.pieceOffset(last) + geometry.pieceSize(last), geometry.totalLength);
  assertEquals(decode(infoBytes).kind, "dictionary");
  for (const url of [...metainfo.trackers.flat(), ...metainfo.webseeds]) new URL(url);
}
