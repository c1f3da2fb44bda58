import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, equalBytes, FairPool, readUint32 } from "../../src/base/mod.ts";
import { climb, fileHeight, Geometry } from "../../src/metainfo/mod.ts";
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
import { Bench, BLOCK, Remote } from "./bench.ts";
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

/** What we asked for since the last call, of hashes and of blocks. */
function spoken(remote: Remote): { spans: HashSpan[]; requests: string[] } {
  const spans: HashSpan[] = [];
  const requests: string[] = [];
  remote.heardRaw((message) => {
    const payload = message.slice(1);
    if (message[0] === Message.HashRequest) spans.push(readHashMessage(message[0], payload).span);
    if (message[0] !== Message.Request) return;
    const [piece, begin, length] = [0, 4, 8].map((at) => readUint32(payload, at));
    requests.push(`request ${piece} ${begin} ${length}`);
  });
  return { spans, requests };
}

/** Two files of one piece each that are alike, as they have one root. */
function filesAlike() {
  const trees = treesOf([4 * BLOCK], 4);
  const [file] = trees.merkle.files;
  const { hashes, sizes, heights } = trees.merkle.pieces;
  const merkle = {
    files: [file!, { ...file!, firstPiece: 1 }],
    pieces: {
      hashes: concat(hashes, hashes),
      sizes: new Uint32Array([...sizes, ...sizes]),
      heights: new Uint8Array([...heights, ...heights]),
    },
  };
  const geometry = new Geometry(8 * BLOCK, 4 * BLOCK, merkle.pieces.sizes);
  return { trees, merkle, geometry };
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
  // who may have spoilt it is asked last
  const span = asked(other)!;
  bench.wait(6);
  assertEquals(asked(bad), span);
  assertEquals(bench.swarm.verifying.size, 1);
  bad.says(frame(Message.HashReject, encodeHashSpan(span)));
  assertEquals(bench.swarm.verifying.size, 0);
  // it sent all of it, so it waits for a witness
  assert(bad.peer.suspected);
});

Deno.test("no piece waits longer than 15 s for its leaves, however many peers are silent", () => {
  const trees = treesOf([4 * BLOCK], 4);
  const bench = v2Bench(trees, 4);
  const bad = bench.seed(V2);
  for (let i = 0; i < 20; i++) bench.peer(V2).has("all");
  spoils(bad, 1);
  bench.refuse(true);
  bench.wait(14);
  assertEquals(bench.swarm.verifying.size, 1);
  bench.wait(2);
  assertEquals(bench.swarm.verifying.size, 0);
});

Deno.test("who was silent is asked for no hashes while others answer, and less and less often alone", () => {
  const trees = treesOf([8 * BLOCK], 2);
  const bench = v2Bench(trees, 2);
  const silent = bench.peer(V2);
  silent.has("all");
  const bad = bench.seed(V2);
  bad.peer.connection.v2 = false;
  const failed = () => {
    const [request] = bad.requests();
    const [, piece] = request!.split(" ").map(Number);
    for (let block = 0; block < 2; block++) {
      bad.sends(`request ${piece} ${block * BLOCK} ${BLOCK}`, 99);
    }
    bench.refuse(true);
  };
  failed();
  assert(asked(silent) !== undefined);
  bench.wait(6);
  assertEquals(bench.swarm.verifying.size, 0);
  hashesSaid(silent);
  const honest = bench.seed(V2);
  bench.wait(1);
  assert(asked(honest) !== undefined);
  assertEquals(asked(silent), undefined);
  // begun pieces are asked for: once in 15, 30, 60, … s
  honest.connection.close("gone");
  let count = 0;
  for (let i = 0; i < 300; i++) {
    bench.wait(1);
    if (asked(silent) !== undefined) count++;
  }
  assert(count >= 3 && count <= 6, `${count}`);
});

Deno.test("hashes that come late are heard, and count against nobody", () => {
  const trees = treesOf([400 * BLOCK], 2);
  const bench = v2Bench(trees, 2);
  const late = bench.seed(V2);
  const bad = bench.seed(V2);
  bad.peer.connection.v2 = false;
  const [, piece] = bad.requests()[0]!.split(" ").map(Number);
  for (let block = 0; block < 2; block++) {
    bad.sends(`request ${piece} ${block * BLOCK} ${BLOCK}`, block === 1 ? 99 : undefined);
  }
  bench.refuse(true);
  const first = asked(late)!;
  // others in their turn: the piece comes anew
  bench.wait(6);
  assertEquals(bench.banned, []);
  answers(late, first, trees.leaves(piece!));
  // what it said lets blocks be judged that come from now on
  assert(bench.swarm.hashes.knows(piece!));
  // blocks in time and hashes late, far more of them than are forgiven where nobody asked
  let count = 0;
  while (!bench.swarm.complete) {
    const { spans, requests } = spoken(late);
    for (const request of requests) late.sends(request);
    while (bench.store.committed.length > 0) bench.accept();
    bench.wait(6);
    for (const span of spans) answers(late, span, trees.leaves(span.index / 2));
    count += spans.length;
  }
  assert(count > 120, `${count}`);
  const reasons = bench.left.filter((line) => line.startsWith(late.peer.identity.host));
  assertEquals(reasons, ["8.8.8.1 Both sides are complete"]);
});

Deno.test("pieces that wait for their leaves count as memory, and wait only where there is some", () => {
  const trees = treesOf([16 * BLOCK], 4);
  const { merkle, geometry } = trees;
  for (const isFull of [false, true]) {
    const pool = new FairPool(64 * 4 * BLOCK);
    const memory = pool.member();
    const bench = new Bench(4, 4, [], { merkle, geometry, memory });
    bench.peer(V2).has("all");
    const bad = bench.seed(V2);
    bad.peer.connection.v2 = false;
    const requests = bad.requests();
    const piece = requests[0]!.split(" ")[1];
    for (const request of requests) if (request.split(" ")[1] === piece) bad.sends(request, 99);
    if (isFull) pool.others = pool.most;
    const before = memory.held;
    bench.refuse(true);
    assertEquals(bench.swarm.verifying.size, isFull ? 0 : 1);
    assertEquals(memory.held - before, isFull ? 0 : 4 * BLOCK);
    bench.wait(20);
    assertEquals(bench.swarm.verifying.size, 0);
    bench.swarm.close("over");
    assertEquals(memory.held, 0);
    assertEquals(bench.store.buffers, 0);
  }
});

Deno.test("pieces of files alike have one span, and a question each", () => {
  const { trees, merkle, geometry } = filesAlike();
  const bench = new Bench(2, 4, [], { merkle, geometry });
  const [bad, one, two] = [bench.seed(V2), bench.peer(V2), bench.peer(V2)];
  bad.peer.connection.v2 = false;
  one.has("all");
  two.has("all");
  for (const request of bad.requests()) {
    bad.sends(request, request.includes(` ${BLOCK} `) ? 99 : 1);
  }
  bench.refuse(true);
  bench.refuse(true);
  const spans = [asked(one)!, asked(two)!];
  assertEquals(spans[0], spans[1]);
  answers(two, spans[1]!, trees.leaves(0));
  assertEquals(bench.banned, ["8.8.8.1 Sent bad data for block 1 of piece 1"]);
  answers(one, spans[0]!, trees.leaves(0));
  assertEquals(bench.swarm.verifying.size, 0);
  assertEquals(bench.swarm.downloads.partials.size, 2);
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
  const { spans, requests } = spoken(second);
  assertEquals(spans.length, 2); // of the other pieces: those of the first are known
  for (const span of spans) answers(second, span, trees.leaves(span.index / 4));
  const one = requests.find((request) => Number(request.split(" ")[1]) === spans[0]!.index / 4)!;
  second.sends(one, 98);
  assertEquals(bench.banned.length, 2);
  assert(bench.banned[1]!.includes("Sent bad data for block"));
  assertEquals(bench.store.committed.length, 0);
});

Deno.test("256 good pieces after a wrong block peers are trusted again", () => {
  const trees = treesOf([2 * 400 * BLOCK], 2);
  const bench = v2Bench(trees, 2);
  const bad = bench.seed(V2);
  const [, piece] = bad.requests()[0]!.split(" ").map(Number);
  for (const block of [0, 1]) bad.sends(`request ${piece} ${block * BLOCK} ${BLOCK}`, 99);
  bench.refuse(true);
  answers(bad, asked(bad)!, trees.leaves(piece!));
  assertEquals(bench.banned.length, 1);
  const good = bench.seed(V2);
  const queue: string[] = [];
  let last = 0;
  while (!bench.swarm.complete) {
    const { spans, requests } = spoken(good);
    if (spans.length > 0) last = bench.done.length;
    for (const span of spans) answers(good, span, trees.leaves(span.index / 2));
    queue.push(...requests);
    if (queue.length > 0) good.sends(queue.shift()!);
    else bench.wait(1);
    if (bench.store.committed.length > 0) bench.accept();
  }
  assert(last >= 200 && last <= 256, `${last}`);
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
    // another file lies where this one's tree has padding
    const trees = treesOf([length, 16 * BLOCK], 4);
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

Deno.test("who comes again from its address has what it left of its share", () => {
  const blocks = 1024;
  const trees = treesOf([8 * blocks * BLOCK], blocks);
  const bench = v2Bench(trees, blocks, "all");
  const { root } = trees.merkle.files[0]!;
  const span = { root, base: 0, index: 0, length: blocks, proofs: 0 };
  const request = frame(Message.HashRequest, encodeHashSpan(span));
  for (let i = 0; i < 5; i++) {
    const remote = new Remote(bench, 7, V2);
    for (let j = 0; j < 5; j++) remote.says(request);
    remote.connection.close("and again");
  }
  assertEquals(bench.store.read32.length, 3);
  new Remote(bench, 8, V2).says(request);
  assertEquals(bench.store.read32.length, 4);
});

Deno.test("a peer has eight requests for leaves wait, and leaves room for others", () => {
  const trees = treesOf([64 * BLOCK], 4);
  const bench = v2Bench(trees, 4, "all");
  bench.store.reading = [];
  const { root } = trees.merkle.files[0]!;
  const [greedy, other] = [bench.peer(V2), bench.peer(V2)];
  const ask = (remote: Remote, piece: number) => {
    const span = { root, base: 0, index: 4 * piece, length: 4, proofs: 0 };
    remote.says(frame(Message.HashRequest, encodeHashSpan(span)));
  };
  for (let piece = 0; piece < 16; piece++) ask(greedy, piece);
  ask(other, 15);
  // two are being read, eight wait
  assertEquals(hashesSaid(greedy).map(({ type }) => type), Array(6).fill("hash-reject"));
  assertEquals(hashesSaid(other), []);
  for (let next = bench.store.reading.shift(); next; next = bench.store.reading.shift()) next();
  assertEquals(hashesSaid(greedy).map(({ type }) => type), Array(10).fill("hashes"));
  assertEquals(hashesSaid(other).map(({ type }) => type), ["hashes"]);
});

Deno.test("of files alike the one that is here gives its leaves", () => {
  const { merkle, geometry } = filesAlike();
  const [file] = merkle.files;
  for (const here of [0, 1]) {
    const bench = new Bench(2, 4, [here], { merkle, geometry });
    const remote = bench.peer(V2);
    const span = { root: file!.root, base: 0, index: 0, length: 4, proofs: 0 };
    remote.says(frame(Message.HashRequest, encodeHashSpan(span)));
    assertEquals(hashesSaid(remote).map(({ type }) => type), ["hashes"]);
    assertEquals(bench.store.read32, [here]);
  }
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
