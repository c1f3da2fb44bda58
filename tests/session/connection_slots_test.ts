import { assert, assertFalse } from "@std/assert";
import { ConnectionSlots } from "../../src/session/context.ts";

Deno.test("a fifth of all connections is kept for peers we choose ourselves", () => {
  const slots = new ConnectionSlots(10, 2);
  slots.open = 7;
  assert(slots.mayAccept);
  slots.open = 8;
  assertFalse(slots.mayAccept);
  assert(slots.mayDial);
  slots.dialing = 2;
  assertFalse(slots.mayDial);
  slots.dialing = 1;
  slots.open = 9;
  assertFalse(slots.mayDial);
});

Deno.test("a socket that a peer keeps the system from freeing takes a place", () => {
  const slots = new ConnectionSlots(10, 2);
  slots.open = 4;
  slots.stuck = 4;
  assertFalse(slots.mayAccept);
  assert(slots.mayDial);
  slots.stuck = 6;
  assertFalse(slots.mayDial);
});
