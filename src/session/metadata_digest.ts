import {
  type Bytes,
  equalBytes,
  type InfoHashV2,
  infoHashV2,
  sha1,
  sha256,
  truncated,
} from "../base/mod.ts";
import type { Magnet } from "../metainfo/mod.ts";

/** What metadata is by the hash that a link has. */
export interface MetadataDigest {
  /** To be compared with what the link has: SHA-1, or SHA-256, whole or its first 20 bytes. */
  readonly digest: Bytes;
  /** The link has this hash, if only the beginning of it; null: it has that of v1, or another. */
  readonly infoHashV2: InfoHashV2 | null;
}

/**
 * Hashes metadata as `magnet` names it. What stands behind `urn:btih:` may be the first 20 bytes of a v2 hash: that is
 * what trackers, the DHT and handshakes call such a torrent (BEP 52), and so whoever copies it from there. Both are
 * tried then. Nobody gains by that: 160 bits of SHA-256 are no easier to meet than those of SHA-1.
 */
export async function metadataDigest(
  magnet: Pick<Magnet, "infoHashV1" | "infoHashV2">,
  metadata: Bytes,
): Promise<MetadataDigest> {
  const named = magnet.infoHashV1;
  const v1 = named === null ? null : await sha1(metadata);
  // a link with both has that of v1 there
  const isV1 = named !== null && (equalBytes(v1!, named) || magnet.infoHashV2 !== null);
  if (isV1) return { digest: v1!, infoHashV2: null };
  const v2 = infoHashV2(await sha256(metadata));
  if (named === null) return { digest: v2, infoHashV2: v2 };
  const short = truncated(v2);
  return equalBytes(short, named)
    ? { digest: short, infoHashV2: v2 }
    : { digest: v1!, infoHashV2: null };
}
