import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Bitfield, SeededRandom } from "../../src/base/mod.ts";
import { PriorityPicker } from "../../src/swarm/mod.ts";

function all(size: number): Bitfield {
  const out = new Bitfield(size);
  out.fill();
  return out;
}

/** The pieces in the order they begin at a seed. */
function drain(picker: PriorityPicker, size: number): number[] {
  const out: number[] = [];
  for (let piece = picker.pick(all(size)); piece !== null; piece = picker.pick(all(size))) {
    out.push(piece);
    picker.remove(piece);
  }
  return out;
}

Deno.test("whatever changes, a picked piece is of the highest rank there is, then the rarest or the first", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new SeededRandom(seed);
    const size = 1 + random.below(30);
    let sequential = random.below(2) === 0;
    const picker = new PriorityPicker(size, random, sequential);
    const ranks = new Array<number>(size).fill(2);
    const availability = new Array<number>(size).fill(0);
    const waiting = new Set(ranks.keys());
    for (let i = 0; i < 300; i++) {
      const piece = random.below(size);
      switch (random.below(9)) {
        case 0:
        case 1:
          picker.gained(piece);
          availability[piece]!++;
          break;
        case 2:
          picker.lost(piece);
          availability[piece] = Math.max(0, availability[piece]! - 1);
          break;
        case 3:
          picker.remove(piece);
          waiting.delete(piece);
          break;
        case 4:
        case 5:
          if (random.below(2) === 0) picker.restore(piece);
          else picker.scatter(piece);
          if (ranks[piece]! > 0) waiting.add(piece);
          break;
        case 6:
          ranks[piece] = random.below(5);
          picker.setRank(piece, ranks[piece]!);
          if (ranks[piece] === 0) waiting.delete(piece);
          break;
        case 7:
          sequential = random.below(2) === 0;
          picker.setSequential(sequential);
          break;
        default: {
          const has = new Bitfield(size);
          for (let p = 0; p < size; p++) if (random.below(3) === 0) has.add(p);
          const may = [...waiting].filter((p) => has.has(p));
          const top = Math.max(...may.map((p) => ranks[p]!));
          const best = may.filter((p) => ranks[p] === top);
          const key = (p: number) => sequential ? p : availability[p]!;
          const least = Math.min(...best.map(key));
          const picked = picker.pick(has);
          if (best.length === 0) assertEquals(picked, null);
          else assert(picked !== null && best.includes(picked) && key(picked) === least);
        }
      }
      assertEquals(picker.waiting, waiting.size);
      assertEquals(picker.waits(piece), waiting.has(piece));
      assertEquals(picker.availability(piece), availability[piece]);
      assertEquals([picker.rank(piece), picker.ordered], [ranks[piece], sequential]);
    }
  }
});

Deno.test("pieces that get a rank together do not come in the same order for everybody", () => {
  const orders = [1, 2].map((seed) => {
    const picker = new PriorityPicker(100, new SeededRandom(seed));
    for (let piece = 0; piece < 50; piece++) picker.setRank(piece, 3);
    return drain(picker, 100);
  });
  for (const order of orders) {
    assertEquals(order.length, 100);
    assert(order.slice(0, 50).every((piece) => piece < 50));
    assertNotEquals(order.slice(0, 50), order.slice(0, 50).toSorted((a, b) => a - b));
  }
  assertNotEquals(orders[0], orders[1]);
});
