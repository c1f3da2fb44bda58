import { assertEquals } from "@std/assert";
import { fromHex, randomBytes, SeededRandom, toHex } from "../../../src/base/mod.ts";
import { Rc4 } from "../../../src/wire/mse/mod.ts";

/** RFC 6229: key, and the keystream's bytes from 1024 and from 4096 on. */
const VECTORS = [
  ["0102030405", "30abbcc7c20b01609f23ee2d5f6bb7df", "ff25b58995996707e51fbdf08b34d875"],
  [
    "0102030405060708090a0b0c0d0e0f10",
    "bdf0324e6083dcc6d3cedd3ca8c53c16",
    "a36a4c301ae8ac13610ccbc12256cacc",
  ],
  ["833222772a", "7828d074119cab5c22b294d7a9bfa0bb", "bf42c3018c2f7c66bfde524975768115"],
] as const;

Deno.test("the keystream is that of RFC 6229 behind its first 1,024 bytes", () => {
  for (const [key, first, later] of VECTORS) {
    const stream = new Uint8Array(4096 - 1024 + 16);
    new Rc4(fromHex(key)!).apply(stream);
    assertEquals(toHex(stream.subarray(0, 16)), first);
    assertEquals(toHex(stream.subarray(-16)), later);
  }
});

Deno.test("in whatever parts the bytes come, the keystream is one", () => {
  const random = new SeededRandom(3);
  const key = randomBytes(20, random);
  const whole = new Uint8Array(10_000);
  new Rc4(key).apply(whole);
  const parts = new Uint8Array(10_000);
  const rc4 = new Rc4(key);
  for (let at = 0; at < parts.length;) {
    const count = random.below(40);
    rc4.apply(parts.subarray(at, at + count));
    at += count;
  }
  assertEquals(parts, whole);
});
