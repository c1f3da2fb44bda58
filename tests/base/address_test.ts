import { assertEquals } from "@std/assert";
import { addressScope, formatAddress, parseAddress } from "../../src/base/mod.ts";

function scopeOf(text: string) {
  return addressScope(parseAddress(text)!);
}

Deno.test("addresses are read and written in canonical text (RFC 5952)", () => {
  const cases = {
    "1.2.3.4": "1.2.3.4",
    "::": "::",
    "::1": "::1",
    "2001:DB8:0:0:0:0:0:1": "2001:db8::1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1": "2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
    "1::": "1::",
    "::ffff:1.2.3.4": "1.2.3.4",
    "64:ff9b::1.2.3.4": "64:ff9b::102:304",
  };
  for (const [text, canonical] of Object.entries(cases)) {
    assertEquals(formatAddress(parseAddress(text)!), canonical);
  }
});

Deno.test("what is no address is refused", () => {
  const texts = [
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.x",
    "0x7f.1",
    "2130706433",
  ];
  texts.push(
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "12345::",
  );
  texts.push("fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::g", "[::1]", " 1.2.3.4", "1.2.3.4\n");
  for (const text of texts) assertEquals(parseAddress(text), null, JSON.stringify(text));
});

Deno.test("IPv4 ranges end where the registries say", () => {
  const cases = {
    "loopback": ["127.0.0.1", "127.255.255.255"],
    "unspecified": ["0.0.0.0", "0.1.2.3"],
    "private": [
      "10.0.0.0",
      "10.255.255.255",
      "172.16.0.0",
      "172.31.255.255",
      "192.168.0.1",
      "100.64.0.0",
      "100.127.255.255",
      "198.18.0.1",
      "198.19.255.255",
    ],
    "link-local": ["169.254.0.1", "169.254.169.254"],
    "multicast": ["224.0.0.1", "240.0.0.1", "255.255.255.255"],
    "public": [
      "1.1.1.1",
      "9.255.255.255",
      "11.0.0.0",
      "126.255.255.255",
      "128.0.0.0",
      "172.15.0.1",
      "172.32.0.0",
      "192.167.0.1",
      "192.169.0.1",
      "100.63.255.255",
      "100.128.0.0",
      "169.253.0.1",
      "198.17.0.1",
      "198.20.0.1",
      "223.255.255.255",
    ],
  };
  for (const [scope, texts] of Object.entries(cases)) {
    for (const text of texts) assertEquals<string>(scopeOf(text), scope, text);
  }
});

Deno.test("IPv6 ranges end where the registries say", () => {
  const cases = {
    "loopback": ["::1"],
    "unspecified": ["::"],
    "private": ["fc00::1", "fdff::1", "fec0::1"],
    "link-local": ["fe80::1", "febf::1"],
    "multicast": ["ff02::1"],
    "public": ["2001:4860::8888", "2606::1", "fb00::1"],
  };
  for (const [scope, texts] of Object.entries(cases)) {
    for (const text of texts) assertEquals<string>(scopeOf(text), scope, text);
  }
});

Deno.test("an IPv6 address that carries an IPv4 one belongs where that one does", () => {
  assertEquals(scopeOf("::ffff:127.0.0.1"), "loopback");
  assertEquals(scopeOf("::ffff:192.168.1.1"), "private");
  assertEquals(scopeOf("::ffff:8.8.8.8"), "public");
  assertEquals(scopeOf("64:ff9b::127.0.0.1"), "loopback");
  assertEquals(scopeOf("64:ff9b::8.8.8.8"), "public");
  assertEquals(scopeOf("64:ff9b:1:a00:1::8.8.8.8"), "private");
  assertEquals(scopeOf("::10.0.0.1"), "private");
  assertEquals(scopeOf("2002:7f00:1::"), "loopback");
  assertEquals(scopeOf("2002:a00:1::1"), "private");
  assertEquals(scopeOf("2002:808:808::1"), "public");
});
