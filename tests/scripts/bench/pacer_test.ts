import { assert, assertEquals, assertThrows } from "@std/assert";
import { Pacer } from "../../../scripts/bench/link/pacer.ts";
import { Ring } from "../../../scripts/bench/link/ring.ts";

/** 1,000 bytes a millisecond. */
const PATH = { delay: 50, bytesPerSecond: 1_000_000 };

Deno.test("a lone byte takes the delay, and its turn on the path", () => {
  const pacer = new Pacer(PATH);
  pacer.push(1, 10);
  assertEquals(pacer.due(60), 0);
  assertEquals(pacer.due(60.01), 1);
  assertEquals(pacer.next(), 60.001);
});

Deno.test("bytes that come together leave at the rate", () => {
  const pacer = new Pacer(PATH);
  pacer.push(10_000, 0);
  pacer.push(10_000, 0);
  assertEquals([50, 51, 60, 65, 70, 99].map((now) => pacer.due(now)), [
    ...[0, 1000, 10_000, 15_000, 20_000, 20_000],
  ]);
});

Deno.test("a pause gives no credit", () => {
  const pacer = new Pacer(PATH);
  pacer.push(1000, 0);
  pacer.push(1000, 500);
  assertEquals(pacer.due(550), 1000);
  assertEquals(pacer.due(551), 2000);
});

Deno.test("what is taken late does not slow what follows", () => {
  const pacer = new Pacer(PATH);
  pacer.push(10_000, 0);
  pacer.take(pacer.due(53));
  assertEquals(pacer.due(53), 0);
  assertEquals(pacer.due(60), 7000);
  pacer.take(7000);
  assertEquals(pacer.next(), null);
});

Deno.test("it holds what fits on the path and a mebibyte before it, no more", () => {
  const pacer = new Pacer(PATH);
  assertEquals(pacer.capacity, 50_000 + 2 ** 20);
  pacer.push(pacer.room, 0);
  assertEquals(pacer.room, 0);
  pacer.take(pacer.due(52));
  assertEquals(pacer.room, 2000);
});

Deno.test("a sender that always fills the room gets the rate, however coarse the timer", () => {
  for (const tick of [1, 3, 11]) {
    const pacer = new Pacer(PATH);
    let out = 0;
    for (let now = 0; now <= 10_050; now += tick) {
      const due = pacer.due(now);
      pacer.take(due);
      out += due;
      if (pacer.room > 0) pacer.push(pacer.room, now);
    }
    assert(Math.abs(out - 10_000_000) < 12_000, `every ${tick} ms: ${out} bytes in 10 s`);
  }
});

Deno.test("more than there is cannot be taken", () => {
  const pacer = new Pacer(PATH);
  pacer.push(10, 0);
  assertThrows(() => pacer.take(11), RangeError);
});

Deno.test("a ring gives back what was put in, across its end", () => {
  const ring = new Ring(5);
  const put = (text: string) => {
    for (const letter of new TextEncoder().encode(text)) {
      ring.free(1)[0] = letter;
      ring.added(1);
    }
  };
  const take = (limit: number) => {
    const text = new TextDecoder().decode(ring.filled(limit));
    ring.removed(text.length);
    return text;
  };
  put("abcd");
  assertEquals(take(3), "abc");
  put("efgh");
  assertEquals(ring.free(9).length, 0);
  assertEquals([take(9), take(9), take(9)], ["de", "fgh", ""]);
  assertEquals(ring.free(9).length, 2);
});
