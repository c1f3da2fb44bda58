import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { AddressSet, endpoint, formatAddress, utf8 } from "../../src/base/mod.ts";
import {
  decodeLsd,
  encodeLsd,
  type LsdMessage,
  type ParsedFilter,
  parseIpFilter,
} from "../../src/net/mod.ts";
import { fuzz } from "./harness.ts";

fuzz<LsdMessage | null>({
  name: "local discovery",
  corpus: [
    `BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: ${
      "ab".repeat(20)
    }\r\ncookie: x\r\n\r\n\r\n`,
    `BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: ${"0".repeat(40)}\r\nInfohash: ${
      "F".repeat(40)
    }\r\n`,
  ].map(utf8),
  decode: decodeLsd,
  refusals: [],
  size: (message) => message?.infoHashes.length ?? 0,
  check: (message) => {
    if (message === null) return;
    assert(endpoint("1.2.3.4", message.port) !== null);
    assertEquals(decodeLsd(encodeLsd("ipv4", message)), message);
  },
});

fuzz<ParsedFilter>({
  name: "lists of addresses",
  corpus: [
    "# list\nname:1.2.3.4-1.2.3.9\n",
    "001.002.003.004 - 001.002.003.009 , 000 , name\r\n1.2.3.0/24\n",
    "2600::/32\nx:2600::1-2600::9\n2600::1 - 2600::9 , 200 , y\n::ffff:1.2.3.4",
    "\n\n;\n//\n1.2.3.4\n255.255.255.255/0\n",
  ].map(utf8),
  decode: parseIpFilter,
  refusals: [],
  size: ({ understood, misunderstood }) => understood + misunderstood,
  check: ({ ranges, understood, misunderstood, firstBad }, bytes) => {
    const lines = new TextDecoder("latin1").decode(bytes).split("\n").length;
    assertLessOrEqual(understood + misunderstood, lines);
    assertEquals(firstBad === null, misunderstood === 0);
    const set = new AddressSet(ranges);
    assertLessOrEqual(set.size, understood);
    for (let i = 0; i < ranges.v4.length; i++) {
      const [at, before] = [ranges.v4[i]!, ranges.v4[i - 1] ?? -2];
      // ends follow beginnings, and the next range does not touch the one before
      assert(i % 2 === 1 ? at >= before : at > before + 1);
      assert(set.has(formatAddress(new Uint8Array([at >>> 24, at >>> 16, at >>> 8, at]))));
    }
  },
});
