import { assert, assertEquals } from "@std/assert";
import { infoHash, sha1 } from "../../src/base/mod.ts";
import { AllowedFastSet } from "../../src/wire/mod.ts";

const HASH = infoHash(new Uint8Array(20).fill(0xaa));

async function derive(host: string, pieces: number, size: number): Promise<number[]> {
  const set = AllowedFastSet.of(host, HASH, pieces, size)!;
  while (!set.done) set.absorb(await sha1(set.input));
  return set.pieces;
}

Deno.test("the allowed fast set is the one of BEP 6", async () => {
  const expected = [1059, 431, 808, 1217, 287, 376, 1188, 353, 508];
  assertEquals(await derive("80.4.4.200", 1313, 7), expected.slice(0, 7));
  assertEquals(await derive("80.4.4.200", 1313, 9), expected);
});

Deno.test("neighbours in a network share their set", async () => {
  assertEquals(await derive("80.4.4.1", 1313, 9), await derive("80.4.4.200", 1313, 9));
});

Deno.test("a torrent of few pieces grants them all, each once", async () => {
  assertEquals((await derive("80.4.4.200", 3, 10)).sort(), [0, 1, 2]);
  assertEquals(await derive("80.4.4.200", 1, 10), [0]);
});

Deno.test("an IPv6 address has no set, nor has what is no address", () => {
  assertEquals(AllowedFastSet.of("2001:db8::1", HASH, 10), null);
  assertEquals(AllowedFastSet.of("example.org", HASH, 10), null);
  assert(AllowedFastSet.of("1.2.3.4", HASH, 10) !== null);
});
