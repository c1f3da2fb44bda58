import { assertEquals, assertThrows } from "@std/assert";
import { concat, ProtocolError, utf8 } from "../../src/base/mod.ts";
import {
  encodeMetadataData,
  encodeMetadataReject,
  encodeMetadataRequest,
  MAX_METADATA,
  METADATA_PIECE,
  metadataPieces,
  metadataPieceSize,
  readMetadata,
} from "../../src/wire/mod.ts";

const refused = (head: string, data = 0) =>
  assertThrows(() => readMetadata(concat(utf8(head), new Uint8Array(data))), ProtocolError);

Deno.test("metadata messages read back as they were written", () => {
  assertEquals(readMetadata(encodeMetadataRequest(7)), { type: "metadata-request", piece: 7 });
  assertEquals(readMetadata(encodeMetadataReject(0)), { type: "metadata-reject", piece: 0 });
  const metadata = new Uint8Array(2 * METADATA_PIECE + 5).map((_, i) => i % 251);
  for (const piece of [0, 1, 2]) {
    assertEquals(readMetadata(encodeMetadataData(metadata, piece)), {
      type: "metadata-data",
      piece,
      totalSize: metadata.length,
      data: metadata.slice(piece * METADATA_PIECE, (piece + 1) * METADATA_PIECE),
    });
  }
});

Deno.test("metadata messages as BEP 9 writes them, and with keys of other clients", () => {
  assertEquals(readMetadata(utf8("d8:msg_typei0e5:piecei0ee")), {
    type: "metadata-request",
    piece: 0,
  });
  assertEquals(readMetadata(utf8("d5:piecei1e8:msg_typei2e1:xi1ee")), {
    type: "metadata-reject",
    piece: 1,
  });
  const data = readMetadata(utf8("d8:msg_typei1e5:piecei0e10:total_sizei3eexyz"));
  assertEquals(data, {
    type: "metadata-data",
    piece: 0,
    totalSize: 3,
    data: utf8("xyz"),
  });
});

Deno.test("a kind of metadata message from the future is passed over", () => {
  assertEquals(readMetadata(utf8("d8:msg_typei3ee")), null);
  assertEquals(readMetadata(utf8("d8:msg_typei255e5:piecei99999999eexyz")), null);
});

Deno.test("metadata messages that lie about themselves are refused", () => {
  for (const head of ["", "d", "le", "i0e", "de", "d8:msg_typei-1ee", "d8:msg_type1:0e"]) {
    refused(head);
  }
  // no piece, or none that there can be
  for (const piece of ["", "5:piecei-1e", "5:piecei2048e", "5:piece1:0"]) {
    refused(`d8:msg_typei0e${piece}e`);
  }
  // data behind what has none, and none behind what has
  refused("d8:msg_typei0e5:piecei0ee", 1);
  refused("d8:msg_typei2e5:piecei0ee", 1);
  refused("d8:msg_typei1e5:piecei0e10:total_sizei16384ee", 16_383);
  refused("d8:msg_typei1e5:piecei0e10:total_sizei16384ee", 16_385);
  refused("d8:msg_typei1e5:piecei1e10:total_sizei16385ee", 2);
  // outside its size, and a size out of range
  refused("d8:msg_typei1e5:piecei1e10:total_sizei16384ee", 16_384);
  refused("d8:msg_typei1e5:piecei0ee", 16_384);
  refused("d8:msg_typei1e5:piecei0e10:total_sizei0ee");
  refused(`d8:msg_typei1e5:piecei0e10:total_sizei${MAX_METADATA + 1}ee`, 16_384);
});

Deno.test("pieces of metadata: all of 16 KiB but the last", () => {
  assertEquals([1, 16_384, 16_385].map(metadataPieces), [1, 1, 2]);
  assertEquals(metadataPieceSize(16_385, 0), 16_384);
  assertEquals(metadataPieceSize(16_385, 1), 1);
  assertEquals(metadataPieceSize(16_384, 0), 16_384);
});
