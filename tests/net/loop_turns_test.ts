import { assertEquals, assertStrictEquals } from "@std/assert";
import { LoopTurns } from "../../src/net/mod.ts";

/** Turns on a clock and an event loop that a test moves. */
function lab() {
  const waiting: (() => void)[] = [];
  const world = { now: 0 };
  const turns = new LoopTurns(() => world.now, (callback) => waiting.push(callback));
  const turn = () => waiting.splice(0).forEach((callback) => callback());
  return { turns, world, turn, waiting };
}

Deno.test("links go on for five milliseconds, then all wait for one turn of the event loop", async () => {
  const { turns, world, turn, waiting } = lab();
  world.now = 4.9;
  assertEquals(turns.due(), null);
  world.now = 5;
  const first = turns.due();
  assertStrictEquals(turns.due(), first);
  assertEquals(waiting.length, 1);
  world.now = 6;
  turn();
  await first;
  assertEquals(turns.due(), null);
  world.now = 10.9;
  assertEquals(turns.due(), null);
  world.now = 11;
  assertEquals(turns.due() === null, false);
});

Deno.test("a promise that is always ready holds up no timer", async () => {
  const turns = new LoopTurns();
  let fired = false;
  const timer = setTimeout(() => fired = true, 0);
  for (let i = 0; !fired && i < 10_000_000; i++) {
    await null;
    const turn = turns.due();
    if (turn !== null) await turn;
  }
  clearTimeout(timer);
  assertEquals(fired, true);
});
