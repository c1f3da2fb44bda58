import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32c, fromHex, parseAddress, SeededRandom, toHex, utf8 } from "../../src/base/mod.ts";
import { BloomFilter, isSecureId, randomId, secureId } from "../../src/dht/mod.ts";
import { compareDistance, idAtDistance, type NodeId, sharedBits } from "../../src/dht/node_id.ts";

/** Address, salt and the first 24 bits of an id, of BEP 42; of the last byte five bits are given. */
const VECTORS = [
  ["124.31.75.21", 0x01, "5fbfbf"],
  ["21.75.31.124", 0x56, "5a3ce9"],
  ["65.23.51.170", 0x16, "a5d432"],
  ["84.124.73.14", 0x41, "1b0321"],
  ["43.213.53.83", 0x5a, "e56f6c"],
] as const;

Deno.test("ids that follow from addresses are those of BEP 42", () => {
  const random = new SeededRandom(1);
  for (const [host, salt, prefix] of VECTORS) {
    const address = parseAddress(host)!;
    const id = secureId(address, random, salt);
    const expected = fromHex(prefix)!;
    assertEquals(toHex(id.subarray(0, 2)), prefix.slice(0, 4), host);
    assertEquals(id[2]! & 0xf8, expected[2]! & 0xf8, host);
    assertEquals(id[19], salt);
    assert(isSecureId(id, address));
  }
});

Deno.test("an id belongs to its address and no other, local ones excepted", () => {
  const random = new SeededRandom(2);
  const id = secureId(parseAddress("124.31.75.21")!, random);
  assert(!isSecureId(id, parseAddress("124.31.75.22")!));
  assert(!isSecureId(randomId(random), parseAddress("124.31.75.21")!));
  for (const host of ["10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.1.1", "127.0.0.1", "::1"]) {
    assert(isSecureId(id, parseAddress(host)!), host);
  }
  const v6 = parseAddress("2a01:4f8:1:2::9")!;
  assert(isSecureId(secureId(v6, random), v6));
  assert(!isSecureId(secureId(v6, random), parseAddress("2a02:4f8:1:2::9")!));
});

Deno.test("the checksum is Castagnoli's", () => {
  assertEquals(crc32c(utf8("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array()), 0);
});

Deno.test("distance is XOR, read as a number", () => {
  const id = (first: number, last: number) => {
    const out = new Uint8Array(20);
    [out[0], out[19]] = [first, last];
    return out as NodeId;
  };
  assert(compareDistance(id(0, 0), id(1, 0), id(0, 255)) > 0);
  assert(compareDistance(id(3, 0), id(2, 0), id(1, 0)) < 0);
  assertEquals(compareDistance(id(7, 7), id(9, 9), id(9, 9)), 0);
  assertEquals(sharedBits(id(0, 0), id(0, 0)), 160);
  assertEquals(sharedBits(id(0x80, 0), id(0, 0)), 0);
  assertEquals(sharedBits(id(1, 0), id(0, 0)), 7);
  assertEquals(sharedBits(id(0, 1), id(0, 0)), 159);
});

Deno.test("an id for a bucket shares exactly its bits", () => {
  const random = new SeededRandom(3);
  const own = randomId(random);
  for (let bits = 0; bits < 160; bits++) {
    assertEquals(sharedBits(own, idAtDistance(own, bits, random)), bits);
  }
});

Deno.test("a filter of BEP 33 counts as BEP 33 does", () => {
  const filter = new BloomFilter();
  for (let i = 0; i < 256; i++) filter.add(parseAddress(`192.0.2.${i}`)!);
  for (let i = 0; i < 0x3e8; i++) filter.add(parseAddress(`2001:db8::${i.toString(16)}`)!);
  // the BEP cuts the last digit off
  assertEquals(Math.floor(filter.estimate() * 10_000) / 10_000, 1224.9308);
  assertEquals(
    toHex(filter.toWire().subarray(0, 32)),
    "f6c3f5eaa07ffd91bde89f777f26fb2bff37bdb8fb2bbaa2fd3ddde7bacfff75",
  );
  assertEquals(BloomFilter.from(filter.toWire()).estimate(), filter.estimate());
});

Deno.test("filters merge, and an empty one counts nobody", () => {
  const [a, b] = [new BloomFilter(), new BloomFilter()];
  assertEquals(a.estimate(), 0);
  a.add(parseAddress("1.2.3.4")!);
  b.add(parseAddress("1.2.3.5")!);
  a.merge(b);
  assertEquals(Math.round(a.estimate()), 2);
  assertThrows(() => BloomFilter.from(new Uint8Array(255)), RangeError);
  const full = BloomFilter.from(new Uint8Array(256).fill(0xff)).estimate();
  assert(Number.isFinite(full) && full > 6000);
});
