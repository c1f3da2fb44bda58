import { assertEquals, assertThrows } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";

Deno.test("pieces are added and taken out once, and counted", () => {
  const set = new Bitfield(10);
  assertEquals([set.add(3), set.add(3), set.add(9), set.count], [true, false, true, 2]);
  assertEquals([set.has(3), set.has(4), set.has(9)], [true, false, true]);
  assertEquals([set.delete(3), set.delete(3), set.count], [true, false, 1]);
  assertEquals([...set], [9]);
});

Deno.test("a number out of range is in no set and cannot be added", () => {
  const set = new Bitfield(10);
  set.fill();
  for (const index of [10, 15, 1000, -1]) {
    assertEquals(set.has(index), false, String(index));
    assertThrows(() => set.add(index), RangeError, `Expected a piece below 10, got ${index}`);
    assertThrows(() => set.delete(index), RangeError);
  }
});

Deno.test("the wire's form has the first piece in the highest bit and no spare bit set", () => {
  const set = new Bitfield(10);
  set.add(0);
  set.add(9);
  assertEquals([...set.toWire()], [0b1000_0000, 0b0100_0000]);
  set.fill();
  assertEquals([...set.toWire()], [0xff, 0b1100_0000]);
  assertEquals([set.full, set.count, [...set].length], [true, 10, 10]);
});

Deno.test("a wire form of the wrong length or with a spare bit is refused", () => {
  assertEquals(Bitfield.fromWire(new Uint8Array([0xff, 0xc0]), 10)?.full, true);
  assertEquals(Bitfield.fromWire(new Uint8Array([0xff, 0xe0]), 10), null);
  assertEquals(Bitfield.fromWire(new Uint8Array([0xff, 0x01]), 10), null);
  assertEquals(Bitfield.fromWire(new Uint8Array(1), 10), null);
  assertEquals(Bitfield.fromWire(new Uint8Array(3), 10), null);
  assertEquals(Bitfield.fromWire(new Uint8Array([0xff]), 8)?.count, 8);
  assertEquals(Bitfield.fromWire(new Uint8Array(0), 0)?.full, true);
});

Deno.test("a clone and a wire form do not follow their set", () => {
  const set = new Bitfield(4);
  set.add(1);
  const [clone, wire] = [set.clone(), set.toWire()];
  set.add(2);
  assertEquals([[...clone], clone.count, wire[0]], [[1], 1, 0b0100_0000]);
});

Deno.test("what another set has more is found", () => {
  const [mine, other] = [new Bitfield(20), new Bitfield(20)];
  for (const piece of [0, 9, 19]) mine.add(piece);
  for (const piece of [0, 3, 8, 9, 18]) other.add(piece);
  assertEquals([...mine.missing(other)], [3, 8, 18]);
  assertEquals([...other.missing(other)], []);
});

Deno.test("the first piece that two sets share is found from any piece on", () => {
  const [a, b] = [new Bitfield(30), new Bitfield(30)];
  for (const index of [1, 6, 9, 17, 29]) a.add(index);
  for (const index of [0, 6, 8, 17, 28, 29]) b.add(index);
  const found = [0, 6, 7, 17, 18, 29, 30, 100].map((from) => a.firstShared(b, from));
  assertEquals(found, [6, 6, 17, 17, 29, 29, 30, 30]);
  assertEquals(a.firstShared(new Bitfield(30), 0), 30);
});
