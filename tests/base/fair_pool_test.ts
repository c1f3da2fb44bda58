import { assert, assertEquals, assertFalse } from "@std/assert";
import { FairPool, type PoolMember } from "../../src/base/mod.ts";

/** Takes one at a time as long as it may. */
function fill(member: PoolMember): number {
  while (member.mayTake(1)) member.take(1);
  return member.held;
}

Deno.test("who is alone may take everything, and no more", () => {
  const member = new FairPool(10).member();
  assert(member.alone);
  assertEquals(fill(member), 10);
});

Deno.test("the last fifth is for those that have less than their part", () => {
  const pool = new FairPool(100);
  const [greedy, late, later] = [pool.member(), pool.member(), pool.member()];
  assertFalse(greedy.alone);
  assertEquals([fill(greedy), pool.ample], [80, false]);
  assertEquals([fill(late), fill(later)], [20, 0]);
  greedy.give(30);
  assertEquals(fill(greedy), 60);
  assertEquals([fill(late), fill(later)], [33, 7]);
});

Deno.test("what others hold counts, though they have no part", () => {
  const pool = new FairPool(10);
  const member = pool.member();
  pool.others = 7;
  assert(pool.ample);
  pool.others = 8;
  assertFalse(pool.ample);
  // a fifth is kept for those that share
  assertEquals(fill(member), 2);
  pool.others = 10;
  assertEquals([pool.held, member.mayTake(1)], [12, false]);
});

Deno.test("however many share, each may have one as long as there is one", () => {
  const pool = new FairPool(10);
  const members = Array.from({ length: 100 }, () => pool.member());
  assertEquals(fill(members[0]!), 8);
  assertEquals(members.slice(1, 4).map(fill), [1, 1, 0]);
});

Deno.test("who has more than its part owes when another waits for its own, and nothing is left", () => {
  const pool = new FairPool(10);
  const [greedy, poor] = [pool.member(), pool.member()];
  fill(greedy);
  greedy.take(1);
  fill(poor);
  assertEquals([greedy.held, poor.held, greedy.owes], [9, 1, false]);
  poor.waiting = true;
  assert(greedy.owes);
  assertFalse(poor.owes);
  greedy.give(1);
  assertFalse(greedy.owes);
});

Deno.test("who leaves gives everything back, once", () => {
  const pool = new FairPool(10);
  const [gone, other] = [pool.member(), pool.member()];
  gone.take(8);
  gone.waiting = true;
  gone.leave();
  gone.give(1);
  gone.take(5);
  assertEquals([pool.held, other.alone, fill(other)], [0, true, 10]);
});
