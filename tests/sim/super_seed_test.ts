import { assert, assertGreater, assertLess } from "@std/assert";
import { scenario, World } from "./world.ts";

/** What the only seed sent until the first copy was out and until all were complete, in sizes of the torrent. */
function spread(seed: number, superSeed: boolean, count: number, uploadLimit: number) {
  const world = new World(seed, 120, 4);
  world.fragments = "whole";
  const origin = world.seeder({ rate: uploadLimit > 0 ? 5e6 : 100e3, superSeed, uploadLimit });
  const leeches = Array.from({ length: count }, () => world.leech({ rate: 100e3 }));
  leeches.forEach((leech, i) => {
    world.connect(leech, origin);
    for (const other of leeches.slice(0, i)) world.connect(leech, other);
  });
  const sent = () => origin.swarm.uploads.rate.total / world.content.data.length;
  const out = world.content.none();
  assert(world.clock.run(600, () => {
    for (const leech of leeches) for (const piece of leech.swarm.have) out.add(piece);
    return out.full;
  }));
  const firstCopy = sent();
  world.complete(leeches, 600);
  return { world, firstCopy, all: sent() };
}

for (const [count, limit] of [[10, 0], [20, 0], [15, 100e3]] as const) {
  const limited = limit > 0 ? ", under an upload limit" : "";
  scenario(
    `super seeding sends each piece about once until ${count} have them all${limited}`,
    1,
    (seed) => {
      const once = spread(seed, true, count, limit);
      const ordinary = spread(seed, false, count, limit);
      assertLess(once.firstCopy, 1.15);
      assertGreater(ordinary.firstCopy, 1.15);
      assertLess(once.all, ordinary.all);
      ordinary.world.check();
      return once.world;
    },
  );
}

scenario(
  "super seeding completes alone, in company that does not pass on, and with those that come later",
  3,
  (seed) => {
    const world = new World(seed, 30, 4);
    const origin = world.seeder({ rate: 400e3, superSeed: true });
    const first = world.leech();
    world.connect(first, origin);
    world.clock.run(4);
    // two that know only the seed, a third that knows all
    const others = [world.leech(), world.leech(), world.leech()];
    for (const other of others) world.connect(other, origin);
    for (const other of [first, others[0]!, others[1]!]) world.connect(others[2]!, other);
    world.complete([first, ...others], 600);
    const late = world.leech();
    world.connect(late, origin);
    world.complete([late], 60);
    return world;
  },
);
