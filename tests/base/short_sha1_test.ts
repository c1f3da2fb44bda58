import { assertEquals, assertThrows } from "@std/assert";
import { randomBytes, SeededRandom, sha1, shortSha1 } from "../../src/base/mod.ts";

Deno.test("the synchronous SHA-1 is SHA-1", async () => {
  const random = new SeededRandom(4);
  for (let length = 0; length <= 183; length++) {
    const data = randomBytes(length, random);
    assertEquals(shortSha1(data), await sha1(data));
  }
  assertThrows(() => shortSha1(new Uint8Array(184)), RangeError, "183");
});
