import { assert, assertEquals } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { type Candidate, optimistic, rank } from "../../src/swarm/mod.ts";

type Named = Candidate & { readonly name: string };

function peer(name: string, over: Partial<Candidate> = {}): Named {
  return {
    name,
    interested: true,
    downRate: 0,
    upRate: 0,
    snubbed: false,
    unchoked: false,
    unchokedFor: 0,
    ...over,
  };
}

function names(peers: readonly Named[], slots: number, seeding: boolean, seed = 1): string[] {
  return rank(peers, slots, seeding, new SeededRandom(seed)).map(({ name }) => name);
}

Deno.test("a downloader unchokes those that give it most", () => {
  const peers = [
    peer("slow", { downRate: 1 }),
    peer("fast", { downRate: 9 }),
    peer("middle", { downRate: 5 }),
    peer("none"),
  ];
  assertEquals(names(peers, 3, false), ["fast", "middle", "slow"]);
});

Deno.test("who wants nothing gets no slot, however much it gives", () => {
  const peers = [peer("giver", { downRate: 99, interested: false }), peer("taker")];
  assertEquals(names(peers, 2, false), ["taker"]);
  assertEquals(names(peers, 2, true), ["taker"]);
});

Deno.test("a snubbing peer comes last", () => {
  const peers = [peer("snubs", { downRate: 99, snubbed: true }), peer("poor", { downRate: 1 })];
  assertEquals(names(peers, 2, false), ["poor", "snubs"]);
});

Deno.test("a seed keeps those whose turn is not over, fastest first, then lets others in", () => {
  const peers = [
    peer("done", { unchoked: true, unchokedFor: 60_000, upRate: 99 }),
    peer("waits"),
    peer("slow", { unchoked: true, unchokedFor: 5_000, upRate: 1 }),
    peer("fast", { unchoked: true, unchokedFor: 5_000, upRate: 5 }),
  ];
  assertEquals(names(peers, 4, true), ["fast", "slow", "waits", "done"]);
});

Deno.test("equal peers are chosen at random", () => {
  const peers = ["a", "b", "c", "d"].map((name) => peer(name));
  const chosen = new Set<string>();
  for (let seed = 0; seed < 40; seed++) chosen.add(names(peers, 1, false, seed)[0]!);
  assertEquals(chosen.size, 4);
});

Deno.test("equal givers do not push each other out round after round", () => {
  const peers = [peer("new", { downRate: 5 }), peer("old", { downRate: 5, unchoked: true })];
  for (let seed = 0; seed < 20; seed++) assertEquals(names(peers, 1, false, seed), ["old"]);
});

Deno.test("the one out of turn waits, wants something and was not chosen", () => {
  const chosen = peer("chosen");
  const peers = [chosen, peer("a"), peer("b"), peer("idle", { interested: false })];
  const seen = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    seen.add(optimistic(peers, new Set([chosen]), new SeededRandom(seed))!.name);
  }
  assertEquals([...seen].sort(), ["a", "b"]);
  assertEquals(optimistic([chosen], new Set([chosen]), new SeededRandom(1)), null);
});

Deno.test("the list that was given stays as it was", () => {
  const peers = [peer("a"), peer("b", { downRate: 1 })];
  rank(peers, 1, false, new SeededRandom(1));
  assert(peers[0]!.name === "a" && peers.length === 2);
});
