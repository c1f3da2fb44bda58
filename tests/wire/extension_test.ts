import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Bytes, concat, ProtocolError, utf8 } from "../../src/base/mod.ts";
import { decodeExtensionHandshake, encodeExtensionHandshake } from "../../src/wire/mod.ts";

const nothing = {
  ids: new Map(),
  client: null,
  requestQueue: null,
  port: null,
  uploadOnly: null,
  prefersEncryption: false,
  ourAddress: null,
  metadataSize: null,
};
const read = (text: string) => decodeExtensionHandshake(utf8(text));

Deno.test("an extension handshake reads back as it was written", () => {
  const ids = { ut_metadata: 3, ut_pex: 1 };
  const said = {
    ids,
    client: "Tm 1",
    requestQueue: 2000,
    port: 6881,
    uploadOnly: true,
    metadataSize: 31_235,
  };
  for (const address of ["1.2.3.4", "2600::1"]) {
    const encoded = encodeExtensionHandshake({ ...said, theirAddress: address });
    assertEquals(decodeExtensionHandshake(encoded), {
      ...said,
      ids: new Map(Object.entries(ids)),
      prefersEncryption: false,
      ourAddress: address,
    });
  }
  assertEquals(
    decodeExtensionHandshake(
      encodeExtensionHandshake({ ...said, port: null, uploadOnly: false, metadataSize: null }),
    ),
    {
      ...said,
      ids: new Map(Object.entries(ids)),
      prefersEncryption: false,
      port: null,
      uploadOnly: null,
      metadataSize: null,
      ourAddress: null,
    },
  );
});

Deno.test("an empty extension handshake says nothing", () => {
  assertEquals(read("de"), nothing);
});

Deno.test("who would rather have connections encrypted says so with a 1", () => {
  assertEquals(read("d1:ei1ee").prefersEncryption, true);
  for (const other of ["d1:ei0ee", "d1:ei2ee", "d1:e1:1e"]) {
    assertEquals(read(other).prefersEncryption, false);
  }
});

Deno.test("entries of a wrong type or out of range are passed over", () => {
  assertEquals(read("d1:mi5e1:v3:abc4:reqqi0ee"), { ...nothing, client: "abc" });
  assertEquals(read("d1:mle1:pi65536e4:reqqi-1ee"), nothing);
  assertEquals(read("d1:pi0e4:reqq2:10e"), nothing);
  assertEquals(read("d13:metadata_sizei33554433ee"), nothing);
  assertEquals(read("d13:metadata_sizei0ee"), nothing);
  assertEquals(read("d13:metadata_sizei33554432ee").metadataSize, 32 * 1024 * 1024);
  assertEquals(read("d4:reqqi99999999999ee"), nothing);
  assertEquals(read("d6:yourip3:abce"), nothing);
  assertEquals(read("d6:youripi5ee"), nothing);
  assertEquals(read("d11:upload_onlyi2ee"), nothing);
  assertEquals(read("d11:upload_only1:1e"), nothing);
  assertEquals(read("d11:upload_onlyi0ee"), { ...nothing, uploadOnly: false });
  assertEquals(read("d1:md6:ut_pexi256e11:ut_metadatai-1e4:goodi0eee").ids, new Map([["good", 0]]));
});

Deno.test("keys out of order are forgiven, as some clients send them", () => {
  assertEquals(read("d1:v1:x1:pi5ee"), { ...nothing, client: "x", port: 5 });
});

Deno.test("what is no dictionary, or no bencoding, is refused", () => {
  const deep = "l".repeat(100) + "e".repeat(100);
  for (const text of ["", "d", "le", "i5e", "4:spam", "d1:v99999:xe", `d1:x${deep}e`, "dee"]) {
    assertThrows(() => read(text), ProtocolError, "Expected a bencoded dictionary");
  }
});

Deno.test("a client's name is short and can be printed", () => {
  const named = (name: Bytes) =>
    decodeExtensionHandshake(concat(utf8(`d1:v${name.length}:`), name, utf8("e"))).client;
  assertEquals(named(utf8("  Evil\x1b[31m\u202e\u2028 1.0\n ")), "Evil[31m 1.0");
  assertEquals(named(new Uint8Array([0x41, 0xff, 0x42])), "A\ufffdB");
  assertEquals(named(utf8("x".repeat(5_000)))?.length, 60);
  const cut = named(utf8("x".repeat(59) + "😀😀"))!;
  assert(cut.isWellFormed(), "Expected no half of a surrogate pair");
});

Deno.test("a thousand extensions cost no more than a hundred entries with short names", () => {
  const many = Array.from({ length: 900 }, (_, i) => {
    const name = `${i}`.padStart(50, "x");
    return `${name.length}:${name}i1e`;
  });
  const { ids } = read(`d1:md${many.join("")}ee`);
  assert(ids.size <= 100);
  for (const name of ids.keys()) assert(name.length <= 40);
});
