/** Branded types: a value that was checked once and need not be checked again. */
import type { Bytes } from "./bytes.ts";

declare const brand: unique symbol;
/** `T` that went through the check named `Name`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-1 of a torrent's info dictionary, 20 bytes (BEP 3). */
export type InfoHash = Brand<Bytes, "InfoHash">;
/** SHA-256 of a torrent's info dictionary, 32 bytes (BEP 52). */
export type InfoHashV2 = Brand<Bytes, "InfoHashV2">;
/** What a peer calls itself, 20 bytes (BEP 3, BEP 20). */
export type PeerId = Brand<Bytes, "PeerId">;
/** A piece number known to lie inside its torrent. */
export type PieceIndex = Brand<number, "PieceIndex">;
/** Milliseconds on the monotonic clock the caller passes in; never wall-clock time. */
export type Millis = Brand<number, "Millis">;

/** 20 bytes as an info hash; throws `RangeError` on another length. */
export function infoHash(bytes: Bytes): InfoHash {
  if (bytes.length !== 20) {
    throw new RangeError(`Expected an info hash of 20 bytes, got ${bytes.length}`);
  }
  return bytes as InfoHash;
}

/** 32 bytes as a v2 info hash; throws `RangeError` on another length. */
export function infoHashV2(bytes: Bytes): InfoHashV2 {
  if (bytes.length !== 32) {
    throw new RangeError(`Expected a v2 info hash of 32 bytes, got ${bytes.length}`);
  }
  return bytes as InfoHashV2;
}

/** What stands for a v2 info hash where there is room for 20 bytes: trackers, the DHT, handshakes (BEP 52). */
export function truncated(hash: InfoHashV2): InfoHash {
  return hash.slice(0, 20) as InfoHash;
}

/** 20 bytes as a peer id; throws `RangeError` on another length. */
export function peerId(bytes: Bytes): PeerId {
  if (bytes.length !== 20) {
    throw new RangeError(`Expected a peer id of 20 bytes, got ${bytes.length}`);
  }
  return bytes as PeerId;
}

/** A number of milliseconds as a point on the caller's monotonic clock. */
export function millis(value: number): Millis {
  return value as Millis;
}
