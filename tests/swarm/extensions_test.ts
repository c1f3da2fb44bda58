import { assert, assertEquals, assertFalse } from "@std/assert";
import { type PieceIndex, SeededRandom } from "../../src/base/mod.ts";
import { PriorityPicker } from "../../src/swarm/mod.ts";
import { Message } from "../../src/wire/mod.ts";
import { frame, uint32 } from "../wire/talk.ts";
import { Bench, BLOCK, extended, type Remote } from "./bench.ts";

/** Our numbers, as our handshake gives them. */
const UPLOAD_ONLY = 1;
const DONT_HAVE = 2;
const uploadOnly = (on: number) => extended(UPLOAD_ONLY, new Uint8Array([on]));
const dontHave = (piece: number) => extended(DONT_HAVE, uint32(piece));
const piece = (index: number) => index as PieceIndex;

/** A peer that speaks both extensions, with numbers of its own: 11 and 12. */
function speaker(bench: Bench, fast = true): Remote {
  const remote = bench.peer({ extended: true, fast });
  remote.speaks({ upload_only: 11, lt_donthave: 12 });
  remote.heard();
  return remote;
}

Deno.test("upload only: who says so gets no slot, and gets one when it takes that back", () => {
  const bench = new Bench(3, 1, [0]);
  const remote = speaker(bench);
  remote.says(uploadOnly(1), frame(Message.Interested));
  bench.wait(40);
  assert(remote.peer.amChoking);
  remote.says(uploadOnly(0));
  assertFalse(remote.peer.amChoking);
  remote.says(uploadOnly(1));
  assert(remote.peer.amChoking);
});

Deno.test("upload only in the handshake counts, in a later one too, and silence changes nothing", () => {
  const bench = new Bench(3, 1, [0]);
  const remote = bench.peer({ extended: true });
  remote.speaks({}, { upload_only: 1 });
  assert(remote.peer.uploadOnly);
  remote.speaks({});
  assert(remote.peer.uploadOnly);
  remote.speaks({}, { upload_only: 0 });
  assertFalse(remote.peer.uploadOnly);
});

Deno.test("two that only upload leave each other, whoever says it last and complete or not", () => {
  const seed = new Bench(2, 1, "all");
  const partial = speaker(seed);
  partial.has([0]);
  assertEquals(partial.connection.phase, "open");
  partial.says(uploadOnly(1));
  assertEquals(partial.link.closedFor, "Both sides are complete");
  const leech = new Bench(1, 1);
  const [giver, other] = [leech.seed(), speaker(leech)];
  other.says(uploadOnly(1));
  assertEquals(other.connection.phase, "open");
  giver.sends(giver.requests()[0]!);
  leech.accept();
  assertEquals(other.link.closedFor, "Both sides are complete");
});

Deno.test("we say that we only upload: in the handshake when complete, in a message when we become so", () => {
  assert(new Bench(1, 1, "all").swarm.uploadOnly);
  const bench = new Bench(1, 1);
  const [giver, told, deaf] = [bench.seed(), speaker(bench), bench.peer({ extended: true })];
  deaf.speaks({ upload_only: 0 });
  giver.sends(giver.requests()[0]!);
  bench.accept();
  assertEquals(told.heard(), ["have 0", "extended 11,1"]);
  assertEquals(deaf.heard(), ["have 0"]);
});

Deno.test("a peer that has a piece no longer: its blocks go to others, and are taken if they come", () => {
  for (const fast of [true, false]) {
    const bench = new Bench(1, 4);
    const remote = speaker(bench, fast);
    remote.has("all");
    remote.unchokes();
    const asked = remote.requests();
    const other = bench.seed();
    assertEquals(asked.length, 4);
    remote.says(dontHave(0));
    assertEquals(remote.peer.outstanding, 0);
    assertEquals(remote.heard(), ["notinterested"]);
    assertEquals(other.requests().length, 4);
    remote.sends(asked[0]!);
    assertEquals(bench.swarm.downloads.wasted, 0);
    for (const request of asked.slice(1)) other.sends(request);
    bench.accept();
    assert(bench.swarm.complete);
    assertEquals(bench.banned, []);
  }
});

Deno.test("the rarest piece is counted right when pieces go and come back, of seeds too", () => {
  const picker = new PriorityPicker(3, new SeededRandom(1));
  const bench = new Bench(3, 1, [], { picker });
  const [seed, part] = [speaker(bench), speaker(bench)];
  seed.has("all");
  part.has([0, 1]);
  const counts = () => [0, 1, 2].map((index) => picker.availability(index));
  assertEquals(counts(), [1, 1, 0]);
  part.says(dontHave(0), dontHave(0), dontHave(2));
  assertEquals(counts(), [0, 1, 0]);
  seed.says(dontHave(2));
  assertEquals(counts(), [1, 2, 0]);
  assertEquals(seed.peer.useful, 2);
  seed.says(frame(Message.Have, 2));
  assertEquals(counts(), [0, 1, 0]);
  assertEquals(seed.peer.useful, 3);
  part.connection.close("gone");
  assertEquals(counts(), [0, 0, 0]);
});

Deno.test("a seed that forgets and finds a piece again and again is sent away", () => {
  const bench = new Bench(3, 1);
  const remote = speaker(bench);
  remote.has("all");
  for (let i = 0; i < 4; i++) remote.says(dontHave(1), frame(Message.Have, 1));
  assertEquals(remote.connection.phase, "open");
  remote.says(dontHave(1));
  assertEquals(remote.connection.phase, "closed");
  assertEquals(bench.banned, []);
});

Deno.test("a dropped piece is told to those that understand, and its requests are rejected", () => {
  const bench = new Bench(3, 1, "all");
  bench.store.cached = false;
  const [remote, deaf] = [speaker(bench), bench.peer()];
  for (const each of [remote, deaf]) {
    each.says(frame(Message.Interested), frame(Message.Request, 1, 0, BLOCK));
    each.says(frame(Message.Request, 2, 0, BLOCK));
    each.heard();
  }
  bench.store.cached = true;
  bench.swarm.dropPiece(piece(1), false, bench.now);
  const rest = [`reject 1 0 ${BLOCK}`, `piece 2 0 ${BLOCK}`];
  assertEquals(remote.heard(), ["extended 12,0,0,0,1", ...rest]);
  assertEquals(deaf.heard(), rest);
  deaf.says(frame(Message.Request, 1, 0, BLOCK));
  assertEquals(deaf.heard(), [`reject 1 0 ${BLOCK}`]);
  assertEquals(bench.newcomer().heard(), ["bitfield 160"]);
  bench.swarm.dropPiece(piece(1), false, bench.now);
  assertEquals(remote.heard(), []);
});

Deno.test("a piece dropped for good is not wanted again: nothing more is downloaded", () => {
  const bench = new Bench(2, 1, [0]);
  bench.swarm.dropPiece(piece(0), false, bench.now);
  const seed = bench.seed();
  assertEquals(seed.requests(), [`request 1 0 ${BLOCK}`]);
  seed.sends(`request 1 0 ${BLOCK}`);
  assertFalse(bench.swarm.complete);
  bench.accept();
  assert(bench.swarm.complete);
  assertEquals([...bench.swarm.have], [1]);
});

Deno.test("a piece dropped to be had again is asked for at once, and we are no seed meanwhile", () => {
  const bench = new Bench(2, 1, [0, 1]);
  const remote = speaker(bench);
  remote.has([1]);
  remote.unchokes();
  remote.heard();
  bench.swarm.dropPiece(piece(1), true, bench.now);
  assertFalse(bench.swarm.complete);
  assertEquals(remote.heard(), [
    "extended 12,0,0,0,1",
    "extended 11,0",
    "interested",
    `request 1 0 ${BLOCK}`,
  ]);
  remote.sends(`request 1 0 ${BLOCK}`);
  bench.accept();
  assert(bench.swarm.complete);
});
