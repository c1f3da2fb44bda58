import { assertEquals } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { ReadGate } from "../../src/net/mod.ts";

const BLOCK = 16 * 1024;

Deno.test("a gate under a limit grants a block or more, or nothing: not a read for every few bytes", () => {
  let now = millis(0);
  const gate = new ReadGate(500 * 1024, 2 ** 26, 2 ** 25, () => now);
  gate.took(gate.allowance());
  let granted = 0;
  let reads = 0;
  for (let at = 1; at <= 10_000; at++) {
    now = millis(at);
    const allowance = gate.allowance();
    if (allowance === 0) continue;
    assertEquals(allowance >= BLOCK, true, `${allowance} bytes at ${at} ms`);
    granted += allowance;
    reads++;
    gate.took(allowance);
  }
  const limit = 10 * 500 * 1024;
  assertEquals(granted <= limit && granted > limit - BLOCK, true, `${granted} bytes`);
  assertEquals(reads <= limit / BLOCK, true, `${reads} reads`);
});

Deno.test("a gate without a limit grants everything, until too much waits for the disk", () => {
  const gate = new ReadGate(0, 1000, 500, () => millis(0));
  assertEquals(gate.allowance(), Infinity);
  gate.pending(1001);
  assertEquals(gate.allowance(), 0);
  gate.pending(501);
  assertEquals(gate.allowance(), 0);
  gate.pending(500);
  assertEquals(gate.allowance(), Infinity);
});
