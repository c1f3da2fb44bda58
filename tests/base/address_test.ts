import { assertEquals } from "@std/assert";
import { formatAddress, parseAddress } from "../../src/base/mod.ts";

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
