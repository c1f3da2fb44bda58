import type { Bytes, InfoHash } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import type { NamedNode } from "./parse_nodes.ts";

/** A torrent as its file describes it (BEP 3), every field checked and every name made safe. */
export interface Metainfo {
  readonly infoHash: InfoHash;
  /** The raw info dictionary, the bytes the info hash is over. */
  readonly infoBytes: Bytes;
  /** A safe file or folder name. */
  readonly name: string;
  /** True when the torrent is a folder (`files`), false for a single file (`length`). */
  readonly multiFile: boolean;
  /** In order, at least one; offsets add up to `totalLength`. */
  readonly files: readonly TorrentFile[];
  /** Bytes of all files, padding included; at least 1. */
  readonly totalLength: number;
  /** Bytes of a piece. */
  readonly pieceLength: number;
  /** 20 bytes a piece, in order. */
  readonly pieceHashes: Bytes;
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
