import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { digestFile, fillRandom, writePayload } from "../../scripts/demo/payload.ts";

const NEVER = new AbortController().signal;

Deno.test("the generator goes on where it stopped", () => {
  const state = () => Uint32Array.of(1, 2, 3, 4);
  const whole = new Uint32Array(8), parts = new Uint32Array(8), seed = state();
  fillRandom(whole, state());
  fillRandom(parts.subarray(0, 3), seed);
  fillRandom(parts.subarray(3), seed);
  assertEquals(parts, whole);
  assertEquals(new Set(whole).size, 8);
});

Deno.test("a payload is of its size, the same each time, and its digest is the file's", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const first = await writePayload(`${folder}/a`, 2 << 20, NEVER);
    const second = await writePayload(`${folder}/b`, 2 << 20, NEVER);
    const longer = await writePayload(`${folder}/c`, 3 << 20, NEVER);
    assertEquals((await Deno.stat(`${folder}/a`)).size, 2 << 20);
    assertEquals(second, first);
    assertNotEquals(longer, first);
    assertEquals(await digestFile(`${folder}/a`, NEVER), first);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an interrupted payload stops with the signal's reason", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const signal = AbortSignal.abort(new RangeError("enough"));
    await assertRejects(() => writePayload(`${folder}/a`, 1 << 20, signal), RangeError, "enough");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
