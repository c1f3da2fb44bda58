import { assertEquals, assertThrows } from "@std/assert";
import { type Bytes, fromHex, ProtocolError, toHex } from "../../src/base/mod.ts";
import { encodeHolepunch, HolepunchError, readHolepunch } from "../../src/wire/mod.ts";

/** As BEP 55 lays them out. */
const MESSAGES = [
  ["00" + "00" + "01020304" + "1ae1", "rendezvous", "1.2.3.4", 6881, 0],
  ["01" + "01" + "2600" + "00".repeat(13) + "01" + "0050", "connect", "2600::1", 80, 0],
  ["02" + "00" + "01020304" + "1ae1" + "00000002", "error", "1.2.3.4", 6881, 2],
] as const;

Deno.test("messages are those of BEP 55", () => {
  for (const [hex, kind, host, port, code] of MESSAGES) {
    const message = { kind, endpoint: { host, port }, code };
    assertEquals(toHex(encodeHolepunch(message)), hex);
    assertEquals(readHolepunch(fromHex(hex)!), message);
    // what follows is passed over: some clients write an error code always
    assertEquals(readHolepunch(fromHex(hex + "00000000")!), message);
  }
  assertEquals(HolepunchError.NoSelf, 4);
});

Deno.test("what is unknown is passed over, what is cut short breaks the protocol", () => {
  assertEquals(readHolepunch(fromHex("0300010203041ae1")!), null);
  assertEquals(readHolepunch(fromHex("0002010203041ae1")!), null);
  for (const hex of ["", "00", "0000", "000001020304", "000001020304" + "1a"]) {
    assertThrows(() => readHolepunch(fromHex(hex) as Bytes), ProtocolError);
  }
  assertThrows(() => readHolepunch(fromHex("0200010203041ae1")!), ProtocolError);
});
