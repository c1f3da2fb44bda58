import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { type Candidate, optimistic, reciprocate, takeTurns } from "../../src/swarm/mod.ts";

type Named = Candidate & { readonly name: string };

function peer(name: string, over: Partial<Candidate> = {}): Named {
  return {
    name,
    interested: true,
    given: 0,
    taken: 0,
    takenEver: 0,
    withholds: false,
    rests: false,
    idle: false,
    unchoked: false,
    sinceTurn: 1_000_000,
    ...over,
  };
}

type Choose = typeof reciprocate<Named>;

function names(choose: Choose, peers: readonly Named[], slots: number, seed = 1): string[] {
  return choose(peers, slots, new SeededRandom(seed)).map(({ name }) => name);
}

Deno.test("a downloader unchokes those that gave it most", () => {
  const peers = [
    peer("slow", { given: 1 }),
    peer("fast", { given: 9 }),
    peer("middle", { given: 5 }),
    peer("none"),
  ];
  assertEquals(names(reciprocate, peers, 3), ["fast", "middle", "slow"]);
});

Deno.test("who wants nothing gets no slot, however much it gives", () => {
  const peers = [peer("giver", { given: 99, interested: false }), peer("taker")];
  assertEquals(names(reciprocate, peers, 2), ["taker"]);
  assertEquals(names(takeTurns, peers, 2), ["taker"]);
});

Deno.test("who withholds gets no slot of a downloader, also when some are left; a seed does not mind", () => {
  const peers = [peer("withholds", { given: 99, withholds: true }), peer("poor", { given: 1 })];
  assertEquals(names(reciprocate, peers, 2), ["poor"]);
  assertEquals(names(takeTurns, peers, 2).length, 2);
});

Deno.test("who takes nothing comes last", () => {
  const idle = peer("idle", { given: 9, unchoked: true, sinceTurn: 20_000, idle: true });
  const peers = [idle, peer("busy", { given: 1 }), peer("new")];
  assertEquals(names(reciprocate, peers, 3), ["busy", "new", "idle"]);
  assertEquals(names(takeTurns, peers, 3).at(-1), "idle");
});

Deno.test("a seed keeps those whose turn is not over, fastest first, then lets others in", () => {
  const peers = [
    peer("done", { unchoked: true, sinceTurn: 60_000, taken: 99 }),
    peer("waits", { sinceTurn: 100_000 }),
    peer("slow", { unchoked: true, sinceTurn: 5_000, taken: 1 }),
    peer("fast", { unchoked: true, sinceTurn: 5_000, taken: 5 }),
  ];
  assertEquals(names(takeTurns, peers, 4), ["fast", "slow", "waits", "done"]);
});

Deno.test("of those that wait for a seed the longest waiting is first, before it who had no turn yet", () => {
  const peers = [
    peer("short", { sinceTurn: 70_000 }),
    peer("long and much", { sinceTurn: 300_000, takenEver: 9 }),
    peer("long", { sinceTurn: 300_000, takenEver: 3 }),
    peer("never", { sinceTurn: Infinity }),
    peer("had", { unchoked: true, sinceTurn: 90_000 }),
    peer("had longer", { unchoked: true, sinceTurn: 95_000 }),
  ];
  const order = ["never", "long", "long and much", "short", "had longer", "had"];
  assertEquals(names(takeTurns, peers, 6), order);
});

Deno.test("equal peers are chosen at random", () => {
  const peers = ["a", "b", "c", "d"].map((name) => peer(name));
  for (const choose of [reciprocate, takeTurns] as const) {
    const chosen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) chosen.add(names(choose, peers, 1, seed)[0]!);
    assertEquals(chosen.size, 4);
  }
});

Deno.test("equal givers do not push each other out round after round", () => {
  const peers = [peer("new", { given: 5 }), peer("old", { given: 5, unchoked: true })];
  for (let seed = 0; seed < 20; seed++) assertEquals(names(reciprocate, peers, 1, seed), ["old"]);
});

/** How often each was drawn out of turn. */
function drawn(peers: readonly Named[], chosen: ReadonlySet<Named>, desperate = false) {
  const out = new Map<string, number>();
  for (let seed = 0; seed < 400; seed++) {
    const { name } = optimistic(peers, chosen, new SeededRandom(seed), desperate)!;
    out.set(name, (out.get(name) ?? 0) + 1);
  }
  return out;
}

Deno.test("the one out of turn waits, wants something, takes it, and was not chosen", () => {
  const chosen = peer("chosen");
  const not = [
    peer("sated", { interested: false }),
    peer("idle", { idle: true }),
    peer("rests", { rests: true, withholds: true }),
  ];
  const peers = [chosen, peer("a"), peer("b", { withholds: true }), ...not];
  assertEquals([...drawn(peers, new Set([chosen])).keys()].sort(), ["a", "b"]);
  assertEquals([...drawn(peers, new Set([chosen]), true).keys()].sort(), ["a", "b", "rests"]);
  assertEquals(optimistic([chosen, ...not], new Set([chosen]), new SeededRandom(1)), null);
});

Deno.test("a newcomer is three times as likely to be the one out of turn", () => {
  const times = drawn([peer("a"), peer("new", { sinceTurn: Infinity }), peer("b")], new Set());
  assertEquals(times.size, 3);
  assertGreater(times.get("new")!, 0.5 * 400);
  assertLess(times.get("new")!, 0.7 * 400);
});

Deno.test("the list that was given stays as it was", () => {
  const peers = [peer("a"), peer("b", { given: 1 })];
  for (const choose of [reciprocate, takeTurns] as const) choose(peers, 1, new SeededRandom(1));
  assert(peers[0]!.name === "a" && peers.length === 2);
});
