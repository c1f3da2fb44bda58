import { type Bytes, concat, utf8 } from "../base/mod.ts";
import { encode } from "../bencode/mod.ts";
import type { MerkleTrees } from "./merkle_pieces.ts";
import { layersOf } from "./piece_layers.ts";

/**
 * The torrent file of an info dictionary that came from peers: its bytes as they are, between the trackers (each a tier
 * of its own, BEP 12), piece layers (BEP 52) and web seeds that are known. Canonical, and its info hash is that of
 * `infoBytes`.
 */
export function torrentOf(
  infoBytes: Bytes,
  trackers: readonly string[],
  webseeds: readonly string[],
  merkle: MerkleTrees | null = null,
): Bytes {
  const before = encode({
    announce: trackers[0],
    "announce-list": trackers.length > 1 ? trackers.map((url) => [url]) : undefined,
  });
  const layers = merkle === null ? undefined : layersOf(merkle.files, merkle.pieces);
  const after = encode({
    "piece layers": layers,
    "url-list": webseeds.length > 0 ? webseeds : undefined,
  });
  // two dictionaries become one around the info dictionary: the end of the first and the start of the second go
  return concat(before.subarray(0, -1), utf8("4:info"), infoBytes, after.subarray(1));
}
