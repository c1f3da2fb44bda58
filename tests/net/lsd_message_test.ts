import { assert, assertEquals } from "@std/assert";
import { type InfoHash, infoHash, utf8 } from "../../src/base/mod.ts";
import { decodeLsd, encodeLsd } from "../../src/net/mod.ts";

const hash = (byte: number): InfoHash => infoHash(new Uint8Array(20).fill(byte));
const HEX = "ab".repeat(20);
const read = (...lines: string[]) => decodeLsd(utf8(lines.join("\r\n")));

Deno.test("a packet is that of BEP 14", () => {
  const message = { port: 6881, infoHashes: [hash(0xab)], cookie: "tm-1" };
  assertEquals(
    encodeLsd("ipv4", message),
    utf8(
      "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\n" +
        `Infohash: ${HEX}\r\ncookie: tm-1\r\n\r\n\r\n`,
    ),
  );
  const v6 = new TextDecoder().decode(encodeLsd("ipv6", message));
  assert(v6.includes("\r\nHost: [ff15::efc0:988f]:6771\r\n"), v6);
});

Deno.test("a packet reads back as it was written, with several torrents too", () => {
  for (const family of ["ipv4", "ipv6"] as const) {
    for (const cookie of [null, "tm-1"]) {
      const message = { port: 1, infoHashes: [hash(1), hash(2), hash(3)], cookie };
      assertEquals(decodeLsd(encodeLsd(family, message)), message);
    }
  }
});

Deno.test("names of headers are of any case, what is unknown or of a wrong form is passed over", () => {
  assertEquals(
    read(
      "BT-SEARCH * HTTP/1.1",
      "X-Else: 1",
      "nonsense",
      "PORT:70000x",
      "PORT:81",
      "Port: 82",
      `INFOHASH: ${HEX.toUpperCase()}`,
      `Infohash: ${HEX}`,
      "Infohash: abc",
      `Infohash: ${"zz".repeat(20)}`,
      "",
    ),
    { port: 81, infoHashes: [hash(0xab)], cookie: null },
  );
});

Deno.test("what is no such packet, or names no torrent or port, is passed over", () => {
  const first = "BT-SEARCH * HTTP/1.1";
  assertEquals(read(""), null);
  assertEquals(read("GET / HTTP/1.1", "Port: 1", `Infohash: ${HEX}`), null);
  assertEquals(read(`${first} `, "Port: 1", `Infohash: ${HEX}`), null);
  assertEquals(read(first, "Port: 1"), null);
  assertEquals(read(first, `Infohash: ${HEX}`), null);
  for (const port of ["0", "65536", "-1", "1.5", "99999999"]) {
    assertEquals(read(first, `Port: ${port}`, `Infohash: ${HEX}`), null, port);
  }
  assertEquals(read(first, "Port: 1", `Infohash: ${HEX}`, `X: ${"y".repeat(1400)}`), null);
});

Deno.test("of however many torrents a packet's worth are read", () => {
  const lines = Array.from(
    { length: 26 },
    (_, i) => `infohash:${i.toString(16).padStart(40, "0")}`,
  );
  assertEquals(read("BT-SEARCH * HTTP/1.1", "port:1", ...lines)?.infoHashes.length, 25);
});
