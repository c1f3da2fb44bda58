import { assertEquals, assertThrows } from "@std/assert";
import { concat, endpoint, ProtocolError, toCompact, utf8 } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { decodePex, encodePex, PexFlag } from "../../src/wire/mod.ts";

const a = { host: "8.8.8.1", port: 1 };
const b = { host: "8.8.8.2", port: 65_535 };
const six = { host: "2600::1", port: 6881 };

Deno.test("a message reads back as it was written, both families in it", () => {
  const message = {
    added: [{ ...a, flags: PexFlag.Seed }, { ...b, flags: 0 }, { ...six, flags: 0x11 }],
    dropped: [b, six],
  };
  assertEquals(decodePex(encodePex(message)), message);
  assertEquals(decodePex(encodePex({ added: [], dropped: [] })), { added: [], dropped: [] });
});

Deno.test("the message on the wire is that of BEP 11", () => {
  assertEquals(
    encodePex({ added: [{ host: "1.2.3.4", port: 258, flags: 2 }], dropped: [] }),
    concat(
      utf8("d5:added6:"),
      new Uint8Array([1, 2, 3, 4, 1, 2]),
      utf8("7:added.f1:\x026:added60:8:added6.f0:7:dropped0:8:dropped60:e"),
    ),
  );
});

Deno.test("flags that are missing or of another number say nothing", () => {
  const added = concat(toCompact(a), toCompact(b));
  const read = (flags: number[] | null) =>
    decodePex(encode(flags === null ? { added } : { added, "added.f": new Uint8Array(flags) }))
      .added.map(({ flags }) => flags);
  assertEquals(read(null), [0, 0]);
  assertEquals(read([1]), [0, 0]);
  assertEquals(read([1, 2, 3]), [0, 0]);
  assertEquals(read([1, 2]), [1, 2]);
});

Deno.test("a peer with port 0 is left out, and the flags stay with whom they are of", () => {
  const added = concat(toCompact(a), new Uint8Array([8, 8, 8, 9, 0, 0]), toCompact(b));
  assertEquals(decodePex(encode({ added, "added.f": new Uint8Array([1, 2, 4]) })).added, [
    { ...a, flags: 1 },
    { ...b, flags: 4 },
  ]);
});

Deno.test("of however many peers a hundred of each family and kind are read", () => {
  const entries = { added: 6, added6: 18, dropped: 6, dropped6: 18 };
  const message = encode(Object.fromEntries(
    Object.entries(entries).map(([key, size]) => [key, new Uint8Array(size * 1000).fill(7)]),
  ));
  const { added, dropped } = decodePex(message);
  assertEquals([added.length, dropped.length], [200, 200]);
  assertEquals(added[0], { ...endpoint("7.7.7.7", 0x0707)!, flags: 0 });
});

Deno.test("half an address, or what is no dictionary, is refused; other types are passed over", () => {
  for (const key of ["added", "added6", "dropped", "dropped6"]) {
    assertThrows(() => decodePex(encode({ [key]: new Uint8Array(7) })), ProtocolError, key);
    assertEquals(decodePex(encode({ [key]: 5 })), { added: [], dropped: [] });
  }
  for (const text of ["", "le", "i1e", "d5:added", "d1:xllllleeeeee", "de "]) {
    assertThrows(() => decodePex(utf8(text)), ProtocolError, "Expected a bencoded dictionary");
  }
});
