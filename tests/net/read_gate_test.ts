import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { ReadGate } from "../../src/net/mod.ts";

/** A gate on a clock that the test moves. */
function gate(rate: number): { gate: ReadGate; pass: (ms: number) => void } {
  let now = 1_000;
  return { gate: new ReadGate(rate, 100, 50, () => millis(now)), pass: (ms) => now += ms };
}

Deno.test("without a limit anything may be read", () => {
  assertEquals(gate(0).gate.allowance(), Infinity);
});

Deno.test("reading stops above the upper watermark and goes on below the lower one", async () => {
  const { gate: links } = gate(0);
  links.pending(100);
  assertEquals(links.allowance(), Infinity);
  links.pending(101);
  assertEquals(links.allowance(), 0);
  let woken = 0;
  const waits = [links.wait(), links.wait()].map((wait) => wait.then(() => woken++));
  links.pending(51);
  assertEquals(links.allowance(), 0);
  await Promise.resolve();
  assertEquals(woken, 0);
  links.pending(50);
  await Promise.all(waits);
  assertEquals([woken, links.allowance()], [2, Infinity]);
});

Deno.test("a limit is spent by what was read and comes back with time", () => {
  const { gate: links, pass } = gate(1_000_000);
  const spend = () => {
    let spent = 0;
    for (let allowed = links.allowance(); allowed > 0; allowed = links.allowance()) {
      // one read is never granted much: many of them may wait for their peers at once
      assertLessOrEqual(allowed, 16 * 1024);
      links.took(allowed);
      spent += allowed;
    }
    return spent;
  };
  const first = spend();
  assert(first > 0 && first <= 200_000);
  let total = 0;
  for (let i = 0; i < 100; i++) {
    pass(100);
    total += spend();
  }
  assertLessOrEqual(total, 10_000_000);
  assert(total >= 9_500_000, `Expected the limit to be used, got ${total}`);
});

Deno.test("who waits for a limit goes on one after another, and is known to be held", async () => {
  const { gate: links, pass } = gate(20_000);
  for (let allowed = links.allowance(); allowed > 0; allowed = links.allowance()) {
    links.took(allowed);
  }
  const order: number[] = [];
  const waits = [1, 2, 3].map((n) => links.wait().then(() => order.push(n)));
  assert(links.holding);
  pass(1_000);
  await waits[0];
  assertEquals(order, [1], "Expected one to go on where there is something for one");
  await Promise.all(waits);
  assertEquals(order, [1, 2, 3]);
  assert(!links.holding);
});

Deno.test("who waits for a limit is woken by time, and by the end", async () => {
  const { gate: links } = gate(1_000_000);
  links.took(links.allowance());
  await links.wait();
  const last = links.wait();
  links.close();
  await last;
});
