import type { Bytes, InfoHash, InfoHashV2 } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import { Geometry } from "./geometry.ts";
import type { MerklePieces, MerkleTrees } from "./merkle_pieces.ts";
import type { NamedNode } from "./parse_nodes.ts";

/** Which protocol's hashes a torrent has: those of BEP 3, of BEP 52, or both for the same files. */
export type TorrentVersion = "v1" | "v2" | "hybrid";

/** A torrent as its file describes it (BEP 3, BEP 52), every field checked and every name made safe. */
export interface Metainfo {
  readonly version: TorrentVersion;
  /**
   * What it is known by, here and by trackers, peers and the DHT: SHA-1; of a v2 torrent the first 20 bytes of its
   * SHA-256. Of a hybrid it can be either.
   */
  readonly infoHash: InfoHash;
  /** SHA-1; null: v2. */
  readonly infoHashV1: InfoHash | null;
  /** SHA-256; null: v1. */
  readonly infoHashV2: InfoHashV2 | null;
  /** The raw info dictionary, the bytes the info hash is over. */
  readonly infoBytes: Bytes;
  /** A safe file or folder name. */
  readonly name: string;
  /** True when the torrent is a folder (`files`), false for a single file (`length`). */
  readonly multiFile: boolean;
  /** In order, at least one; offsets add up to `totalLength`, but of a v2 torrent each that has data begins a piece. */
  readonly files: readonly TorrentFile[];
  /** Bytes of all files, padding included where it is listed; at least 1. */
  readonly totalLength: number;
  /** Bytes of a piece. */
  readonly pieceLength: number;
  /** SHA-1, 20 bytes a piece, in order; of a v2 torrent none. */
  readonly pieceHashes: Bytes;
  /** The Merkle trees of its files; null: v1, or a hybrid's that are not known. */
  readonly merkle: MerkleTrees | null;
  /** No peers but those of its trackers (BEP 27). */
  readonly isPrivate: boolean;
  /** Announce URLs in tiers (BEP 12); empty without trackers. */
  readonly trackers: readonly (readonly string[])[];
  /** `url-list` (BEP 19). */
  readonly webseeds: readonly string[];
  /** Nodes to enter the DHT by (BEP 5). */
  readonly nodes: readonly NamedNode[];
  readonly comment: string | null;
  readonly createdBy: string | null;
  /** Seconds since 1970, or null. */
  readonly creationDate: number | null;
}

/** The arithmetic of a torrent's pieces. */
export function geometryOf(
  { version, totalLength, pieceLength, merkle }: Pick<
    Metainfo,
    "version" | "totalLength" | "pieceLength" | "merkle"
  >,
): Geometry {
  if (version !== "v2" || merkle === null) return new Geometry(totalLength, pieceLength);
  const { sizes } = merkle.pieces;
  const last = sizes.length - 1;
  return new Geometry(last * pieceLength + sizes[last]!, pieceLength, sizes);
}

/** What each of its pieces must hash to; it can be posted between threads. */
export function hashesOf(
  { pieceHashes, merkle }: Pick<Metainfo, "pieceHashes" | "merkle">,
): { readonly pieceHashes: Bytes; readonly merkle: MerklePieces | null } {
  return { pieceHashes, merkle: merkle?.pieces ?? null };
}
