import { assert, assertEquals, assertFalse } from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, type Remote } from "./bench.ts";

/** A peer that wants something and has pieces for us. */
function partner(bench: Bench, pieces: readonly number[]): Remote {
  const remote = bench.peer();
  remote.has(pieces);
  remote.says(frame(Message.Interested));
  return remote;
}

/** Seconds of the next `seconds` in which `remote` was unchoked. */
function unchoked(bench: Bench, remote: Remote, seconds: number): number {
  let out = 0;
  for (let i = 0; i < seconds; i++) {
    bench.wait(1);
    if (!remote.peer.amChoking) out++;
  }
  return out;
}

Deno.test("who keeps us choked loses its slot, and is tried less and less often out of turn", () => {
  const bench = new Bench(10, 4, [0]);
  // it gives something now and then, so we do not depend on the other
  const giver = partner(bench, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const rider = partner(bench, [1]);
  giver.unchokes();
  bench.store.cached = false;
  bench.swarm.tick(bench.now);
  const share = (minutes: number) => {
    let out = 0;
    for (let i = 0; i < minutes * 4; i++) {
      const [request] = giver.requests();
      if (request !== undefined) giver.sends(request);
      rider.says(frame(Message.Request, 0, 0, 16_384));
      out += unchoked(bench, rider, 15);
    }
    return out;
  };
  const first = share(2);
  assert(first >= 20 && first <= 60, `Expected about half a minute of two, got ${first} s`);
  const later = share(4);
  assert(later <= 60, `Expected less than a quarter, got ${later} s of 240`);
  assertFalse(giver.peer.amChoking);
});

Deno.test("who gives nothing because we ask for nothing keeps its slot", () => {
  const bench = new Bench(3, 4, [0]);
  const [paused, other] = [partner(bench, [1]), partner(bench, [0])];
  paused.unchokes();
  bench.swarm.paused = true;
  paused.requests();
  for (const remote of [paused, other]) {
    // both take something all the time
    bench.store.cached = false;
    remote.says(frame(Message.Request, 0, 0, 16_384));
  }
  bench.swarm.downloads.release(paused.peer);
  assertEquals(unchoked(bench, paused, 120), 120);
  assertEquals(unchoked(bench, other, 20), 20);
});

Deno.test("a slot whose owner leaves or is sated goes to one that waits, not to one that withholds", () => {
  const bench = new Bench(3, 4, [0]);
  bench.limit = 1_000;
  bench.swarm.tick(bench.now);
  const rider = partner(bench, [1]);
  bench.wait(40);
  assert(rider.peer.balance.withholds);
  const four = Array.from({ length: 4 }, () => partner(bench, [0]));
  const fifth = partner(bench, [0]);
  assert(fifth.peer.amChoking);
  assert(four.every(({ peer }) => !peer.amChoking));
  four[0]!.connection.close("gone");
  assertFalse(fifth.peer.amChoking);
  four[1]!.says(frame(Message.NotInterested));
  rider.says(frame(Message.NotInterested), frame(Message.Interested));
  assert(rider.peer.optimistic || rider.peer.amChoking);
});
