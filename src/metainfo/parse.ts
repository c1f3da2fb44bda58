import {
  type Bytes,
  equalBytes,
  fromUtf8Lossy,
  type InfoHash,
  infoHash,
  infoHashV2,
  sha1,
  sha256,
  truncated,
} from "../base/mod.ts";
import { asBytes, asInteger, type Bvalue, decode } from "../bencode/mod.ts";
import { Field } from "./field.ts";
import { expectSameFiles } from "./hybrid.ts";
import type { Metainfo, TorrentVersion } from "./metainfo.ts";
import type { NameRules } from "./names.ts";
import { parseFiles } from "./parse_files.ts";
import { parseNodes } from "./parse_nodes.ts";
import { parsePieces } from "./parse_pieces.ts";
import { parseTrackers, parseWebseeds } from "./parse_urls.ts";
import { DECODE_LIMITS, isV1, isV2, parseV2Files, parseV2PieceLength } from "./parse_v2.ts";
import { parseLayers } from "./piece_layers.ts";

/** Bytes of a comment and the like that are kept; a longer one is cut, as clients ask for it again and again. */
const MAX_TEXT = 16_384;

/** How to read a torrent. */
export interface ParseOptions {
  /**
   * It may lack `piece layers`, as metadata that came from peers does; a hybrid then has no Merkle trees, and a v2
   * torrent is refused where a file is larger than a piece. By default it may not.
   */
  readonly layersMissing?: boolean;
  /** The hash that a hybrid is known by here; by default that of v1. */
  readonly knownAs?: InfoHash;
}

/**
 * Reads a torrent file (BEP 3, 12, 19, 27, 47, 52). Throws `BencodeError` when it is not bencode and `MetainfoError`
 * when a field that matters is missing or wrong; one that only informs (`comment`, `created by`, `creation date`, a bad
 * URL) is left out instead. Nothing of the result shares memory with `bytes`.
 *
 * The info dictionary must be canonical (BEP 3: keys sorted). Outside it the order of keys is not checked: real
 * torrents fail it there, and the info hash does not depend on it.
 */
export async function parseMetainfo(
  bytes: Bytes,
  rules: NameRules = {},
  options: ParseOptions = {},
): Promise<Metainfo> {
  const root = Field.root(decode(bytes, { ...DECODE_LIMITS, sorted: { under: "info" } }));
  const info = root.entry("info");
  const content = parseContent(root, rules, options);
  const fromRoot = (key: string) => root.entry(key).value;
  const infoBytes = bytes.slice(info.value!.start, info.value!.end);
  return {
    ...content,
    ...await hashesOf(infoBytes, content.version, options.knownAs),
    infoBytes,
    isPrivate: parsePrivate(info.entry("private")),
    trackers: parseTrackers(fromRoot("announce"), fromRoot("announce-list")),
    webseeds: parseWebseeds(fromRoot("url-list")),
    nodes: parseNodes(fromRoot("nodes")),
    comment: textOf(fromRoot("comment.utf-8")) ?? textOf(fromRoot("comment")),
    createdBy: textOf(fromRoot("created by")),
    creationDate: asInteger(fromRoot("creation date")),
  };
}

type Content = Pick<
  Metainfo,
  | "version"
  | "name"
  | "multiFile"
  | "files"
  | "totalLength"
  | "pieceLength"
  | "pieceHashes"
  | "merkle"
>;

function parseContent(root: Field, rules: NameRules, { layersMissing }: ParseOptions): Content {
  const info = root.entry("info");
  if (!isV2(info)) {
    const files = parseFiles(info, rules);
    const pieces = parsePieces(info, files.totalLength);
    return { version: "v1", ...files, ...pieces, merkle: null };
  }
  const pieceLength = parseV2PieceLength(info);
  const hybrid = isV1(info);
  const v2 = parseV2Files(info, rules, !info.entry("files").missing);
  const v1 = hybrid ? parseFiles(info, rules) : null;
  if (v1 !== null) expectSameFiles(v1, v2, pieceLength);
  const hashes = v1 === null ? null : parsePieces(info, v1.totalLength).pieceHashes;
  const layers = root.entry("piece layers").value;
  const merkle = hybrid && layersMissing && layers === undefined
    ? null
    : { files: v2.trees, pieces: parseLayers(layers, v2.trees, pieceLength) };
  const { name, multiFile, files, totalLength } = v1 ?? v2;
  const version = hybrid ? "hybrid" : "v2";
  const pieceHashes = hashes ?? new Uint8Array();
  return { version, name, multiFile, files, totalLength, pieceLength, pieceHashes, merkle };
}

/** By which others know it. */
async function hashesOf(
  infoBytes: Bytes,
  version: TorrentVersion,
  knownAs: InfoHash | undefined,
): Promise<Pick<Metainfo, "infoHash" | "infoHashV1" | "infoHashV2">> {
  const v1 = version === "v2" ? null : infoHash(await sha1(infoBytes));
  const v2 = version === "v1" ? null : infoHashV2(await sha256(infoBytes));
  const short = v2 === null ? null : truncated(v2);
  const isOther = short !== null && knownAs !== undefined && equalBytes(short, knownAs);
  const known = isOther || v1 === null ? short : v1;
  return { infoHash: known!, infoHashV1: v1, infoHashV2: v2 };
}

/** Absent is public; any number but 0 is private, as clients agree on. */
function parsePrivate(field: Field): boolean {
  return !field.missing && field.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) !== 0;
}

/** Text that only informs, cut to {@linkcode MAX_TEXT}. */
function textOf(value: Bvalue | undefined): string | null {
  const bytes = asBytes(value);
  return bytes === null ? null : fromUtf8Lossy(bytes.subarray(0, MAX_TEXT));
}
