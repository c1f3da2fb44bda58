import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { sipHash, toHex } from "../../src/base/mod.ts";

const key = Uint8Array.from({ length: 16 }, (_, i) => i);
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i);

Deno.test("SipHash-2-4 gives the vectors of its paper and reference code", () => {
  // the reference's vectors_sip64 by length of input, and the paper's own example of 15 bytes
  const vectors: [number, string][] = [
    [0, "310e0edd47db6f72"],
    [1, "fd67dc93c539f874"],
    [2, "5a4fa9d909806c0d"],
    [3, "2d7efbd796666785"],
    [7, "37d1018bf50002ab"],
    [8, "6224939a79f5f593"],
    [15, "e545be4961ca29a1"],
  ];
  for (const [length, hash] of vectors) {
    assertEquals(toHex(sipHash(key, counting(length))), hash, `${length} bytes`);
  }
});

Deno.test("SipHash hangs on every bit of the key, and wants a whole one", () => {
  const other = key.slice();
  other[15]! ^= 0x80;
  assertNotEquals(sipHash(other, counting(9)), sipHash(key, counting(9)));
  assertThrows(() => sipHash(key.subarray(1), counting(9)), RangeError);
});
