/**
 * The last blocks of the files of a v2 torrent. By BEP 52 they end where the file does; libtorrent up to 2.0.12 takes
 * them for whole ones, filled up with zeros, and refuses any other request. So we ask as BEP 52 says, a peer that
 * refuses it is asked the other way, and both are answered.
 */
import type { Bytes } from "../base/mod.ts";
import { BLOCK_SIZE, type Geometry } from "../metainfo/mod.ts";
import type { Peer } from "./peer.ts";

/** What of a block is the file's own; all of it when it is not as long as peers may have it. */
export function ownPart(geometry: Geometry, piece: number, begin: number, data: Bytes): Bytes {
  if (begin % BLOCK_SIZE !== 0) return data;
  const spoken = geometry.spokenBlockSize(piece, begin / BLOCK_SIZE);
  if (data.length !== spoken) return data;
  return data.subarray(0, geometry.ownLength(piece, begin, spoken));
}

/** `peer` refused a request: when it was one that can be asked for in two ways, the other one comes next. */
export function noteTails(
  geometry: Geometry,
  peer: Peer,
  piece: number,
  begin: number,
  length: number,
): void {
  const block = begin / BLOCK_SIZE;
  const own = geometry.blockSize(piece, block);
  const spoken = geometry.spokenBlockSize(piece, block);
  // what was asked for before we knew says nothing new
  if (own !== spoken && length === peer.blockSize(geometry, piece, block)) {
    peer.padsTails = !peer.padsTails;
  }
}

/** `data` with zeros behind it, `length` bytes. */
export function filledUp(data: Bytes, length: number): Bytes {
  const out = new Uint8Array(length);
  out.set(data);
  return out;
}
