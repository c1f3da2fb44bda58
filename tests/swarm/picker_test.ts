import { assert, assertEquals } from "@std/assert";
import { Bitfield, type Random, SeededRandom } from "../../src/base/mod.ts";
import { RarestPicker } from "../../src/swarm/mod.ts";

/** What a picker should know, kept the slow way. */
class Model {
  readonly availability: number[];
  readonly waiting = new Set<number>();

  constructor(readonly size: number) {
    this.availability = new Array(size).fill(0);
    for (let piece = 0; piece < size; piece++) this.waiting.add(piece);
  }

  rarest(has: Bitfield): Set<number> {
    const may = [...this.waiting].filter((piece) => has.has(piece));
    const least = Math.min(...may.map((piece) => this.availability[piece]!));
    return new Set(may.filter((piece) => this.availability[piece] === least));
  }
}

function step(picker: RarestPicker, model: Model, random: Random): void {
  const piece = random.below(model.size);
  switch (random.below(6)) {
    case 0:
    case 1:
      picker.gained(piece);
      model.availability[piece]!++;
      break;
    case 2:
      picker.lost(piece);
      model.availability[piece] = Math.max(0, model.availability[piece]! - 1);
      break;
    case 3:
      picker.remove(piece);
      model.waiting.delete(piece);
      break;
    case 4:
      picker.restore(piece);
      model.waiting.add(piece);
      break;
    default: {
      const has = new Bitfield(model.size);
      for (let i = 0; i < model.size; i++) if (random.below(3) === 0) has.add(i);
      const expected = model.rarest(has);
      const picked = picker.pick(has);
      if (expected.size === 0) assertEquals(picked, null);
      else assert(picked !== null && expected.has(picked), `Expected one of the rarest, ${picked}`);
    }
  }
  assertEquals(picker.waiting, model.waiting.size);
  assertEquals(picker.availability(piece), model.availability[piece]);
}

Deno.test("whatever happens, the picker gives the rarest waiting piece that a peer has", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new SeededRandom(seed);
    const size = 1 + random.below(40);
    const picker = new RarestPicker(size, random);
    const model = new Model(size);
    for (let i = 0; i < 600; i++) step(picker, model, random);
  }
});

Deno.test("a picked piece goes on waiting until it is removed", () => {
  const picker = new RarestPicker(2, new SeededRandom(1));
  const all = new Bitfield(2);
  all.fill();
  const first = picker.pick(all)!;
  assertEquals(picker.pick(all), first);
  picker.remove(first);
  assertEquals(picker.pick(all), 1 - first as typeof first);
  picker.remove(1 - first);
  assertEquals(picker.pick(all), null);
});

Deno.test("ties are broken differently in every run", () => {
  const all = new Bitfield(50);
  all.fill();
  const firsts = new Set<number | null>();
  for (let seed = 0; seed < 50; seed++) {
    firsts.add(new RarestPicker(50, new SeededRandom(seed)).pick(all));
  }
  assert(firsts.size > 15, `Expected many first picks, got ${firsts.size}`);
});
