import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, BLOCK, type Remote } from "./bench.ts";

/** Answers every request of `remote`, and those that follow, until there are none; how many blocks came. */
function serve(remote: Remote): number {
  let served = 0;
  for (let asked = remote.requests(); asked.length > 0; asked = remote.requests()) {
    for (const request of asked) remote.sends(request);
    served += asked.length;
  }
  return served;
}

/** Pieces among requests, each once. */
function piecesOf(requests: readonly string[]): number[] {
  return [...new Set(requests.map((request) => Number(request.split(" ")[1])))];
}

Deno.test("interest is shown in a peer that has something, requests follow its unchoke", () => {
  const bench = new Bench(4, 2);
  const peer = bench.peer();
  peer.has([1]);
  assertEquals(peer.heard(), ["interested"]);
  peer.unchokes();
  assertEquals(peer.heard(), [`request 1 0 ${BLOCK}`, `request 1 ${BLOCK} ${BLOCK}`]);
});

Deno.test("a peer with nothing for us is not asked and not shown interest", () => {
  const bench = new Bench(4, 2, [1]);
  const peer = bench.peer();
  peer.has([1]);
  peer.unchokes();
  assertEquals(peer.heard(), []);
});

Deno.test("every block is asked for once, and the pieces go to the store whole", () => {
  const bench = new Bench(6, 3);
  const seed = bench.seed();
  assertEquals(serve(seed), 18);
  assertEquals(bench.store.committed.length, 6);
  for (const { piece, data } of bench.store.committed) {
    assert(data.every((byte) => byte === piece + 1));
  }
  while (bench.store.committed.length > 0) bench.accept();
  assert(bench.swarm.complete);
  assertEquals(bench.done.length, 6);
  assertEquals(bench.swarm.downloads.wasted, 0);
});

Deno.test("every peer hears of a new piece, and interest ends with the last useful one", () => {
  const bench = new Bench(2, 1);
  const [giver, other] = [bench.peer(), bench.peer()];
  giver.has([0]);
  giver.unchokes();
  giver.sends(giver.requests()[0]!);
  bench.accept();
  assertEquals(other.heard(), ["have 0"]);
  assertEquals(giver.heard(), ["have 0", "notinterested"]);
});

Deno.test("a started piece is finished before another is begun", () => {
  const bench = new Bench(40, 4);
  const first = bench.peer();
  first.has([5]);
  first.unchokes();
  assertEquals(piecesOf(first.requests()), [5]);
  // one leaves its piece half done
  first.connection.close("gone");
  const second = bench.seed();
  assertEquals(piecesOf(second.requests())[0], 5);
});

Deno.test("without the fast extension a choke gives the blocks to others at once", () => {
  const bench = new Bench(1, 20);
  const [a, b] = [bench.seed({ fast: false }), bench.seed({ fast: false })];
  const lost = a.requests();
  assert(lost.length > 8);
  b.heard();
  a.says(frame(Message.Choke));
  assert(b.requests().length > 0, "Expected the blocks to be asked of the other peer at once");
});

Deno.test("with the fast extension rejected blocks go to others, with the next second at the latest", () => {
  const bench = new Bench(1, 20);
  const [a, b] = [bench.seed(), bench.seed()];
  const lost = a.requests();
  for (const request of b.requests()) b.sends(request);
  b.heard();
  a.says(frame(Message.Choke));
  for (const request of lost) a.rejects(request);
  bench.wait(1);
  assert(b.requests().length > 0, "Expected the blocks to be asked of the other peer");
});

Deno.test("a peer that sends nothing is snubbed, and its blocks are asked of others", () => {
  const bench = new Bench(1, 6);
  const silent = bench.seed();
  const owed = silent.requests();
  assertEquals(owed.length, 6);
  bench.wait(21);
  assert(silent.peer.snubbed);
  const seed = bench.seed();
  assertEquals(new Set(seed.requests()), new Set(owed));
});

Deno.test("a late block of a snubbed peer is taken, and ends the snub", () => {
  const bench = new Bench(1, 6);
  const slow = bench.seed();
  const [first] = slow.requests();
  bench.wait(21);
  slow.sends(first!);
  assert(!slow.peer.snubbed);
  assertEquals(bench.swarm.downloads.wasted, 0);
});

Deno.test("a peer that stalls with its queue full and then comes back is not sent away", () => {
  const bench = new Bench(40, 16);
  const slow = bench.seed();
  // until its queue is long
  let owed: string[] = [];
  for (let i = 0; i < 150; i++) {
    owed.push(...slow.requests());
    slow.sends(owed.shift()!);
  }
  assert(owed.length > 100);
  for (let stall = 0; stall < 2; stall++) {
    bench.wait(21);
    for (let i = 0; i < 200 && owed.length > 0; i++) {
      owed.push(...slow.requests());
      slow.sends(owed.shift()!);
    }
  }
  owed = [...owed, ...slow.requests()];
  assertEquals(bench.banned, []);
  assertEquals(slow.connection.phase, "open");
});

Deno.test("a peer that is asked and always refuses is not asked for ever", () => {
  const bench = new Bench(4, 4);
  const refuser = bench.seed();
  let refused = 0;
  for (let round = 0; round < 1_000; round++) {
    const asked = refuser.requests();
    if (asked.length === 0) break;
    for (const request of asked) refuser.rejects(request);
    refused += asked.length;
  }
  assertLess(refused, 5_000);
});

Deno.test("at the end blocks are asked of several peers, a few at a time, and cancelled when one comes", () => {
  const bench = new Bench(1, 30);
  const [a, b, c, d] = [bench.seed(), bench.seed(), bench.seed(), bench.seed()];
  const asked = [a, b, c, d].map((remote) => remote.requests());
  const times = new Map<string, number>();
  for (const request of asked.flat()) times.set(request, (times.get(request) ?? 0) + 1);
  assertLessOrEqual(Math.max(...times.values()), 3);
  // beyond the share they alone have, peers get at most eight duplicates
  for (const requests of asked.slice(2)) assertLessOrEqual(requests.length, 8);
  const [twice] = [...times].find(([, count]) => count > 1)!;
  const [first, ...others] = [a, b, c, d].filter((_, i) => asked[i]!.includes(twice));
  first!.sends(twice);
  for (const other of others) {
    assert(other.heard().includes(twice.replace("request", "cancel")));
  }
});

Deno.test("both copies of a block may come: the second is wasted and nobody is blamed", () => {
  const bench = new Bench(1, 4);
  const [a, b] = [bench.seed(), bench.seed()];
  const [ours, theirs] = [a.requests(), b.requests()];
  for (const request of ours) a.sends(request);
  for (const request of theirs) b.sends(request);
  assertEquals(bench.store.committed.length, 1);
  assertEquals(bench.swarm.downloads.wasted, theirs.length * BLOCK);
  assertEquals(b.peer.unasked, 0);
  assertEquals(bench.banned, []);
});

Deno.test("a peer that sends what nobody asked for is banned, after some patience", () => {
  const bench = new Bench(4, 4);
  const pest = bench.peer();
  pest.has("all");
  for (let i = 0; i < 64; i++) pest.sends(`request 0 0 ${BLOCK}`);
  assertEquals(bench.banned, []);
  pest.sends(`request 0 0 ${BLOCK}`);
  assertEquals(bench.banned, ["8.8.8.1 Sent blocks that nobody asked for"]);
  assertEquals(bench.store.committed, []);
});

Deno.test("a block of another size or place than asked is not taken", () => {
  const bench = new Bench(2, 2);
  const seed = bench.seed();
  seed.sends("request 0 1 16384");
  seed.sends("request 0 0 100");
  assertEquals(seed.peer.unasked, 2);
  assertEquals(bench.swarm.downloads.wasted, BLOCK + 100);
});

Deno.test("a choking peer is asked only for what it allows (BEP 6)", () => {
  const bench = new Bench(10, 2);
  const peer = bench.peer();
  peer.has("all");
  peer.says(frame(Message.AllowedFast, 7), frame(Message.AllowedFast, 3));
  assertEquals(piecesOf(peer.requests()).sort(), [3, 7]);
});

Deno.test("an allowed piece that is refused is not asked for again while choked", () => {
  const bench = new Bench(10, 1);
  const peer = bench.peer();
  peer.has("all");
  peer.says(frame(Message.AllowedFast, 7));
  peer.rejects(peer.requests()[0]!);
  bench.wait(3);
  assertEquals(peer.requests(), []);
});

Deno.test("memory of pieces that have begun is bounded, whatever the peers have", () => {
  // pieces of 4 MiB, each at another peer: sixteen may begin
  const bench = new Bench(60, 256);
  for (let piece = 0; piece < 60; piece++) {
    const peer = bench.peer();
    peer.has([piece]);
    peer.unchokes();
    assertLessOrEqual(bench.store.buffers, 16);
  }
  assertEquals(bench.swarm.downloads.partials.size, 16);
});

Deno.test("a piece that nobody can finish any more makes room for one that can be", () => {
  const bench = new Bench(60, 256);
  for (let piece = 0; piece < 16; piece++) {
    const peer = bench.peer();
    peer.has([piece]);
    peer.unchokes();
    peer.connection.close("gone");
  }
  assertEquals(bench.swarm.downloads.partials.size, 16);
  const last = bench.peer();
  last.has([59]);
  last.unchokes();
  assertEquals(piecesOf(last.requests()), [59]);
  assertEquals(bench.swarm.downloads.partials.size, 16);
});

Deno.test("a piece that made room and is begun again does not count on what was asked before", () => {
  // two pieces of this size are all that may be begun
  const bench = new Bench(3, 2048);
  const [early, other, third, late] = [bench.peer(), bench.peer(), bench.peer(), bench.peer()];
  early.has([0]);
  early.unchokes();
  for (const request of early.requests()) early.sends(request);
  const owed = early.requests();
  other.has([1]);
  other.unchokes();
  // it chokes us and keeps us waiting for the refusals of BEP 6
  early.says(frame(Message.Choke));
  third.has([2]);
  third.unchokes();
  assertEquals(piecesOf(third.requests()), [2], "Expected piece 0 to make room");
  assertEquals(early.peer.outstanding, 0);
  other.connection.close("gone");
  late.has([0]);
  late.unchokes();
  for (const request of owed) early.rejects(request);
  assertEquals(serve(late), 2048);
  assertEquals(bench.store.committed.length, 1);
});

Deno.test("while paused nobody is asked, what was asked is still taken", () => {
  const bench = new Bench(4, 2);
  const seed = bench.seed();
  const [first] = seed.requests();
  bench.swarm.paused = true;
  seed.sends(first!);
  const late = bench.seed();
  assertEquals([seed.requests(), late.requests()], [[], []]);
  assertEquals(bench.swarm.downloads.wasted, 0);
  bench.swarm.paused = false;
  bench.swarm.askAll(bench.now);
  assert(late.requests().length > 0);
});

Deno.test("a swarm that closes drops its peers and gives every buffer back", () => {
  const bench = new Bench(10, 2);
  const seeds = [bench.seed(), bench.seed()];
  bench.swarm.close("Paused");
  assertEquals(bench.swarm.peers, []);
  assertEquals(bench.store.buffers, 0);
  assertEquals(bench.swarm.picker.waiting, 10);
  for (const seed of seeds) assertEquals(seed.link.closedFor, "Paused");
});
