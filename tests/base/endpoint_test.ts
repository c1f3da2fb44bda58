import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  endpoint,
  endpointScope,
  formatEndpoint,
  fromHex,
  holderOf,
  parseCompact,
  splitHostPort,
  toCompact,
  toHex,
} from "../../src/base/mod.ts";

Deno.test("an endpoint has an address in canonical text and a port that can be dialled", () => {
  assertEquals(endpoint("1.2.3.4", 80), { host: "1.2.3.4", port: 80 });
  assertEquals(endpoint("0:0::1", 65535), { host: "::1", port: 65535 });
  for (const port of [0, -1, 65536, 1.5, NaN]) assertEquals(endpoint("1.2.3.4", port), null);
  assertEquals(endpoint("localhost", 80), null);
});

Deno.test("an endpoint's text puts an IPv6 address in brackets", () => {
  assertEquals(formatEndpoint({ host: "1.2.3.4", port: 5 }), "1.2.3.4:5");
  assertEquals(formatEndpoint({ host: "2001:db8::1", port: 5 }), "[2001:db8::1]:5");
});

Deno.test("host and port are split, the host may be a name", () => {
  assertEquals(splitHostPort("peer.example:6881"), { host: "peer.example", port: 6881 });
  assertEquals(splitHostPort("[::1]:6881"), { host: "::1", port: 6881 });
  for (const text of ["", "x", "x:", ":1", "x:0", "x:65536", "::1:80", "a b:1", "x/y:1", "x:1a"]) {
    assertEquals(splitHostPort(text), null, text);
  }
});

Deno.test("compact lists are read without the entries that cannot be dialled", () => {
  assertEquals(parseCompact(fromHex("0102030400500506070800000a0000011ae1")!, 4), [
    { host: "1.2.3.4", port: 80 },
    { host: "10.0.0.1", port: 6881 },
  ]);
  const v6 = `${"20010db8".padEnd(31, "0")}11ae1`;
  assertEquals(parseCompact(fromHex(v6)!, 16), [{ host: "2001:db8::1", port: 6881 }]);
  assertEquals(parseCompact(new Uint8Array(0), 4), []);
  assertEquals(parseCompact(new Uint8Array(7), 4), null);
  assertEquals(parseCompact(new Uint8Array(6), 16), null);
});

Deno.test("an endpoint's compact form is six or eighteen bytes", () => {
  assertEquals(toHex(toCompact({ host: "1.2.3.4", port: 258 })), "010203040102");
  assertEquals(toHex(toCompact({ host: "::1", port: 1 })), `${"0".repeat(31)}10001`);
  assertThrows(() => toCompact({ host: "example", port: 1 }), RangeError);
});

Deno.test("an endpoint belongs where its address does", () => {
  assertEquals(endpointScope({ host: "127.0.0.1", port: 1 }), "loopback");
  assertEquals(endpointScope({ host: "name.example", port: 1 }), "unspecified");
});

Deno.test("an address is one holder's: IPv4 as it is, IPv6 by 64 bits, near by with its port", () => {
  const holder = (host: string, port = 1) => holderOf({ host, port });
  assertEquals(holder("8.8.8.8", 1), holder("8.8.8.8", 2));
  assertNotEquals(holder("8.8.8.8"), holder("8.8.8.9"));
  assertEquals(holder("2600:1:2:3::1"), holder("2600:1:2:3:ffff::9", 7));
  assertNotEquals(holder("2600:1:2:3::1"), holder("2600:1:2:4::1"));
  assertNotEquals(holder("192.168.0.1", 1), holder("192.168.0.1", 2));
});
