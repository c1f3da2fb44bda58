import { assert, assertEquals, assertThrows } from "@std/assert";
import { SequentialPicker } from "../../src/swarm/mod.ts";
import { Bench, type Remote } from "./bench.ts";

function piecesOf(requests: readonly string[]): number[] {
  return [...new Set(requests.map((request) => Number(request.split(" ")[1])))].toSorted();
}

function change(bench: Bench, ...ranks: number[]): void {
  bench.swarm.wanted.change(Uint8Array.from(ranks), bench.now);
}

/** What was said but requests. */
function words(remote: Remote, ...names: string[]): string[] {
  return remote.heard().filter((word) => names.includes(word.split(" ")[0]!));
}

Deno.test("wanted: pieces of a higher rank are asked for first", () => {
  const bench = new Bench(6, 2, [], { ranks: Uint8Array.from([1, 2, 3, 0, 2, 3]) });
  const seed = bench.seed();
  const requests = seed.requests();
  const order = [...new Set(requests.map((request) => Number(request.split(" ")[1])))];
  assertEquals(order.slice(0, 2).toSorted(), [2, 5]);
  assertEquals(order.slice(2, 4).toSorted(), [1, 4]);
  assertEquals(order.slice(4), [0]);
});

Deno.test("wanted: what is wanted no more is taken back, and asked for again when it is", () => {
  const bench = new Bench(3, 2);
  const seed = bench.seed();
  const requests = seed.requests();
  assertEquals(piecesOf(requests), [0, 1, 2]);
  change(bench, 2, 0, 2);
  const cancels = words(seed, "cancel");
  assertEquals(cancels.length, 2);
  assert(cancels.every((word) => word.startsWith("cancel 1 ")));
  assertEquals([...bench.swarm.downloads.partials.keys()].toSorted(), [0, 2]);
  for (const request of requests) seed.sends(request);
  bench.accept();
  bench.accept();
  // what came of it all the same is nobody's fault
  assertEquals([bench.done.toSorted(), bench.banned, bench.swarm.complete], [[0, 2], [], true]);
  assertEquals(seed.connection.phase, "closed");
});

Deno.test("wanted: a file turned on makes a complete swarm go on, and peers hear of it", () => {
  const bench = new Bench(3, 2, [0], { ranks: Uint8Array.from([2, 0, 0]) });
  assert(bench.swarm.complete);
  const peer = bench.peer();
  peer.has([0, 1]);
  assertEquals(words(peer, "interested", "notinterested"), []);
  change(bench, 2, 2, 0);
  assertEquals(bench.swarm.complete, false);
  assertEquals(words(peer, "interested", "notinterested"), ["interested"]);
  peer.unchokes();
  const requests = peer.requests();
  assertEquals(piecesOf(requests), [1]);
  change(bench, 2, 0, 0);
  assertEquals(words(peer, "interested", "notinterested"), ["notinterested"]);
  assert(bench.swarm.complete);
  change(bench, 2, 3, 0);
  assertEquals(piecesOf(peer.requests()), [1]);
});

Deno.test("wanted: a piece that is being written when it is turned off is here all the same", () => {
  const bench = new Bench(2, 1);
  const peer = bench.peer();
  peer.has([0, 1]);
  peer.unchokes();
  for (const request of peer.requests()) peer.sends(request);
  change(bench, 0, 2);
  assertEquals(bench.swarm.complete, false);
  bench.accept();
  bench.accept();
  assertEquals([bench.swarm.have.count, bench.swarm.complete, bench.done.length], [2, true, 2]);
  // and one that failed is not asked for again
  const other = new Bench(2, 1);
  const bad = other.peer();
  bad.has([0]);
  bad.unchokes();
  for (const request of bad.requests()) bad.sends(request, 99);
  change(other, 0, 2);
  other.refuse();
  const seed = other.seed();
  assertEquals(piecesOf(seed.requests()), [1]);
});

Deno.test("wanted: an order that is somebody else's does not change", () => {
  const bench = new Bench(2, 1, [], { picker: new SequentialPicker(2) });
  assertThrows(() => change(bench, 2, 0), TypeError);
});
