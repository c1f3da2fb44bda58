import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, equalBytes } from "../../src/base/mod.ts";
import { climb, fileHeight } from "../../src/metainfo/mod.ts";
import {
  encodeHashes,
  encodeHashSpan,
  type HashEvent,
  type HashSpan,
  isHashMessage,
  Message,
  readHashMessage,
} from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import { Bench, BLOCK, type Remote } from "./bench.ts";
import { type BenchTrees, treesOf } from "./trees.ts";

const V2 = { v2: true, fast: true };

function v2Bench(trees: BenchTrees, blocks: number, have: "all" | [] = []): Bench {
  const { merkle, geometry } = trees;
  return new Bench(geometry.pieceCount, blocks, have, { merkle, geometry });
}

/** What we said of hashes since the last call, and in `lines` everything else. */
function hashesSaid(remote: Remote): HashEvent[] {
  const out: HashEvent[] = [];
  remote.heardRaw((message) => {
    const [id] = message;
    if (isHashMessage(id!)) out.push(readHashMessage(id!, message.slice(1)));
  });
  return out;
}

/** The one request among what we said. */
function asked(remote: Remote): HashSpan | undefined {
  return hashesSaid(remote).find(({ type }) => type === "hash-request")?.span;
}

function answers(remote: Remote, span: HashSpan, hashes: Bytes): void {
  remote.says(frame(Message.Hashes, encodeHashes(span, hashes)));
}

/** Everything `remote` was asked for comes, one block of it wrong. */
function spoils(remote: Remote, wrong: number): void {
  for (const request of remote.requests()) {
    const begin = Number(request.split(" ")[2]);
    remote.sends(request, begin === wrong * BLOCK ? 99 : undefined);
  }
}

Deno.test("a bad block is known by the hashes of a peer: its sender goes, the other blocks stay", () => {
  const trees = treesOf([4 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const bad = bench.seed(V2);
  spoils(bad, 2);
  const witness = bench.peer(V2);
  witness.has("all");
  bad.peer.connection.v2 = false; // so that the other one is asked
  bench.refuse(true);
  const span = asked(witness)!;
  assertEquals([span.base, span.index, span.length, span.proofs], [0, 0, 4, 0]);
  assertEquals(bench.banned, []);
  answers(witness, span, trees.leaves(0));
  assertEquals(bench.banned, ["8.8.8.1 Sent bad data for block 2 of piece 0"]);
  witness.unchokes();
  const requests = witness.requests();
  assertEquals(requests, [`request 0 ${2 * BLOCK} ${BLOCK}`]);
  witness.sends(requests[0]!);
  bench.accept();
  assert(bench.swarm.complete);
});

Deno.test("who sends hashes that lead elsewhere is banned, and another is asked", () => {
  const trees = treesOf([4 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const [bad, liar, honest] = [bench.seed(V2), bench.peer(V2), bench.peer(V2)];
  liar.has("all");
  honest.has("all");
  spoils(bad, 0);
  bad.peer.connection.v2 = false;
  bench.refuse(true);
  const wrong = trees.leaves(0);
  wrong[0]! ^= 1;
  answers(liar, asked(liar)!, wrong);
  assertEquals(bench.banned, ["8.8.8.2 Sent hashes that do not lead to that of piece 0"]);
  answers(honest, asked(honest)!, trees.leaves(0));
  assertEquals(bench.banned[1], "8.8.8.1 Sent bad data for block 0 of piece 0");
});

Deno.test("where nobody gives hashes, silent or refusing, the piece comes anew as in v1", () => {
  const trees = treesOf([4 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const bad = bench.seed(V2);
  const other = bench.peer(V2);
  other.has("all");
  spoils(bad, 1);
  bench.refuse(true);
  const span = asked(bad)!;
  bad.says(frame(Message.HashReject, encodeHashSpan(span)));
  assertEquals(asked(other), span);
  assertEquals(bench.swarm.verifying.size, 1);
  bench.wait(7);
  assertEquals(bench.swarm.verifying.size, 0);
  // it sent all of it, so it waits for a witness
  assert(bad.peer.suspected);
});

Deno.test("once somebody lied, leaves come first and a bad block is known as it comes", () => {
  const trees = treesOf([12 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const first = bench.seed(V2);
  for (const request of first.requests()) {
    if (bench.store.committed.length > 0) break;
    first.sends(request, 99);
  }
  const piece = bench.store.committed[0]!.piece;
  bench.refuse(true);
  answers(first, asked(first)!, trees.leaves(piece));
  assertEquals(bench.banned.length, 1);
  const second = bench.seed(V2);
  bench.wait(1);
  const requests: string[] = [];
  const spans: HashSpan[] = [];
  second.heardRaw((message) => {
    if (message[0] === Message.HashRequest) {
      spans.push(readHashMessage(message[0], message.slice(1)).span);
    } else if (message[0] === Message.Request) {
      const view = new DataView(message.buffer, message.byteOffset);
      requests.push(`request ${view.getUint32(1)} ${view.getUint32(5)} ${view.getUint32(9)}`);
    }
  });
  assertEquals(spans.length, 2); // of the other pieces: those of the first are known
  for (const span of spans) answers(second, span, trees.leaves(span.index / 4));
  const one = requests.find((request) => Number(request.split(" ")[1]) === spans[0]!.index / 4)!;
  second.sends(one, 98);
  assertEquals(bench.banned.length, 2);
  assert(bench.banned[1]!.includes("Sent bad data for block"));
  assertEquals(bench.store.committed.length, 0);
});

Deno.test("hashes that nobody asked for are passed over, and a flood of them ends the connection", () => {
  const trees = treesOf([4 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const remote = bench.seed(V2);
  const span = { root: trees.merkle.files[0]!.root, base: 0, index: 0, length: 4, proofs: 0 };
  for (let i = 0; i < 100; i++) answers(remote, span, trees.leaves(0));
  assertEquals(remote.connection.phase, "open");
  answers(remote, span, trees.leaves(0));
  assertEquals(remote.connection.phase, "closed");
});

Deno.test("every span of a tree that is served leads to its root, be it of leaves or pieces", () => {
  for (const length of [2, 4, 5, 9, 23].map((blocks) => blocks * BLOCK - 100)) {
    const trees = treesOf([length], 4);
    const bench = v2Bench(trees, 4, "all");
    const remote = bench.peer(V2);
    const height = fileHeight(length);
    const { root } = trees.merkle.files[0]!;
    let served = 0;
    for (let base = 0; base < height; base++) {
      for (let size = 1; size <= 2 ** (height - base); size *= 2) {
        for (let index = 0; index < 2 ** (height - base); index += size) {
          const span = { root, base, index, length: size, proofs: height - base - 1 };
          remote.says(frame(Message.HashRequest, encodeHashSpan(span)));
          const [answer] = hashesSaid(remote);
          if (answer?.type !== "hashes") {
            assertEquals(answer?.type, "hash-reject");
            continue;
          }
          served++;
          assert(
            equalBytes(climb(span, answer.hashes), root),
            JSON.stringify([length, base, size]),
          );
        }
      }
    }
    assert(served > 2 * height);
  }
});

Deno.test("requests that are none, or for what is not here, are rejected, each of them", () => {
  const trees = treesOf([20 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const remote = bench.peer(V2);
  const { root } = trees.merkle.files[0]!;
  const spans: HashSpan[] = [
    { root: new Uint8Array(32), base: 2, index: 0, length: 4, proofs: 2 },
    { root, base: 5, index: 0, length: 1, proofs: 0 },
    { root, base: 2, index: 8, length: 2, proofs: 2 },
    { root, base: 2, index: 0, length: 16, proofs: 0 },
    { root, base: 2, index: 0, length: 2, proofs: 3 },
    { root, base: 0, index: 0, length: 8, proofs: 0 },
    { root, base: 0, index: 0, length: 4, proofs: 0 }, // we have no piece
  ];
  for (const span of spans) {
    remote.says(frame(Message.HashRequest, encodeHashSpan(span)));
    assertEquals(hashesSaid(remote), [{ type: "hash-reject", span }]);
  }
  const layer = { root, base: 2, index: 0, length: 8, proofs: 0 };
  remote.says(frame(Message.HashRequest, encodeHashSpan(layer)));
  assertEquals(hashesSaid(remote)[0]!.type, "hashes");
});

Deno.test("a peer that asks for leaves again and again has us read no more than its share", () => {
  const blocks = 1024;
  const trees = treesOf([8 * blocks * BLOCK], blocks);
  const bench = v2Bench(trees, blocks, "all");
  const remote = bench.peer(V2);
  const { root } = trees.merkle.files[0]!;
  const span = { root, base: 0, index: 0, length: blocks, proofs: 0 };
  const request = frame(Message.HashRequest, encodeHashSpan(span));
  for (let i = 0; i < 50; i++) remote.says(request);
  // 64 MiB, but for what the levels above cost
  assertEquals(bench.store.read32.length, 3);
  const said = hashesSaid(remote);
  assertEquals(said.filter(({ type }) => type === "hashes").length, 3);
  assertEquals(said.length, 50);
  bench.wait(3);
  for (let i = 0; i < 5; i++) remote.says(request);
  assertEquals(bench.store.read32.length, 5); // 16 MiB were left, 24 have come
});

Deno.test("a peer that asks for layers again and again in one breath gets no more than its share", () => {
  const trees = treesOf([4096 * BLOCK], 1);
  const bench = v2Bench(trees, 1, "all");
  const remote = bench.peer(V2);
  const { root } = trees.merkle.files[0]!;
  const span = { root, base: 0, index: 0, length: 2048, proofs: 1 };
  const request = frame(Message.HashRequest, encodeHashSpan(span));
  remote.says(concat(...Array.from({ length: 4000 }, () => request)));
  const said = hashesSaid(remote);
  assertEquals(said.length, 4000);
  const given = said.filter(({ type }) => type === "hashes").length;
  assert(given >= 16 && given <= 17, `${given}`); // a mebibyte
});

Deno.test("the end of a file is asked for as BEP 52 has it, and whole where a peer refuses that", () => {
  const trees = treesOf([BLOCK + 100, BLOCK + 200], 4);
  const bench = v2Bench(trees, 4);
  const remote = bench.seed(V2);
  const before = remote.requests();
  assertEquals(before.toSorted(), [
    `request 0 0 ${BLOCK}`,
    `request 0 ${BLOCK} 100`,
    `request 1 0 ${BLOCK}`,
    `request 1 ${BLOCK} 200`,
  ]);
  const tails = before.filter((request) => !request.endsWith(` ${BLOCK}`));
  for (const request of tails) remote.rejects(request);
  bench.wait(1);
  const again = remote.requests();
  assertEquals(again.toSorted(), [`request 0 ${BLOCK} ${BLOCK}`, `request 1 ${BLOCK} ${BLOCK}`]);
  for (const request of [...before.filter((each) => !tails.includes(each)), ...again]) {
    remote.sends(request);
  }
  for (const { piece, data } of bench.store.committed) {
    assert(data.subarray(0, BLOCK + (piece + 1) * 100).every((byte) => byte === piece + 1));
  }
  bench.accept();
  bench.accept();
  assert(bench.swarm.complete);
});

Deno.test("the end of a file is given either way, with zeros behind it", () => {
  const trees = treesOf([BLOCK + 100, BLOCK], 4);
  const bench = v2Bench(trees, 4, "all");
  const remote = bench.peer(V2);
  remote.says(frame(Message.Interested));
  bench.wait(11);
  remote.heard();
  const given = (begin: number, length: number) => {
    remote.says(frame(Message.Request, 0, begin, length));
    const out: Bytes[] = [];
    remote.heardRaw((message) => {
      if (message[0] === Message.Piece) out.push(message.slice(9));
    });
    return concat(...out);
  };
  assertEquals(given(BLOCK, 100), new Uint8Array(100).fill(1));
  const whole = given(BLOCK, BLOCK);
  assertEquals(whole.length, BLOCK);
  assert(whole.every((byte, at) => byte === (at < 100 ? 1 : 0)));
  assertEquals(given(2 * BLOCK, BLOCK), new Uint8Array(BLOCK));
  remote.says(frame(Message.Request, 0, 4 * BLOCK, BLOCK));
  assertEquals(remote.connection.phase, "closed");
});
