import { assert, assertEquals } from "@std/assert";
import { fromHex, millis, toHex } from "../../src/base/mod.ts";
import { decodePacket, encodePacket, PacketType } from "../../src/utp/mod.ts";
import { distance, microseconds, timeDistance } from "../../src/utp/sequence.ts";
import { refreshPacket } from "../../src/utp/packet.ts";

const HEADER = {
  type: PacketType.Data,
  connectionId: 0x1234,
  timestamp: 0x89abcdef,
  delay: 0x01020304,
  window: 0x00100000,
  seq: 0xfffe,
  ack: 0x0001,
};

/** Packets that libtorrent 2.0.8 sent: a call, its answer, the first data. */
const SEEN: readonly (readonly [string, number, number, number])[] = [
  ["4100f53303850d93e000000000000000b62d0000", PacketType.Syn, 0xb62d, 0],
  ["0100f53403850d960a00000052001000", PacketType.Data, -1, -1],
];

Deno.test("a header is written as BEP 29 has it", () => {
  assertEquals(
    toHex(encodePacket(HEADER, new Uint8Array([7, 8]))),
    "01001234" + "89abcdef" + "01020304" + "00100000" + "fffe0001" + "0708",
  );
});

Deno.test("packets of another client are read", () => {
  for (const [hex, type, seq, ack] of SEEN) {
    const packet = decodePacket(fromHex(hex)!);
    // one that was cut is none
    if (seq < 0) assertEquals(packet, null);
    else assertEquals([packet?.type, packet?.seq, packet?.ack], [type, seq, ack]);
  }
});

Deno.test("mask and padding are before the payload", () => {
  const mask = new Uint8Array([1, 0, 0, 0x80]);
  for (const padding of [0, 2, 3, 256, 257, 258, 259, 260, 1_000]) {
    const bytes = encodePacket(HEADER, new Uint8Array([9]), mask, padding);
    assertEquals(bytes.length, 20 + 6 + padding + 1, `${padding}`);
    const read = decodePacket(bytes);
    assertEquals([read?.mask, read?.payload], [mask, new Uint8Array([9])], `${padding}`);
  }
});

Deno.test("an extension that does not end inside the packet is refused, one that is unknown passed over", () => {
  const header = "01071234" + "00000000".repeat(4);
  assert(decodePacket(fromHex(header)!) === null);
  assert(decodePacket(fromHex(header + "00")!) === null);
  assert(decodePacket(fromHex(header + "000201")!) === null);
  assertEquals(decodePacket(fromHex(header + "00020102" + "ff")!)?.payload, new Uint8Array([0xff]));
  // a chain that never ends does with the packet
  assert(decodePacket(fromHex(header + "0700".repeat(700))!) === null);
});

Deno.test("other versions and types are none", () => {
  for (const first of ["00", "02", "51", "f1"]) {
    assertEquals(decodePacket(fromHex(first + "00".repeat(19))!), null, first);
  }
  assertEquals(decodePacket(new Uint8Array(0)), null);
});

Deno.test("a packet that is sent again has its number and payload still", () => {
  const bytes = encodePacket(HEADER, new Uint8Array([5, 6]));
  refreshPacket(bytes, { timestamp: 1, delay: 2, window: 3, ack: 4 });
  const { type, connectionId, seq, payload, timestamp, delay, window, ack } = decodePacket(bytes)!;
  assertEquals(
    [type, connectionId, seq, payload],
    [PacketType.Data, 0x1234, 0xfffe, new Uint8Array([5, 6])],
  );
  assertEquals([timestamp, delay, window, ack], [1, 2, 3, 4]);
});

Deno.test("numbers and times go round", () => {
  assertEquals(distance(2, 0xfffe), 4);
  assertEquals(distance(0xfffe, 2), -4);
  assertEquals(distance(0, 0x8000), -0x8000);
  assertEquals(timeDistance(5, 0xffff_fffb), 10);
  assertEquals(timeDistance(0xffff_fffb, 5), -10);
  assertEquals(microseconds(millis(2 ** 32 / 1000 + 1)), 1_000);
});
