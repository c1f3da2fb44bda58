/** Pieces whose leaves nobody can be asked for yet: whom they wait for is asked when it can be, and looked at only then. */
import { assertEquals, assertGreater } from "@std/assert";
import { writeUint32 } from "../../src/base/mod.ts";
import {
  encodeHashes,
  encodeHashSpan,
  type HashSpan,
  Message,
  readHashMessage,
} from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, BLOCK, type Remote } from "./bench.ts";
import { treesOf } from "./trees.ts";

const V2 = { v2: true, fast: true };

/** What we asked of hashes since the last call. */
function spans(remote: Remote): HashSpan[] {
  const out: HashSpan[] = [];
  remote.heardRaw((message) => {
    if (message[0] !== Message.HashRequest) return;
    out.push(readHashMessage(message[0], message.slice(1)).span);
  });
  return out;
}

function have(piece: number) {
  const payload = new Uint8Array(4);
  writeUint32(payload, 0, piece);
  return frame(Message.Have, payload);
}

/** Peers are not trusted, pieces have begun, and who sends them tells no hashes; `crowd` others tell hashes and have nothing. */
function waiting(crowd: number) {
  const trees = treesOf([80 * BLOCK], 4);
  const { merkle, geometry } = trees;
  const bench = new Bench(geometry.pieceCount, 4, [], { merkle, geometry });
  const bad = bench.seed(V2);
  const requests = bad.requests();
  const piece = Number(requests[0]!.split(" ")[1]);
  for (const request of requests) {
    if (Number(request.split(" ")[1]) === piece) bad.sends(request, 99);
  }
  bench.refuse(true);
  const [span] = spans(bad);
  bad.says(frame(Message.Hashes, encodeHashes(span!, trees.leaves(piece))));
  assertEquals(bench.banned.length, 1);
  const others = Array.from({ length: crowd }, () => bench.peer(V2));
  const server = bench.seed(V2);
  server.connection.v2 = false;
  bench.wait(1);
  spans(server);
  const begun = [...bench.swarm.downloads.partials.keys()].filter((each) => each !== piece);
  assertGreater(begun.length, 1);
  return { trees, bench, others, begun };
}

Deno.test("while nothing changes nobody is looked at, however many pieces and peers there are", () => {
  const { bench, others } = waiting(50);
  let looks = 0;
  for (const { connection } of others) {
    Object.defineProperty(connection, "v2", { get: () => (looks++, true) });
  }
  bench.wait(10);
  assertEquals(looks, 0);
});

Deno.test("a peer that gets one of the pieces is asked for its leaves, one that has all for eight", () => {
  const { bench, others, begun } = waiting(3);
  const [some, all] = others;
  some!.says(have(begun[1]!));
  bench.wait(1);
  assertEquals(spans(some!).map(({ index }) => index / 4), [begun[1]]);
  all!.has("all");
  bench.wait(1);
  const rest = begun.filter((piece) => piece !== begun[1]);
  assertEquals(spans(all!).map(({ index }) => index / 4), rest.slice(0, 8));
  assertEquals(spans(others[2]!), []);
});

Deno.test("who has answered is asked for more, and who refused once it has rested", () => {
  const { trees, bench, others, begun } = waiting(1);
  const [only] = others;
  only!.has("all");
  bench.wait(1);
  const first = spans(only!);
  assertEquals(first.length, Math.min(8, begun.length));
  const refused = first.pop()!;
  for (const span of first) {
    only!.says(frame(Message.Hashes, encodeHashes(span, trees.leaves(span.index / 4))));
  }
  only!.says(frame(Message.HashReject, encodeHashSpan(refused)));
  for (let i = 0; i < 14; i++) {
    bench.wait(1);
    assertEquals(spans(only!), []);
  }
  bench.wait(2);
  // what it refused and what it had no turn for
  const wanted = begun.filter((piece) => !first.some(({ index }) => index / 4 === piece));
  assertEquals(spans(only!).map(({ index }) => index / 4), wanted.slice(0, 8));
});
