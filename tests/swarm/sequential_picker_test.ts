import { assertEquals } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";
import { SequentialPicker } from "../../src/swarm/mod.ts";

function setOf(size: number, ...pieces: number[]): Bitfield {
  const out = new Bitfield(size);
  for (const piece of pieces) out.add(piece);
  return out;
}

/** Picks and takes out until there is nothing more for `has`. */
function drain(picker: SequentialPicker, has: Bitfield): number[] {
  const out: number[] = [];
  for (let piece = picker.pick(has); piece !== null; piece = picker.pick(has)) {
    out.push(piece);
    picker.remove(piece);
  }
  return out;
}

Deno.test("pieces are picked in their order, of those a peer has", () => {
  const picker = new SequentialPicker(20);
  assertEquals(drain(picker, setOf(20, 3, 7, 8, 19)), [3, 7, 8, 19]);
  const all = new Bitfield(20);
  all.fill();
  assertEquals(drain(picker, all), [0, 1, 2, 4, 5, 6, ...[9, 10, 11, 12, 13, 14, 15, 16, 17, 18]]);
  assertEquals(picker.waiting, 0);
});

Deno.test("a piece that comes back is the first again", () => {
  const picker = new SequentialPicker(4);
  const all = setOf(4, 0, 1, 2, 3);
  picker.remove(0);
  picker.remove(1);
  assertEquals(picker.pick(all), 2);
  picker.restore(1);
  assertEquals(picker.pick(all), 1);
  picker.restore(0);
  assertEquals(picker.pick(all), 0);
});

Deno.test("nothing begins behind the end, which only moves on", () => {
  const picker = new SequentialPicker(10, 3);
  const all = new Bitfield(10);
  all.fill();
  assertEquals(drain(picker, all), [0, 1, 2]);
  assertEquals([picker.mayBegin(2), picker.mayBegin(3), picker.waiting], [true, false, 7]);
  picker.extend(5);
  picker.extend(4);
  assertEquals(drain(picker, all), [3, 4]);
  picker.extend(100);
  assertEquals(drain(picker, all), [5, 6, 7, 8, 9]);
});
