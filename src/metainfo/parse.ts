import { type Bytes, fromUtf8Lossy, infoHash, MetainfoError, sha1 } from "../base/mod.ts";
import { asBytes, asInteger, type Bvalue, decode } from "../bencode/mod.ts";
import { Field } from "./field.ts";
import type { Metainfo } from "./metainfo.ts";
import type { NameRules } from "./names.ts";
import { parseFiles } from "./parse_files.ts";
import { parseNodes } from "./parse_nodes.ts";
import { parseTrackers, parseWebseeds } from "./parse_urls.ts";

/** A piece is held in memory whole, so its size is bounded. */
export const MAX_PIECE_LENGTH = 512 * 1024 * 1024;
const HASH_LENGTH = 20;
/** Room for a million files with attributes and a few folders each. */
const LIMITS = { maxDepth: 100, maxValues: 2_500_000 };

/**
 * Reads a v1 or hybrid torrent file (BEP 3, 12, 19, 27, 47); of a hybrid the v1 half. Throws `BencodeError` when
 * it is not bencode and `MetainfoError` when a field that matters is missing or wrong; one that only informs
 * (`comment`, `created by`, `creation date`, a bad URL) is left out instead. Nothing of the result shares memory with
 * `bytes`.
 *
 * The info dictionary must be canonical (BEP 3: keys sorted). Outside it the order of keys is not checked: real
 * torrents fail it there, and the info hash does not depend on it.
 */
export async function parseMetainfo(bytes: Bytes, rules: NameRules = {}): Promise<Metainfo> {
  const root = Field.root(decode(bytes, { ...LIMITS, sorted: { under: "info" } }));
  const info = root.entry("info");
  refuseV2Only(info);
  const files = parseFiles(info, rules);
  const { pieceLength, pieceHashes } = parsePieces(info, files.totalLength);
  const fromRoot = (key: string) => root.entry(key).value;
  const infoBytes = bytes.slice(info.value!.start, info.value!.end);
  return {
    infoHash: infoHash(await sha1(infoBytes)),
    infoBytes,
    ...files,
    pieceLength,
    pieceHashes,
    isPrivate: parsePrivate(info.entry("private")),
    trackers: parseTrackers(fromRoot("announce"), fromRoot("announce-list")),
    webseeds: parseWebseeds(fromRoot("url-list")),
    nodes: parseNodes(fromRoot("nodes")),
    comment: textOf(fromRoot("comment.utf-8")) ?? textOf(fromRoot("comment")),
    createdBy: textOf(fromRoot("created by")),
    creationDate: asInteger(fromRoot("creation date")),
  };
}

function refuseV2Only(info: Field): void {
  if (!info.entry("pieces").missing) return;
  const version = asInteger(info.entry("meta version").value);
  if (version === null) return;
  throw new MetainfoError(
    "info.meta version",
    "Expected a v1 or hybrid torrent, v2-only torrents are not supported yet",
  );
}

function parsePieces(
  info: Field,
  totalLength: number,
): { pieceLength: number; pieceHashes: Bytes } {
  const pieceLength = info.entry("piece length").integer(1, MAX_PIECE_LENGTH);
  const field = info.entry("pieces");
  const pieces = field.bytes();
  if (pieces.length === 0 || pieces.length % HASH_LENGTH !== 0) {
    throw field.fault(`one or more hashes of ${HASH_LENGTH} bytes`, `${pieces.length} bytes`);
  }
  const expected = Math.ceil(totalLength / pieceLength);
  const count = pieces.length / HASH_LENGTH;
  if (count !== expected) {
    throw field.fault(
      `${expected} hashes for ${totalLength} bytes in pieces of ${pieceLength}`,
      String(count),
    );
  }
  return { pieceLength, pieceHashes: pieces.slice() };
}

/** Absent is public; any number but 0 is private, as clients agree on. */
function parsePrivate(field: Field): boolean {
  return !field.missing && field.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) !== 0;
}

function textOf(value: Bvalue | undefined): string | null {
  const bytes = asBytes(value);
  return bytes === null ? null : fromUtf8Lossy(bytes);
}
