import { assertEquals } from "@std/assert";
import { type AddressScope, addressScope, parseAddress } from "../../src/base/mod.ts";

function check(cases: Partial<Record<AddressScope, readonly string[]>>): void {
  for (const [scope, texts] of Object.entries(cases)) {
    for (const text of texts) {
      assertEquals<string>(addressScope(parseAddress(text)!), scope, text);
    }
  }
}

Deno.test("IPv4 ranges end where the registries say", () => {
  check({
    "loopback": ["127.0.0.0", "127.0.0.1", "127.255.255.255"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "0.255.255.255"],
    "private": [
      "10.0.0.0",
      "10.255.255.255",
      "172.16.0.0",
      "172.31.255.255",
      "192.168.0.1",
      "192.168.255.255",
      "100.64.0.0",
      "100.127.255.255",
      "198.18.0.1",
      "198.19.255.255",
    ],
    "link-local": ["169.254.0.1", "169.254.169.254"],
    "multicast": ["224.0.0.1", "239.192.152.143", "255.255.255.255"],
    "reserved": [
      "192.0.0.1",
      "192.0.2.1",
      "198.51.100.1",
      "203.0.113.255",
      "192.88.99.1",
      "240.0.0.1",
      "255.255.255.254",
    ],
    "public": [
      "1.0.0.0",
      "1.1.1.1",
      "9.255.255.255",
      "11.0.0.0",
      "126.255.255.255",
      "128.0.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.0.1.0",
      "192.0.3.0",
      "192.167.255.255",
      "192.169.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "169.253.0.1",
      "169.255.0.0",
      "198.17.255.255",
      "198.20.0.0",
      "198.51.99.255",
      "203.0.114.0",
      "223.255.255.255",
    ],
  });
});

Deno.test("IPv6 ranges end where the registries say", () => {
  check({
    "loopback": ["::1"],
    "unspecified": ["::"],
    "private": ["fc00::1", "fdff::1", "fec0::1", "2001:2::1"],
    "link-local": ["fe80::1", "febf::1"],
    "multicast": ["ff02::1", "ff15::efc0:988f"],
    "reserved": [
      "100::1",
      "1::",
      "4000::1",
      "5f00::1",
      "fb00::1",
      "64:ff9b:2::1",
      "2001:10::1",
      "2001:2f::1",
      "2001:db8::1",
      "3fff:fff::1",
    ],
    "public": ["2001:4860::8888", "2001:30::1", "2606::1", "2000::", "3ffe::1"],
  });
});

Deno.test("an IPv6 address that carries an IPv4 one belongs where that one does", () => {
  const carried: Partial<Record<AddressScope, readonly string[]>> = {
    "loopback": ["127.0.0.1"],
    "private": ["192.168.1.1", "10.0.0.1", "100.64.1.1"],
    "link-local": ["169.254.169.254"],
    "reserved": ["203.0.113.1"],
    "public": ["8.8.8.8"],
  };
  for (const [scope, addresses] of Object.entries(carried)) {
    for (const address of addresses) {
      const [a, b, c, d] = parseAddress(address)!;
      const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
      const [high, low] = [hex(a!, b!), hex(c!, d!)];
      const inverted = `${hex(255 - a!, 255 - b!)}:${hex(255 - c!, 255 - d!)}`;
      const spellings = [
        `::ffff:${address}`,
        `::ffff:0:${address}`,
        `64:ff9b::${address}`,
        `2002:${high}:${low}::`,
        `2002:${high}:${low}::1`,
        `2001:0:4136:e378:8000:63bf:${inverted}`,
        `::${address}`,
      ];
      check({ [scope]: spellings });
    }
  }
  check({ "private": ["64:ff9b:1:a00:1::8.8.8.8"] });
});
