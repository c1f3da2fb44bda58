import { assert, assertEquals, assertFalse, assertLessOrEqual } from "@std/assert";
import { type Endpoint, millis, SeededRandom } from "../../src/base/mod.ts";
import { PeerPool, PeerRanks } from "../../src/swarm/mod.ts";

const pool = () => new PeerPool(new SeededRandom(1));
const at = (host: string, port = 6881): Endpoint => ({ host, port });
const A = at("8.8.8.1");

Deno.test("an address is known once, and dialled by one at a time", () => {
  const peers = pool();
  assert(peers.add(A, "tracker"));
  assertFalse(peers.add(A, "user"));
  assertEquals(peers.size, 1);
  assertEquals(peers.next(millis(0)), A);
  assertEquals(peers.next(millis(0)), null);
  assertEquals(peers.nextDeadline(), Infinity);
});

Deno.test("an address can be taken out of turn, once and when it is due", () => {
  const peers = pool();
  assertFalse(peers.take(A, millis(0)));
  peers.add(A, "lsd");
  assert(peers.take(A, millis(0)));
  assertFalse(peers.take(A, millis(0)));
  peers.failed(A, millis(0));
  assertFalse(peers.take(A, millis(9_999)));
  assert(peers.take(A, millis(10_000)));
});

Deno.test("a seed is known as one by who told of it first, and by what it turns out to be", () => {
  const peers = pool();
  const other = at("8.8.8.2");
  peers.add(A, "pex", true);
  peers.add(other, "tracker");
  peers.add(other, "pex", true);
  assertEquals(peers.next(millis(0), "seeds"), other);
  peers.failed(other, millis(0));
  assertEquals(peers.nextDeadline("seeds"), 10_000);
  peers.noteSeed(A, false);
  peers.noteSeed(other, true);
  assertEquals([peers.nextDeadline("seeds"), peers.nextDeadline()], [0, 0]);
  assertEquals(peers.next(millis(20_000), "seeds"), A);
  assertEquals(peers.next(millis(20_000), "seeds"), null);
  assertEquals(peers.next(millis(20_000)), other);
});

Deno.test("an address can be put off", () => {
  const peers = pool();
  peers.add(A, "tracker");
  assertEquals(peers.next(millis(0)), A);
  peers.postpone(A, millis(60_000));
  assertEquals(peers.next(millis(59_999)), null);
  assertEquals(peers.next(millis(60_000)), A);
});

Deno.test("a dial that fails is tried again later and later, then never", () => {
  const peers = pool();
  peers.add(A, "tracker");
  const waits: number[] = [];
  let now = 0;
  while (peers.next(millis(now)) !== null) {
    peers.failed(A, millis(now));
    if (peers.size === 0) break;
    const due = peers.nextDeadline();
    assertEquals(peers.next(millis(due - 1)), null);
    waits.push(due - now);
    now = due;
  }
  assertEquals(waits, [10_000, 20_000, 40_000, 80_000, 160_000]);
});

Deno.test("an address the user typed is never given up, and tried every ten minutes at least", () => {
  const peers = pool();
  peers.add(A, "user");
  let now = 0;
  for (let i = 0; i < 50; i++) {
    assertEquals(peers.next(millis(now)), A);
    peers.failed(A, millis(now));
    assertLessOrEqual(peers.nextDeadline() - now, 600_000);
    now = peers.nextDeadline();
  }
});

Deno.test("a connection that worked is tried again soon and as if it had never failed", () => {
  const peers = pool();
  peers.add(A, "tracker");
  for (let i = 0; i < 3; i++) {
    peers.next(millis(1e9));
    peers.failed(A, millis(0));
  }
  peers.next(millis(1e9));
  peers.disconnected(A, millis(1e9));
  assertEquals(peers.nextDeadline(), 1e9 + 5_000);
  peers.next(millis(2e9));
  peers.failed(A, millis(2e9));
  assertEquals(peers.nextDeadline(), 2e9 + 10_000);
});

Deno.test("those that failed least come first, equal ones at random", () => {
  const peers = pool();
  peers.add(A, "tracker");
  peers.next(millis(0));
  peers.failed(A, millis(0));
  peers.add(at("8.8.8.2"), "tracker");
  assertEquals(peers.next(millis(1e6))?.host, "8.8.8.2");
  const firsts = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const equal = new PeerPool(new SeededRandom(seed));
    for (let i = 1; i <= 3; i++) equal.add(at(`8.8.8.${i}`), "tracker");
    firsts.add(equal.next(millis(0))!.host);
  }
  assertEquals(firsts.size, 3);
});

Deno.test("however many addresses a stranger names, two thousand are known", () => {
  const peers = pool();
  for (let i = 0; i < 5_000; i++) peers.add(at(`8.8.${i >> 8}.${i & 255}`), "tracker");
  assertEquals(peers.size, 2_000);
});

Deno.test("what peers tell fills half of the pool, and what is forgotten makes room", () => {
  const peers = pool();
  const told = (i: number) => at(`8.8.${i >> 8}.${i & 255}`);
  for (let i = 0; i < 5_000; i++) peers.add(told(i), "pex");
  assertEquals(peers.size, 1_000);
  for (let i = 0; i < 500; i++) assert(peers.add(at(`9.8.${i >> 8}.${i & 255}`), "tracker"));
  peers.forget(told(0));
  peers.ban(told(1));
  assert(peers.add(at("7.7.7.7"), "pex"));
  assert(peers.add(at("7.7.7.8"), "pex"));
  assertFalse(peers.add(at("7.7.7.9"), "pex"));
  peers.forgetAll("pex");
  assertEquals(peers.size, 500);
  assert(peers.add(at("7.7.7.9"), "pex"));
});

Deno.test("of addresses that failed equally often the one of the highest rank is dialled first", () => {
  const ranks = new PeerRanks(6881);
  const peers = new PeerPool(new SeededRandom(1), ranks);
  const all = Array.from({ length: 50 }, (_, i) => at(`8.${i}.8.8`));
  for (const peer of all) peers.add(peer, "tracker");
  // asked before our own address is known: at random
  const early = peers.next(millis(0))!;
  peers.disconnected(early, millis(-5_000));
  for (let i = 1; i <= 4; i++) ranks.told(at(`9.${i}.9.9`), "123.213.32.10");
  const expected = [...all].sort((a, b) => ranks.of(b)! - ranks.of(a)!);
  const failed = expected.shift()!;
  assertEquals(peers.next(millis(0)), failed);
  peers.failed(failed, millis(-100_000));
  for (const peer of expected) assertEquals(peers.next(millis(0)), peer);
  assertEquals(peers.next(millis(0)), failed);
});

Deno.test("a full pool makes room for a newcomer by one that failed, never by one the user typed", () => {
  const peers = pool();
  peers.add(A, "user");
  peers.next(millis(0));
  peers.failed(A, millis(0));
  for (let i = 0; i < 1_999; i++) peers.add(at(`9.8.${i >> 8}.${i & 255}`), "tracker");
  assertFalse(peers.add(at("7.7.7.7"), "tracker"));
  const failed = peers.next(millis(0))!;
  peers.failed(failed, millis(0));
  assert(peers.add(at("7.7.7.7"), "tracker"));
  assertEquals(peers.size, 2_000);
  assertFalse(peers.add(A, "tracker"));
});

Deno.test("a public address is banned with all its ports, a private one with its port", () => {
  const peers = pool();
  peers.add(at("8.8.8.8", 1), "tracker");
  peers.add(at("127.0.0.1", 1), "user");
  peers.add(at("127.0.0.1", 2), "user");
  peers.ban(at("8.8.8.8", 9));
  peers.ban(at("127.0.0.1", 1));
  assert(peers.banned(at("8.8.8.8", 5)));
  assert(peers.banned(at("127.0.0.1", 1)));
  assertFalse(peers.banned(at("127.0.0.1", 2)));
  assertEquals(peers.size, 1);
  assertFalse(peers.add(at("8.8.8.8", 1), "user"));
});

Deno.test("a forgotten address may be learnt again", () => {
  const peers = pool();
  peers.add(A, "tracker");
  peers.forget(A);
  assertEquals(peers.size, 0);
  peers.failed(A, millis(0));
  peers.disconnected(A, millis(0));
  assert(peers.add(A, "tracker"));
});

Deno.test("when there is use for peers again, who left in peace is dialled at once, who failed is waited for", () => {
  const peers = pool();
  const B = at("8.8.8.2");
  for (const each of [A, B]) peers.add(each, "tracker");
  for (let i = 0; i < 2; i++) peers.next(millis(0));
  peers.disconnected(A, millis(0));
  peers.failed(B, millis(0));
  assertEquals(peers.next(millis(1)), null);
  peers.again(millis(1));
  assertEquals([peers.next(millis(1)), peers.next(millis(1))], [A, null]);
});

Deno.test("when there is use for peers again, so there is for seeds that we left as we needed nothing", () => {
  const peers = pool();
  peers.add(A, "tracker");
  peers.next(millis(0));
  peers.noteSeed(A, true);
  peers.failed(A, millis(0));
  peers.again(millis(1));
  assertEquals(peers.next(millis(1)), A);
  // how often it failed before is forgotten too
  peers.failed(A, millis(1));
  assertEquals(peers.nextDeadline(), 10_001);
});
