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
import { BencodeError, decode, type Encodable } from "../../src/bencode/mod.ts";
import { type Metainfo, parseMetainfo, safeComponent } from "../../src/metainfo/mod.ts";
import { assertSafeName, assertSafePaths } from "../metainfo/safe.ts";
import { fileEntry, folderInfo, singleInfo, torrent } from "../metainfo/torrents.ts";
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
];

for (const portable of [true, false]) {
  fuzz<Metainfo>({
    name: `torrents are refused or sound, ${portable ? "portable" : "native"} names`,
    corpus: CORPUS,
    generate: troubledTorrent,
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
  const { files, totalLength, pieceLength, pieceHashes, infoBytes } = metainfo;
  assertSafePaths(files, portable);
  let offset = 0;
  for (const file of files) {
    assertEquals(file.offset, offset);
    assertEquals(file.path[0], metainfo.name);
    assertEquals(file.path.length > 1, metainfo.multiFile);
    offset += file.length;
  }
  assertEquals(offset, totalLength);
  assert(totalLength > 0 && Number.isSafeInteger(totalLength));
  assertEquals(pieceHashes.length, Math.ceil(totalLength / pieceLength) * 20);
  assertEquals(decode(infoBytes).kind, "dictionary");
  for (const url of [...metainfo.trackers.flat(), ...metainfo.webseeds]) new URL(url);
}
