import { assert, assertEquals, assertFalse } from "@std/assert";
import { type PieceIndex, SeededRandom } from "../../src/base/mod.ts";
import { Blame, type Peer } from "../../src/swarm/mod.ts";
import { type Buffers, PartialPiece } from "../../src/swarm/partial_piece.ts";

const BLOCK = 16_384;
const SIZE = 3 * BLOCK + 5;
const [good, bad, worse] = ["good", "bad", "worse"].map((name) => ({ name }) as unknown as Peer);

function buffers(size: number): Buffers {
  return { buffer: () => new Uint8Array(size), release: () => {} };
}

/** A piece whose blocks came from `senders`; those in `wrong` are spoiled. */
function received(piece: number, senders: readonly Peer[], wrong: readonly number[]): PartialPiece {
  const partial = new PartialPiece(piece as PieceIndex, SIZE, buffers(SIZE), false);
  senders.forEach((sender, block) => {
    const data = new Uint8Array(block < 3 ? BLOCK : 5).fill(block + 1);
    if (wrong.includes(block)) data[data.length - 1]! ^= 0x80;
    partial.put(block, data, sender, false);
  });
  return partial;
}

Deno.test("the author of a whole bad piece is known at once", () => {
  const blame = new Blame(new SeededRandom(1));
  const partial = received(0, [bad!, bad!, bad!, bad!], [1]);
  assertEquals(blame.failed(partial, partial.buffer), { author: bad!, agreeing: [] });
  assert(blame.failedAlone(0, bad!));
  assertFalse(blame.failedAlone(0, good!) || blame.failedAlone(1, bad!));
});

Deno.test("who sent exactly the same alone is named, but not who sent something else or a part", () => {
  const blame = new Blame(new SeededRandom(1));
  const fail = (sender: Peer, wrong: readonly number[], first = sender) => {
    const partial = received(0, [first, sender, sender, sender], wrong);
    return blame.failed(partial, partial.buffer).agreeing;
  };
  assertEquals(fail(bad!, [1]), []);
  assertEquals(fail(worse!, [2]), []);
  assertEquals(fail(worse!, [1], bad!), []);
  assertEquals(fail(good!, [1]), [bad!]);
  assertEquals(fail(bad!, [1]), [good!]);
});

Deno.test("of several senders the one with the differing block is found when the piece passes", () => {
  for (let wrong = 0; wrong < 4; wrong++) {
    const blame = new Blame(new SeededRandom(wrong));
    const senders = [good!, good!, good!, good!];
    senders[wrong] = bad!;
    const failed = received(5, senders, [wrong]);
    assertEquals(blame.failed(failed, failed.buffer), { author: null, agreeing: [] });
    assert(blame.suspects(5));
    const passed = received(5, [good!, good!, good!, good!], []);
    assertEquals(blame.passed(passed, passed.buffer), new Set([bad!]));
    assertFalse(blame.suspects(5));
  }
});

Deno.test("several attempts find several guilty peers, and no innocent one", () => {
  const blame = new Blame(new SeededRandom(1));
  const first = received(0, [bad!, good!, good!, good!], [0]);
  const second = received(0, [good!, good!, good!, worse!], [3]);
  blame.failed(first, first.buffer);
  blame.failed(second, second.buffer);
  const passed = received(0, [good!, good!, good!, good!], []);
  assertEquals(blame.passed(passed, passed.buffer), new Set([bad!, worse!]));
});

Deno.test("a piece that never failed blames nobody", () => {
  const blame = new Blame(new SeededRandom(1));
  const passed = received(0, [good!, bad!, good!, bad!], []);
  assertFalse(blame.suspects(0));
  assertEquals(blame.passed(passed, passed.buffer).size, 0);
});

Deno.test("what is remembered of failures is bounded", () => {
  const blame = new Blame(new SeededRandom(1));
  for (let piece = 0; piece < 1_000; piece++) {
    const partial = received(piece, [good!, bad!, good!, bad!], [1]);
    blame.failed(partial, partial.buffer);
  }
  const kept = Array.from({ length: 1_000 }, (_, piece) => blame.suspects(piece));
  assertEquals(kept.filter(Boolean).length, 64);
  assert(kept[999]);
});
