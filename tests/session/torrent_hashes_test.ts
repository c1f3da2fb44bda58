import { assertEquals } from "@std/assert";
import { type Bytes, infoHash, infoHashV2 } from "../../src/base/mod.ts";
import { TorrentHashes } from "../../src/session/torrent_hashes.ts";
import { handshake } from "../wire/talk.ts";

const V1 = infoHash(new Uint8Array(20).fill(1));
const LONG = infoHashV2(new Uint8Array(32).fill(2));
const V2 = infoHash(LONG.slice(0, 20) as Bytes);

const v1 = new TorrentHashes({ infoHash: V1, infoHashV1: V1, infoHashV2: null });
const v2 = new TorrentHashes({ infoHash: V2, infoHashV1: null, infoHashV2: LONG });
const hybrid = new TorrentHashes({ infoHash: V1, infoHashV1: V1, infoHashV2: LONG });
const byV2 = new TorrentHashes({ infoHash: V2, infoHashV1: V1, infoHashV2: LONG });

Deno.test("a hybrid is announced by the hash it is not known by too, others have one", () => {
  assertEquals([v1.other, v2.other], [null, null]);
  assertEquals([hybrid.other, byV2.other], [V2, V1]);
  assertEquals([v1, v2, hybrid].map(({ speaksV2 }) => speaksV2), [false, true, true]);
});

Deno.test("a hybrid is dialled by the hash of v1, which everybody knows, unless it must be that of v2", () => {
  for (const hashes of [hybrid, byV2]) {
    assertEquals([hashes.dialled(false), hashes.dialled(true)], [V1, V2]);
  }
  assertEquals([v1.dialled(true), v2.dialled(false)], [V1, V2]);
});

Deno.test("a peer that speaks v2 is answered with the hash of v2, and one we dialled may answer so (BEP 52)", () => {
  const with1 = handshake(1, { infoHash: V1 });
  const both = handshake(1, { infoHash: V1, v2: true });
  const with2 = handshake(1, { infoHash: V2 });
  for (const hashes of [hybrid, byV2]) {
    assertEquals(hashes.agree(with1, false), { infoHash: V1, v2: false });
    assertEquals(hashes.agree(both, false), { infoHash: V2, v2: true });
    assertEquals(hashes.agree(with2, false), { infoHash: V2, v2: true });
    assertEquals(hashes.agree(with2, true), { infoHash: V2, v2: true });
    // it did not take the offer
    assertEquals(hashes.agree(both, true), { infoHash: V1, v2: false });
  }
  assertEquals(v1.agree(both, false), { infoHash: V1, v2: false });
  assertEquals(v2.agree(with2, false), { infoHash: V2, v2: true });
  assertEquals([v1.agree(with2, false), v2.agree(with1, true)], [null, null]);
});
