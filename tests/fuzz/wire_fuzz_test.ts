import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  concat,
  endpoint,
  formatEndpoint,
  ProtocolError,
  type Random,
  randomBytes,
  utf8,
} from "../../src/base/mod.ts";
import {
  decodeExtensionHandshake,
  decodeHandshake,
  decodePex,
  encodeHandshake,
  encodeHashes,
  encodeHashSpan,
  encodeMetadataData,
  encodeMetadataReject,
  encodeMetadataRequest,
  encodePex,
  type ExtensionHandshake,
  type Handshake,
  type HashEvent,
  isHashMessage,
  MAX_METADATA,
  Message,
  METADATA_PIECE,
  type MetadataMessage,
  metadataPieces,
  metadataPieceSize,
  type PexMessage,
  readHashMessage,
  readMetadata,
} from "../../src/wire/mod.ts";
import { frame, GEOMETRY, handshake, Talk } from "../wire/talk.ts";
import { fuzz } from "./harness.ts";

fuzz<Handshake>({
  name: "handshakes",
  corpus: [encodeHandshake(handshake(1)), encodeHandshake(handshake(2, { fast: false }))],
  decode: decodeHandshake,
  refusals: [ProtocolError],
  check: (said, bytes) => {
    const again = encodeHandshake(said);
    assertEquals(again.subarray(0, 20), bytes.slice(0, 20));
    assertEquals(again.subarray(28), bytes.slice(28, 68));
    assertEquals(decodeHandshake(again), said);
  },
});

fuzz<ExtensionHandshake>({
  name: "extension handshakes",
  corpus: [
    "de",
    "d1:md11:ut_metadatai3e6:ut_pexi1ee1:pi6881e4:reqqi250e1:v5:abc 1e",
    "d1:ei0e4:ipv44:abcd11:upload_onlyi1e6:yourip4:abcde",
  ].map(utf8),
  decode: decodeExtensionHandshake,
  refusals: [ProtocolError],
  size: ({ ids }) => ids.size,
  check: ({ client, port, requestQueue }) => {
    assert(client === null || (client.length <= 120 && client.isWellFormed()));
    assert(port === null || (port >= 1 && port <= 65_535));
    assert(requestQueue === null || requestQueue >= 1);
  },
});

fuzz<PexMessage>({
  name: "peer exchange",
  corpus: [
    "d5:added6:abcdef7:added.f1:\x02e",
    `d5:added0:6:added618:${"b".repeat(18)}8:added6.f1:\x107:dropped6:abcdefe`,
    "d7:dropped12:abcdefghijkl8:dropped60:e",
  ].map(utf8),
  decode: decodePex,
  refusals: [ProtocolError],
  size: ({ added, dropped }) => added.length + dropped.length,
  check: (message) => {
    for (const { host, port } of [...message.added, ...message.dropped]) {
      assertEquals(endpoint(host, port), { host, port });
    }
    // a v4-mapped address is written as the IPv4 one, so another round changes no more
    const again = decodePex(encodePex(message));
    assertEquals(decodePex(encodePex(again)), again);
    assertEquals(
      new Set(again.added.map(formatEndpoint)),
      new Set(message.added.map(formatEndpoint)),
    );
  },
});

/** Messages of any kind with numbers near the edges of the torrent. */
function conversation(random: Random): Bytes {
  const edges = [0, 1, 19, 20, 16_384, 32_767, 32_768, 0x7fff_ffff, 0xffff_ffff];
  const parts: Uint8Array[] = [];
  for (let i = random.below(12); i >= 0; i--) {
    const numbers = Array.from(
      { length: random.below(4) },
      () => edges[random.below(edges.length)]!,
    );
    parts.push(frame(random.below(22), ...numbers, randomBytes(random.below(20), random)));
  }
  return concat(...parts);
}

// a connection refuses by closing, so every input is "accepted" and judged here
fuzz<Talk>({
  name: "messages of the wire",
  corpus: [
    frame(Message.Bitfield, new Uint8Array(3)),
    concat(frame(Message.Unchoke), frame(Message.Have, 3), frame(Message.Request, 1, 0, 16_384)),
    concat(frame(Message.HaveAll), frame(Message.Piece, 1, 16_384, new Uint8Array(16_384))),
    frame(Message.Extended, utf8("\x00d1:md6:ut_pexi1eee")),
    frame(Message.Extended, new Uint8Array([1, 1])),
    frame(Message.Extended, new Uint8Array([2]), 19),
    frame(Message.Extended, new Uint8Array([4]), utf8("d5:added6:abcdef7:added.f1:\x02e")),
    concat(frame(Message.Reject, 1, 0, 16_384), frame(Message.AllowedFast, 4)),
  ],
  generate: conversation,
  decode: (bytes) => {
    const talk = new Talk();
    talk.hear(bytes, 1 + (bytes.length % 700));
    return talk;
  },
  check: ({ connection, diary, link }) => {
    assertEquals(connection.phase === "closed", link.closedFor !== null);
    assertEquals(connection.faulty, connection.phase === "closed");
    for (const line of diary.lines) {
      const [kind, piece, begin, length] = line.split(" ");
      if (kind !== "block" && kind !== "request" && kind !== "have") continue;
      assert(GEOMETRY.piece(Number(piece)) !== null, line);
      if (kind === "have") continue;
      assert(Number(begin) + Number(length) <= GEOMETRY.pieceSize(Number(piece)), line);
    }
  },
});

fuzz<MetadataMessage>({
  name: "metadata messages",
  corpus: [
    encodeMetadataRequest(3),
    encodeMetadataReject(0),
    encodeMetadataData(new Uint8Array(16_384 + 20), 1),
    encodeMetadataData(new Uint8Array(100), 0),
  ],
  decode: readMetadata,
  refusals: [ProtocolError],
  size: (message) => message.type === "metadata-data" ? message.data.length : 0,
  check: (message) => {
    assert(message.piece < MAX_METADATA / METADATA_PIECE);
    if (message.type !== "metadata-data") return;
    const { piece, totalSize, data } = message;
    assert(totalSize <= MAX_METADATA && piece < metadataPieces(totalSize));
    assertEquals(data.length, metadataPieceSize(totalSize, piece));
  },
});

const SPAN = { root: new Uint8Array(32).fill(1), base: 1, index: 4, length: 4, proofs: 2 };

fuzz<HashEvent>({
  name: "messages of hashes",
  corpus: [
    concat(new Uint8Array([Message.HashRequest]), encodeHashSpan(SPAN)),
    concat(new Uint8Array([Message.HashReject]), encodeHashSpan(SPAN)),
    concat(new Uint8Array([Message.Hashes]), encodeHashes(SPAN, new Uint8Array(5 * 32))),
  ],
  decode: (bytes) =>
    isHashMessage(bytes[0] ?? 0) ? readHashMessage(bytes[0]!, bytes.subarray(1)) : null,
  refusals: [ProtocolError],
  size: (event) => event.type === "hashes" ? event.hashes.length : 0,
  check: (event, bytes) => {
    const payload = event.type === "hashes"
      ? encodeHashes(event.span, event.hashes)
      : encodeHashSpan(event.span);
    assertEquals(payload, bytes.slice(1));
  },
});
