import { assert, assertEquals, assertFalse } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { Message } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, type Remote } from "./bench.ts";

Deno.test("a peer that alone sent a bad piece is banned, and the piece is asked of others", () => {
  const bench = new Bench(1, 4);
  const bad = bench.seed();
  for (const request of bad.requests()) bad.sends(request, 99);
  bench.refuse();
  assertEquals(bench.banned, ["8.8.8.1 Sent bad data for piece 0"]);
  assertEquals(bench.store.buffers, 0);
  const good = bench.seed();
  for (const request of good.requests()) good.sends(request);
  bench.accept();
  assert(bench.swarm.complete);
  assertEquals(bench.banned.length, 1);
});

Deno.test("bad blocks among good ones: the piece comes again from one peer, then the guilty is known", () => {
  const bench = new Bench(1, 30);
  const [good, bad] = [bench.seed(), bench.seed()];
  const [asked, askedBad] = [good.requests(), bad.requests()];
  for (const request of askedBad) bad.sends(request, 99);
  for (const request of asked) good.sends(request);
  for (const request of good.requests()) good.sends(request);
  bench.refuse();
  assertEquals(bench.banned, []);
  // one of the two works on it alone
  const [alone] = [good, bad].filter((remote) => remote.peer.outstanding > 0);
  assertEquals([good, bad].filter((remote) => remote.peer.outstanding > 0).length, 1);
  const wrong = alone === bad ? 98 : undefined;
  for (let round = 0; round < 20; round++) {
    for (const request of alone!.requests()) alone!.sends(request, wrong);
  }
  if (alone === bad) {
    bench.refuse();
    for (let round = 0; round < 20; round++) {
      for (const request of good.requests()) good.sends(request);
    }
  }
  bench.accept();
  assert(bench.swarm.complete);
  assertEquals(bench.banned, [`8.8.8.${bad.id} Sent bad data for piece 0`]);
});

/** Two seeds sent a piece together, one block of it bad; one of them works on it alone now. */
function suspected(bench: Bench, fast: boolean): { alone: Remote; other: Remote } {
  const [a, b] = [bench.seed({ fast }), bench.seed({ fast })];
  const [asked] = [a.requests(), b.requests()];
  b.sends(asked[0]!, 99);
  for (const request of asked.slice(1)) a.sends(request);
  b.heard();
  a.heard();
  bench.refuse();
  assertEquals(bench.banned, []);
  assertEquals([a, b].filter((remote) => remote.peer.outstanding > 0).length, 1);
  return a.peer.outstanding > 0 ? { alone: a, other: b } : { alone: b, other: a };
}

for (const fast of [true, false]) {
  Deno.test(`a peer that works alone on a piece and chokes us gives it free (fast ${fast})`, () => {
    const bench = new Bench(1, 4);
    const { alone, other } = suspected(bench, fast);
    const lost = alone.requests();
    alone.says(frame(Message.Choke));
    if (fast) { for (const request of lost) alone.rejects(request); }
    bench.wait(1);
    assertEquals(new Set(other.requests()), new Set(lost));
  });
}

Deno.test("half a piece of one peer is not mixed with another's after a failure", () => {
  const bench = new Bench(1, 4);
  const { alone, other } = suspected(bench, true);
  alone.sends(alone.requests()[0]!);
  assertEquals(other.requests(), []);
  alone.connection.close("gone");
  assertEquals(other.requests().length, 4);
});

Deno.test("a guilty peer that has left is banned all the same", () => {
  const bench = new Bench(1, 4);
  const [good, bad] = [bench.seed(), bench.seed()];
  const [asked] = [good.requests(), bad.requests()];
  bad.sends(asked[0]!, 99);
  for (const request of asked.slice(1)) good.sends(request);
  bad.connection.close("gone");
  bench.refuse();
  for (const request of good.requests()) good.sends(request);
  bench.accept();
  assertEquals(bench.banned, ["8.8.8.2 Sent bad data for piece 0"]);
});

Deno.test("a peer that works alone and dawdles makes room for another that could", () => {
  const bench = new Bench(1, 8);
  const { alone, other } = suspected(bench, true);
  // a block now and then is enough not to count as snubbing
  const requests = alone.requests();
  for (let round = 0; round < 5 && other.peer.outstanding === 0; round++) {
    bench.now = millis(bench.now + 15_000);
    alone.sends(requests[round]!);
    bench.swarm.tick(bench.now);
  }
  assertEquals(alone.peer.snubbed, false);
  assert(other.peer.outstanding > 0, "Expected the other to work on it");
  assertEquals(alone.peer.outstanding, 0);
  for (let round = 0; round < 20; round++) {
    for (const request of other.requests()) other.sends(request);
  }
  bench.accept();
  assert(bench.swarm.complete);
});

Deno.test("a peer that works alone and says nothing makes room soon, and does not get the piece again", () => {
  const bench = new Bench(1, 4);
  const { alone, other } = suspected(bench, true);
  bench.wait(6);
  assertEquals(alone.peer.outstanding, 0);
  assertEquals(other.peer.outstanding, 4);
  for (const request of other.requests()) other.sends(request);
  bench.accept();
  assert(bench.swarm.complete);
});

Deno.test("once everybody was too slow, those that are left may try again", () => {
  const bench = new Bench(1, 4);
  const { alone, other } = suspected(bench, true);
  alone.heard();
  bench.wait(6);
  assertEquals(other.peer.outstanding, 4);
  other.connection.close("Gone");
  const requests = alone.requests();
  assertEquals(requests.length, 4);
  for (const request of requests) alone.sends(request);
  bench.accept();
  assert(bench.swarm.complete);
});

/** Two seeds of one piece; the first to work on it sends it wrong. */
function accused(pieces = 1): { bench: Bench; suspect: Remote; witness: Remote } {
  const bench = new Bench(pieces, 4);
  const suspect = bench.seed();
  for (const request of suspect.requests()) {
    suspect.sends(request, request.startsWith("request 0") ? 99 : undefined);
  }
  return { bench, suspect, witness: bench.seed() };
}

Deno.test("a peer that alone sent a bad piece is asked for nothing until another has sent it", () => {
  const { bench, suspect, witness } = accused();
  bench.refuse();
  assertEquals(bench.banned, []);
  assertEquals(suspect.requests(), []);
  for (const request of witness.requests()) witness.sends(request);
  bench.accept();
  assertEquals(bench.banned, ["8.8.8.1 Sent bad data for piece 0"]);
  assertEquals(suspect.connection.phase, "closed");
});

Deno.test("when two send the same, and it is wrong, neither is banned and both are asked for the rest", () => {
  const { bench, suspect, witness } = accused();
  bench.refuse();
  for (const request of witness.requests()) witness.sends(request, 99);
  bench.refuse();
  assertEquals(bench.disputed, [0]);
  assertFalse(suspect.peer.suspected || witness.peer.suspected);
  // neither is asked for it again, not for ever and not in vain
  bench.wait(120);
  assertEquals([...suspect.requests(), ...witness.requests()], []);
  assertEquals(bench.banned, []);
  // a third may try: it has the same, and nothing else happens
  const third = bench.seed();
  for (const request of third.requests()) third.sends(request, 99);
  bench.refuse();
  assertEquals([bench.banned, bench.disputed], [[], [0]]);
  // or it has the right one: then the others lied together
  const fourth = bench.seed();
  for (const request of fourth.requests()) fourth.sends(request);
  bench.accept();
  assertEquals(bench.banned.map((line) => line.slice(0, 7)).sort(), [
    "8.8.8.1",
    "8.8.8.2",
    "8.8.8.3",
  ]);
  assert(bench.swarm.complete);
});

Deno.test("a suspect is banned when nobody proves it right in a minute, or nobody is left who could", () => {
  const slow = accused();
  slow.bench.refuse();
  slow.bench.wait(30);
  assertEquals(slow.bench.banned, []);
  slow.bench.wait(31);
  assertEquals(slow.bench.banned.length, 1);
  const lonely = accused();
  lonely.bench.refuse();
  lonely.witness.connection.close("gone");
  lonely.bench.wait(1);
  assertEquals(lonely.bench.banned.length, 1);
});

Deno.test("what a suspect still owes is not used, and is not held against it", () => {
  const bench = new Bench(30, 4);
  const suspect = bench.seed();
  const witness = bench.seed();
  const [first, ...late] = [suspect.requests(), suspect.requests()].flat();
  const piece = first!.split(" ")[1]!;
  const own = late.filter((request) => request.split(" ")[1] === piece);
  for (const request of [first!, ...own]) suspect.sends(request, 99);
  bench.refuse();
  assert(suspect.peer.suspected);
  const { wasted } = bench.swarm.downloads;
  const rest = late.filter((request) => !own.includes(request));
  for (const request of rest) suspect.sends(request);
  assertEquals(bench.swarm.downloads.wasted - wasted, rest.length * 16_384);
  assertEquals(bench.banned, []);
  // others were asked for it
  assert(witness.requests().length > 0);
});

Deno.test("blocks that come after a choke without the fast extension are not held against their sender", () => {
  const bench = new Bench(40, 16);
  const peer = bench.seed({ fast: false });
  for (let round = 0; round < 20; round++) {
    const asked = peer.requests();
    peer.says(frame(Message.Choke));
    for (const request of asked) peer.sends(request);
    peer.unchokes();
  }
  assertEquals(bench.banned, []);
});
