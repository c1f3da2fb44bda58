import { assert, assertEquals, assertFalse, assertNotEquals } from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import { frame, handshake } from "../wire/talk.ts";
import { Bench, BLOCK, type Remote } from "./bench.ts";

const have = (piece: number) => frame(Message.Have, piece);

/** A peer of a super seed that has `pieces`, and what it was shown. */
function visitor(
  bench: Bench,
  pieces: readonly number[] = [],
): { remote: Remote; shown: number[] } {
  const remote = bench.peer();
  remote.has(pieces);
  return { remote, shown: shown(remote) };
}

/** Pieces the peer was shown since the last call. */
function shown(remote: Remote): number[] {
  return remote.heard().filter((line) => line.startsWith("have ")).map((line) =>
    Number(line.slice(5))
  );
}

const superSeed = (pieces: number) => new Bench(pieces, 1, "all", { superSeed: true });

Deno.test("a super seed seems to have nothing, says not that it only uploads, and shows two pieces", () => {
  const bench = superSeed(8);
  const newcomer = bench.newcomer();
  assertEquals(newcomer.heard(), ["havenone"]);
  assertEquals(superSeed(8).newcomer({ fast: false }).heard(), []);
  assertFalse(bench.swarm.uploadOnly);
  newcomer.has([]);
  assertEquals(shown(newcomer).length, 2);
  bench.wait(5);
  assertEquals(shown(newcomer), []);
});

Deno.test("each peer is shown what the others lack and were not shown, and nothing it has", () => {
  const bench = superSeed(8);
  const all = [visitor(bench), visitor(bench), visitor(bench, [0, 1])].flatMap((it) => it.shown);
  assertEquals(new Set(all).size, 6);
  assertEquals(visitor(bench, [2, 3, 4, 5, 6, 7]).shown.sort(), [0, 1]);
});

Deno.test("a peer is shown the next piece when another got the last one from it, not before", () => {
  const bench = superSeed(9);
  const [a, b] = [visitor(bench), visitor(bench)];
  const [first] = a.shown;
  a.remote.says(have(first!));
  bench.wait(20);
  assertEquals(shown(a.remote), []);
  b.remote.says(have(first!));
  const next = shown(a.remote);
  assertEquals(next.length, 1);
  assert(![...a.shown, ...b.shown].includes(next[0]!));
  // what it was shown and does not have yet tells nothing, whoever has it
  b.remote.says(have(a.shown[1]!));
  assertEquals(shown(a.remote), []);
});

Deno.test("a newcomer that has the piece already tells as much as one that gets it", () => {
  const bench = superSeed(9);
  const [a] = [visitor(bench), visitor(bench)];
  a.remote.says(have(a.shown[0]!));
  assertEquals(shown(a.remote), []);
  visitor(bench, [a.shown[0]!]);
  assertEquals(shown(a.remote).length, 1);
});

Deno.test("a peer that says only after its pieces were shown that it has them goes on, too", () => {
  const bench = superSeed(9);
  const late = bench.peer();
  bench.wait(2);
  const first = shown(late);
  assertEquals(first.length, 2);
  const other = visitor(bench);
  late.has(first);
  bench.wait(29);
  assertEquals(shown(late), []);
  bench.wait(2);
  assertEquals(shown(late).length, 2);
  assertEquals(other.shown.length, 2);
});

Deno.test("a peer that passes nothing on in half a minute, or has nobody to pass it to, goes on all the same", () => {
  const bench = superSeed(9);
  const [a] = [visitor(bench), visitor(bench)];
  for (const piece of a.shown) a.remote.says(have(piece));
  bench.wait(29);
  assertEquals(shown(a.remote), []);
  bench.wait(2);
  assertEquals(shown(a.remote).length, 2);
  const alone = visitor(superSeed(9));
  alone.remote.says(have(alone.shown[0]!));
  assertEquals(shown(alone.remote).length, 1);
});

Deno.test("only what was shown can be had, also out of turn", () => {
  const bench = superSeed(20);
  const { remote, shown: [piece] } = visitor(bench);
  bench.swarm.grantFast(remote.peer, [piece!], bench.now);
  assertEquals(remote.heard(), []);
  remote.says(frame(Message.Interested));
  const hidden = (piece! + 10) % 20;
  remote.heard();
  remote.says(frame(Message.Request, hidden, 0, BLOCK), frame(Message.Request, piece!, 0, BLOCK));
  assertEquals(remote.heard(), [`reject ${hidden} 0 ${BLOCK}`, `piece ${piece} 0 ${BLOCK}`]);
});

Deno.test("what a peer that left was shown goes to others", () => {
  const bench = superSeed(4);
  const [a, b] = [visitor(bench), visitor(bench)];
  assertEquals(new Set([...a.shown, ...b.shown]).size, 4);
  a.remote.connection.close("gone");
  assertEquals(visitor(bench).shown.sort(), a.shown.sort());
});

Deno.test("with two more copies of everything it is over: all is shown, and newcomers see a seed", () => {
  const bench = superSeed(600);
  const half = Array.from({ length: 300 }, (_, i) => i);
  const rest = half.map((piece) => piece + 300);
  const peers = [half, half, rest].map((pieces) => visitor(bench, pieces).remote);
  const last = visitor(bench, rest.slice(1)).remote;
  bench.wait(3);
  assert(bench.swarm.superSeed!.active);
  last.says(have(300));
  bench.wait(2);
  assertFalse(bench.swarm.superSeed!.active);
  assert(bench.swarm.uploadOnly);
  for (const peer of [...peers, last]) {
    assertEquals(peer.peer.offers, null);
    assertEquals(new Set([...shown(peer)]).size + 2 >= 300, true);
  }
  assertEquals(bench.newcomer().heard(), ["haveall"]);
});

Deno.test("two seeds besides us, one after the other, end it too; the same one twice does not", () => {
  const bench = superSeed(4);
  const stays = visitor(bench).remote;
  const pass = (id: number) => {
    const seed = bench.peer(handshake(id, { extended: false }));
    seed.has("all");
    assertEquals(seed.connection.phase, "closed");
    bench.wait(1);
    return bench.swarm.superSeed!.active;
  };
  assert(pass(100));
  assert(pass(100));
  assertFalse(pass(101));
  assertNotEquals(stays.connection.phase, "closed");
});

Deno.test("while it still downloads it hides nothing", () => {
  const bench = new Bench(2, 1, [0], { superSeed: true });
  const giver = bench.peer();
  assertEquals(bench.newcomer().heard(), ["bitfield 128"]);
  giver.has([1]);
  giver.unchokes();
  giver.sends(giver.requests()[0]!);
  bench.accept();
  assertEquals(giver.peer.offers, null);
  assertEquals(bench.newcomer().heard(), ["havenone"]);
});
