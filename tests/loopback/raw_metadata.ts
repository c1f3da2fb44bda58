/** A peer that has a torrent's metadata and nothing else. */
import { type Bytes, infoHash, peerId } from "../../src/base/mod.ts";
import {
  decodeExtensionHandshake,
  encodeExtensionHandshake,
  encodeHandshake,
  encodeMetadataData,
  HANDSHAKE_SIZE,
  Message,
  readMetadata,
} from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import type { RawPeer } from "./raw_peer.ts";

/** Answers every request for metadata with a part of `info`, until the other side leaves; `other` hears the rest. */
export async function giveMetadata(
  peer: RawPeer,
  hash: Bytes,
  info: Bytes,
  other: (message: Bytes) => void = () => {},
): Promise<void> {
  const id = peerId(new Uint8Array(20).fill(200));
  const capabilities = { fast: false, extended: true, dht: false };
  await peer.send(encodeHandshake({ infoHash: infoHash(hash), peerId: id, ...capabilities }));
  await peer.take(HANDSHAKE_SIZE);
  const greeting = encodeExtensionHandshake({
    ids: { ut_metadata: 7 },
    client: "raw",
    requestQueue: 100,
    port: null,
    uploadOnly: false,
    metadataSize: info.length,
  });
  await peer.send(frame(Message.Extended, new Uint8Array([0]), greeting));
  let theirs = 0;
  for (let said = await peer.message(); said !== null; said = await peer.message()) {
    if (said[0] !== Message.Extended) other(said);
    else if (said[1] === 0) {
      theirs = decodeExtensionHandshake(said.slice(2)).ids.get("ut_metadata") ?? 0;
    } else if (said[1] === 7) {
      const request = readMetadata(said.slice(2));
      if (request?.type !== "metadata-request") continue;
      const answer = encodeMetadataData(info, request.piece);
      await peer.send(frame(Message.Extended, new Uint8Array([theirs]), answer));
    }
  }
}
