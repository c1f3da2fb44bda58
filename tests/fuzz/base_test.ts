import { assert, assertEquals } from "@std/assert";
import {
  addressScope,
  binaryString,
  concat,
  type Endpoint,
  endpoint,
  formatAddress,
  formatEndpoint,
  fromHex,
  parseAddress,
  parseCompact,
  splitHostPort,
  toCompact,
  utf8,
} from "../../src/base/mod.ts";
import { fuzz } from "./harness.ts";

for (const width of [4, 16] as const) {
  const corpus = width === 4
    ? ["", "0102030401bb", "7f0000011ae1c0a800011ae2"]
    : ["", `${"20".repeat(16)}1ae1`, `${"00".repeat(15)}011ae1${"fe80".padEnd(32, "0")}1ae1`];
  fuzz<Endpoint[]>({
    name: `compact peers of ${width} bytes are endpoints that can be written again`,
    corpus: corpus.map((hex) => fromHex(hex)!),
    decode: (bytes) => parseCompact(bytes, width),
    size: (peers) => peers.length,
    check: (peers, bytes) => {
      for (const peer of peers) assertEquals(endpoint(peer.host, peer.port), peer);
      // entries with port 0 are left out, v4-mapped ones come back as IPv4
      const same = peers.length * (width + 2) === bytes.length &&
        peers.every((peer) => toCompact(peer).length === width + 2);
      if (same) assertEquals(concat(...peers.map(toCompact)), bytes);
    },
  });
}

fuzz<Uint8Array>({
  name: "addresses have one canonical text",
  corpus: ["1.2.3.4", "255.255.255.255", "::", "::1", "2001:db8::1:0:0:1", "::ffff:1.2.3.4"].map(
    utf8,
  ),
  decode: (bytes) => parseAddress(binaryString(bytes)),
  check: (address) => {
    assert(address.length === 4 || address.length === 16);
    const text = formatAddress(address);
    const again = parseAddress(text);
    assert(again !== null, `Expected ${text} to be an address`);
    assertEquals(formatAddress(again), text);
    assertEquals(addressScope(again), addressScope(address));
  },
});

fuzz<{ host: string; port: number }>({
  name: "host and port are split without losing either",
  corpus: ["1.2.3.4:80", "[::1]:6881", "tracker.example:65535"].map(utf8),
  decode: (bytes) => splitHostPort(binaryString(bytes)),
  check: (parts) => assertEquals(splitHostPort(formatEndpoint(parts)), parts),
});
