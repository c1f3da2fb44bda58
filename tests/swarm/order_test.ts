import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { SequentialPicker } from "../../src/swarm/mod.ts";
import { Message } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, type Remote } from "./bench.ts";

function piecesOf(requests: readonly string[]): number[] {
  return [...new Set(requests.map((request) => Number(request.split(" ")[1])))];
}

/** A peer that serves us, with what it was asked for at once. */
function asked(bench: Bench): [Remote, string[]] {
  const seed = bench.seed();
  return [seed, seed.requests()];
}

Deno.test("in order, a second peer goes on where the first one ends", () => {
  const bench = new Bench(8, 4, [], { picker: new SequentialPicker(8) });
  const [, first] = asked(bench);
  assertEquals(piecesOf(first), [0, 1, 2, 3]);
  const [, second] = asked(bench);
  assertEquals(piecesOf(second), [4, 5, 6, 7]);
});

Deno.test("in order, a piece that failed goes before those that began meanwhile", () => {
  const bench = new Bench(4, 4, [], { picker: new SequentialPicker(4) });
  const bad = bench.peer();
  bad.has([0]);
  bad.unchokes();
  const wrong = bad.requests();
  const other = bench.peer();
  other.has("all");
  for (const request of wrong) bad.sends(request, 99);
  other.unchokes();
  assertEquals(piecesOf(other.requests()), [1, 2, 3]);
  bench.refuse();
  assertEquals(piecesOf(other.requests()), [0]);
  assertEquals([...bench.swarm.downloads.partials.keys()], [0, 1, 2, 3]);
});

Deno.test("nothing is asked for behind the window until it moves on", () => {
  const picker = new SequentialPicker(8, 2);
  const bench = new Bench(8, 2, [], { picker });
  const [seed, requests] = asked(bench);
  assertEquals(piecesOf(requests), [0, 1]);
  const [other, more] = asked(bench);
  assertEquals(more, []);
  for (const request of requests) seed.sends(request);
  bench.accept();
  bench.wait(30);
  assertEquals([...seed.requests(), ...other.requests()], []);
  picker.extend(3);
  bench.swarm.askAll(bench.now);
  assertEquals(piecesOf([...seed.requests(), ...other.requests()]), [2]);
});

Deno.test("a piece granted out of turn waits for the window too", () => {
  const picker = new SequentialPicker(8, 2);
  const bench = new Bench(8, 2, [], { picker });
  const peer = bench.peer({ fast: true });
  peer.has("all");
  peer.says(frame(Message.AllowedFast, 5));
  assertEquals(peer.requests(), []);
  picker.extend(6);
  peer.says(frame(Message.Have, 5));
  assertEquals(piecesOf(peer.requests()), [5]);
});

Deno.test("what somebody owes of the first piece for two seconds is asked of another", () => {
  const bench = new Bench(3, 4, [], { picker: new SequentialPicker(3, 2) });
  const [slow, owed] = asked(bench);
  const [fast] = asked(bench);
  bench.wait(1);
  assertEquals(fast.requests(), []);
  bench.wait(1);
  const again = fast.requests();
  assertEquals(again, owed.slice(0, 4));
  // once more only when that is late too
  bench.wait(1);
  assertEquals(fast.requests(), []);
  for (const request of again) fast.sends(request);
  assertEquals(slow.heard().filter((line) => line.startsWith("cancel")).length, 4);
  bench.accept();
  assertEquals(bench.done, [0]);
  // now the second piece is the first
  bench.wait(1);
  assertEquals(fast.requests(), owed.slice(4));
});

Deno.test("nobody is hurried for a reader that has not taken what it has", () => {
  const picker = new SequentialPicker(3, 2);
  picker.hurried = false;
  const bench = new Bench(3, 4, [], { picker });
  asked(bench);
  const [other] = asked(bench);
  bench.wait(10);
  assertEquals(other.requests(), []);
});

Deno.test("in order, blocks are asked of a third peer only when two are late, and of no more", () => {
  const bench = new Bench(1, 1, [], { picker: new SequentialPicker(2) });
  asked(bench);
  const others = Array.from({ length: 4 }, () => asked(bench)[0]);
  bench.wait(15);
  const heard = others.map((other) => other.requests().length);
  assertLessOrEqual(heard.reduce((sum, count) => sum + count), 2);
  assert(heard.some((count) => count > 0));
});

Deno.test("a swarm that shares nothing promises nothing and serves nothing", () => {
  const bench = new Bench(3, 1, [], { picker: new SequentialPicker(3), sharing: false });
  const [seed, requests] = asked(bench);
  const leech = bench.peer({ fast: true });
  leech.says(frame(Message.Interested));
  seed.sends(requests[0]!);
  bench.accept();
  bench.wait(20);
  leech.says(frame(Message.Request, 0, 0, 16_384));
  const heard = leech.heard();
  assert(heard.includes("reject 0 0 16384"), heard.join(", "));
  assertEquals(heard.filter((line) => /^(have|piece|allowed)/.test(line)), []);
  const late = bench.newcomer({ fast: true });
  assertEquals(late.heard().filter((line) => line.startsWith("have")), ["havenone"]);
});
