import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { type Bytes, reuseDigestMemory, sha1, sha256 } from "../../src/base/mod.ts";
import { endOffer, offerMemory, reclaimMemory } from "../../src/base/digest_memory.ts";

reuseDigestMemory();

function noise(length: number, seed: number): Bytes {
  const out = new Uint8Array(length);
  for (let i = 0, x = seed | 1; i < length; i++) {
    x = Math.imul(x, 0x5bd1e995) + 0x9e3779b9;
    out[i] = x >>> 24;
  }
  return out;
}

function expected(algorithm: "sha1" | "sha256", data: Bytes): Bytes {
  return new Uint8Array(createHash(algorithm).update(data).digest());
}

Deno.test("digests are right with memory that is used again, whatever the lengths", async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 262_144, 100_000, 1_048_576, 65_536]) {
    const data = noise(length, length);
    assertEquals(await sha1(data), expected("sha1", data), `${length} bytes`);
    assertEquals(await sha256(data), expected("sha256", data), `${length} bytes`);
  }
});

Deno.test("many digests at once do not share memory", async () => {
  const all = Array.from({ length: 40 }, (_, i) => noise(65_536 + (i % 5) * 16_384, i));
  const digests = await Promise.all(all.map((data) => sha1(data)));
  all.forEach((data, i) => assertEquals(digests[i], expected("sha1", data)));
});

Deno.test("of a hybrid pieces and their blocks have memory of their own, each used again", () => {
  for (const length of [1_048_576, 16_384]) reclaimMemory(offerMemory(length));
  const [piece, block] = [offerMemory(1_048_576), offerMemory(16_384)];
  reclaimMemory(piece);
  reclaimMemory(block);
  for (let i = 0; i < 3; i++) {
    const again = [offerMemory(16_384), offerMemory(1_048_576)];
    endOffer();
    assert(again[0] === block && again[1] === piece);
    for (const memory of again) reclaimMemory(memory);
  }
});

Deno.test("the bytes may be changed while they are hashed, and a view is hashed as a view", async () => {
  const data = noise(300_000, 7);
  const view = data.subarray(1000, 201_000);
  const before = expected("sha1", view);
  const hashing = sha1(view);
  data.fill(0);
  assertEquals(await hashing, before);
});

Deno.test("byte arrays copy and divide as ever", () => {
  const data = new Uint8Array([1, 2, 3, 4]);
  assertEquals(data.slice(1, 3), new Uint8Array([2, 3]));
  assertEquals(data.map((x) => x * 2), new Uint8Array([2, 4, 6, 8]));
  assertEquals(data.filter((x) => x > 2), new Uint8Array([3, 4]));
  const part = data.subarray(1, 3);
  part[0] = 9;
  assertEquals(data, new Uint8Array([1, 9, 3, 4]));
  assertEquals(data.slice() instanceof Uint8Array, true);
});
