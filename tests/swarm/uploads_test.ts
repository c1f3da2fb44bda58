import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import { frame, uint32 } from "../wire/talk.ts";
import { Bench, BLOCK, type Remote } from "./bench.ts";

const request = (piece: number, begin = 0, length = BLOCK) =>
  frame(Message.Request, piece, begin, length);

/** A peer that wants something and was unchoked at once. */
function taker(bench: Bench, fast = true): Remote {
  const peer = bench.peer({ fast });
  peer.says(frame(Message.Interested));
  assertEquals(peer.heard(), ["unchoke"]);
  return peer;
}

Deno.test("an unchoked peer gets the blocks it asks for, in order and in one batch", () => {
  const bench = new Bench(3, 2, "all");
  const peer = taker(bench);
  peer.says(request(2), request(0, BLOCK, 5), request(1, 100, 200));
  assertEquals(peer.heard(), [`piece 2 0 ${BLOCK}`, `piece 0 ${BLOCK} 5`, "piece 1 100 200"]);
  assertEquals(bench.swarm.uploads.rate.total, BLOCK + 205);
});

Deno.test("a request for what we lack, or while choked, is rejected or passed over", () => {
  const bench = new Bench(3, 2, [0]);
  for (const fast of [true, false]) {
    const peer = taker(bench, fast);
    peer.says(request(1));
    assertEquals(peer.heard(), fast ? [`reject 1 0 ${BLOCK}`] : []);
    const choked = bench.peer({ fast });
    choked.says(request(0));
    assertEquals(choked.heard(), fast ? [`reject 0 0 ${BLOCK}`] : []);
  }
});

Deno.test("more requests than we said we queue are rejected", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  peer.says(...Array.from({ length: 2_010 }, () => request(0)));
  assertEquals(peer.heard().filter((line) => line.startsWith("reject")).length, 10);
  assertEquals(peer.peer.uploads.length, 2_000);
});

Deno.test("a cancelled request is not served, and answered with the fast extension", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  for (const fast of [true, false]) {
    const peer = taker(bench, fast);
    peer.says(request(0), request(1));
    peer.says(frame(Message.Cancel, 1, 0, BLOCK), frame(Message.Cancel, 2, 0, BLOCK));
    assertEquals(peer.heard(), fast ? [`reject 1 0 ${BLOCK}`] : []);
    assertEquals(peer.peer.uploads.length, 1);
  }
});

Deno.test("blocks wait for the disk and go out when they are here", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  peer.says(request(1), request(1, BLOCK));
  assertEquals(peer.heard(), []);
  bench.store.cached = true;
  bench.swarm.uploads.readable(peer.peer.awaiting!, bench.now);
  assertEquals(peer.heard(), [`piece 1 0 ${BLOCK}`, `piece 1 ${BLOCK} ${BLOCK}`]);
});

Deno.test("what cannot be read is rejected, the rest is served", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  peer.says(request(1), request(2));
  bench.store.cached = true;
  bench.swarm.uploads.unreadable(peer.peer.awaiting!, bench.now);
  assertEquals(peer.heard(), [`reject 1 0 ${BLOCK}`, `piece 2 0 ${BLOCK}`]);
});

Deno.test("the disk is told early what will be read", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  peer.says(request(0), request(1), request(2));
  assertEquals(bench.store.expected.map((it) => it.split("+")[0]), ["0", "1", "2"]);
});

Deno.test("what is on its way to a peer that reads slowly is bounded", () => {
  const bench = new Bench(100, 16, "all");
  const peer = taker(bench);
  peer.says(...Array.from({ length: 1_000 }, (_, i) => request(i % 100)));
  assertLess(peer.connection.out.length, 600_000);
  peer.link.sending = Math.max(600_000, peer.connection.out.take().length);
  bench.swarm.drained(peer.peer, bench.now);
  assertEquals(peer.connection.out.length, 0);
  peer.link.sending = 0;
  bench.swarm.drained(peer.peer, bench.now);
  assert(peer.connection.out.length > 0);
});

Deno.test("little is queued for a slow peer, so that a choke takes effect and our words get through", () => {
  const bench = new Bench(100, 16, "all");
  const peer = taker(bench);
  peer.says(...Array.from({ length: 1_000 }, (_, i) => request(i % 100)));
  for (let second = 0; second < 60; second++) {
    assertLess(peer.connection.out.length, 70_000);
    peer.connection.out.take();
    bench.wait(1);
    bench.swarm.drained(peer.peer, bench.now);
  }
});

Deno.test("a peer that floods us and reads nothing is dropped before it costs memory", () => {
  const bench = new Bench(10, 1, [0]);
  const peer = bench.peer();
  const flood = Array.from({ length: 1_000 }, () => request(1));
  let heard = 0;
  for (let i = 0; i < 2_000 && peer.connection.phase === "open"; i++) {
    peer.says(...flood);
    heard += flood.length;
  }
  assertEquals(peer.connection.phase, "closed");
  assertLessOrEqual(peer.connection.out.length, 8 * 1024 * 1024);
  assert(heard > 10_000, "Expected some patience");
});

Deno.test("no more is sent than the limit allows, and peers take turns", () => {
  const bench = new Bench(10, 1, "all");
  bench.allowance = BLOCK;
  const [a, b] = [taker(bench), taker(bench)];
  a.says(...Array.from({ length: 5 }, () => request(1)));
  b.says(...Array.from({ length: 5 }, () => request(1)));
  assertEquals([a.heard().length, b.heard().length], [1, 0]);
  const served = [0, 0];
  for (let i = 0; i < 8; i++) {
    bench.allowance = BLOCK;
    bench.swarm.uploads.serveHeld(bench.now);
    served[0]! += a.heard().length;
    served[1]! += b.heard().length;
  }
  assertEquals(served, [4, 4]);
  assertEquals(bench.swarm.uploads.rate.total, 9 * BLOCK);
});

Deno.test("eight peers get a slot at once, a ninth waits until one wants nothing more or leaves", () => {
  const bench = new Bench(3, 2, "all");
  const first = Array.from({ length: 8 }, () => taker(bench));
  const [ninth, tenth] = [bench.peer(), bench.peer()];
  ninth.says(frame(Message.Interested));
  assertEquals(ninth.heard(), []);
  first[0]!.says(frame(Message.NotInterested));
  assertEquals(first[0]!.heard(), ["choke"]);
  assertEquals(ninth.heard(), ["unchoke"]);
  tenth.says(frame(Message.Interested));
  assertEquals(tenth.heard(), []);
  first[1]!.connection.close("gone");
  assertEquals(tenth.heard(), ["unchoke"]);
});

Deno.test("a choked peer's requests are dropped, but for pieces granted out of turn", () => {
  const bench = new Bench(5, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  bench.swarm.grantFast(peer.peer, [3], bench.now);
  assertEquals(peer.heard(), ["allowedfast 3"]);
  peer.says(request(1), request(3));
  peer.says(frame(Message.NotInterested));
  assertEquals(peer.heard(), ["choke", `reject 1 0 ${BLOCK}`]);
  bench.store.cached = true;
  bench.swarm.uploads.readable(peer.peer.awaiting!, bench.now);
  assertEquals(peer.heard(), [`piece 3 0 ${BLOCK}`]);
});

Deno.test("a quiet connection gets a keep-alive from us, a dead one is closed after three minutes", () => {
  const bench = new Bench(3, 2);
  const peer = bench.peer();
  bench.wait(99);
  assertEquals(peer.connection.out.length, 0);
  bench.wait(2);
  assertEquals(peer.connection.out.take().slice(), uint32(0));
  bench.wait(80);
  assertEquals(peer.link.closedFor, "Said nothing for three minutes");
  assertEquals(bench.banned, []);
});

Deno.test("seeds leave each other, also when one becomes a seed by its last piece", () => {
  const bench = new Bench(2, 1, "all");
  const seed = bench.peer();
  seed.has("all");
  assertEquals(seed.link.closedFor, "Both sides are complete");
  const almost = bench.peer();
  almost.has([0]);
  almost.says(frame(Message.Have, 1));
  assertEquals(almost.link.closedFor, "Both sides are complete");
  assertEquals(bench.banned, []);
});

Deno.test("newcomers hear what we have in the shortest way they understand", () => {
  const said = (have: readonly number[] | "all", fast: boolean) =>
    new Bench(10, 1, have).newcomer({ fast }).heard();
  assertEquals(said("all", true), ["haveall"]);
  assertEquals(said([], true), ["havenone"]);
  assertEquals(said([0, 9], true), ["bitfield 128,64"]);
  assertEquals(said("all", false), ["bitfield 255,192"]);
  assertEquals(said([], false), []);
  assertEquals(new Bench(10, 1).newcomer({ extended: true }).heard(), ["havenone", "extended"]);
});

Deno.test("a peer that cancels what does not wait, thousands of times, is sent away", () => {
  const bench = new Bench(1, 2, "all");
  const peer = bench.peer();
  const cancel = frame(Message.Cancel, 0, 0, BLOCK);
  for (let i = 0; i < 10_000; i++) peer.says(cancel);
  assertEquals(peer.connection.phase, "open");
  peer.says(cancel);
  assertEquals(peer.connection.closeReason, "Cancels what it never asked for");
});

Deno.test("the requests of a peer that left are forgotten", () => {
  const bench = new Bench(3, 2, "all");
  bench.store.cached = false;
  const peer = taker(bench);
  peer.says(request(0), request(1));
  peer.peer.connection.close("Goes");
  assertEquals(peer.peer.uploads.length, 0);
});
