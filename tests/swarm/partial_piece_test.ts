import { assert, assertEquals } from "@std/assert";
import { type PieceIndex, SeededRandom } from "../../src/base/mod.ts";
import { type Buffers, PartialPiece } from "../../src/swarm/partial_piece.ts";
import type { Peer } from "../../src/swarm/mod.ts";

const BLOCK = 16_384;
const peers = Array.from({ length: 4 }, (_, id) => ({ id }) as unknown as Peer);

function buffers(size: number): Buffers {
  return { buffer: () => new Uint8Array(size), release: () => {} };
}

function partial(size: number): PartialPiece {
  return new PartialPiece(0 as PieceIndex, size, buffers(size), false);
}

Deno.test("blocks are counted right whatever order peers are asked, answer and leave in", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(seed);
    const size = 1 + random.below(8 * BLOCK);
    const piece = partial(size);
    const blocks = Math.ceil(size / BLOCK);
    const asked = new Array<number>(blocks).fill(0);
    const here = new Array<Peer | null>(blocks).fill(null);
    for (let i = 0; i < 200; i++) {
      const block = random.below(blocks);
      const peer = peers[random.below(peers.length)]!;
      switch (random.below(6)) {
        case 0:
        case 1: {
          const free = asked.findIndex((count, at) => count === 0 && here[at] === null);
          assertEquals(piece.takeFree(), free);
          if (free >= 0) asked[free] = 1;
          break;
        }
        case 2:
          if (asked[block]! === 0) break;
          piece.askAgain(block);
          asked[block]!++;
          break;
        case 3:
          if (asked[block]! === 0) break;
          piece.unask(block);
          asked[block]!--;
          break;
        case 4: {
          const outstanding = asked[block]! > 0 && random.below(4) > 0;
          const data = new Uint8Array(Math.min(BLOCK, size - block * BLOCK)).fill(block + 1);
          assertEquals(piece.put(block, data, peer, outstanding), here[block] === null);
          here[block] ??= peer;
          if (outstanding) asked[block]!--;
          break;
        }
        default:
          if (random.below(20) > 0) break;
          piece.reset();
          here.fill(null);
      }
      const free = asked.filter((count, at) => count === 0 && here[at] === null).length;
      assertEquals(piece.free, free);
      assertEquals(piece.received, here.filter((sender) => sender !== null).length);
      assertEquals(piece.complete, here.every((sender) => sender !== null));
      assertEquals(piece.senders(), here);
      for (let at = 0; at < blocks; at++) {
        assertEquals([piece.asked(at), piece.has(at)], [asked[at], here[at] !== null]);
      }
    }
  }
});

Deno.test("blocks lie where they belong, and the second copy changes nothing", () => {
  const piece = partial(BLOCK + 10);
  piece.put(1, new Uint8Array(10).fill(2), peers[0]!, false);
  piece.put(0, new Uint8Array(BLOCK).fill(1), peers[1]!, false);
  assertEquals(piece.put(0, new Uint8Array(BLOCK).fill(9), peers[2]!, false), false);
  assert(piece.complete);
  assert(piece.buffer.subarray(0, BLOCK).every((byte) => byte === 1));
  assert(piece.buffer.subarray(BLOCK).every((byte) => byte === 2));
});

Deno.test("memory is taken with the first block, not with the first request, and given back once", () => {
  let out = 0;
  const buffers = { buffer: () => (out++, new Uint8Array(2 * BLOCK)), release: () => void out-- };
  const piece = new PartialPiece(0 as PieceIndex, 2 * BLOCK, buffers, false);
  piece.takeFree();
  assertEquals(out, 0);
  piece.put(0, new Uint8Array(BLOCK), peers[0]!, true);
  piece.put(1, new Uint8Array(BLOCK), peers[0]!, false);
  assertEquals(out, 1);
  piece.release();
  piece.release();
  assertEquals(out, 0);
});
