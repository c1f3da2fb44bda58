import { assert, assertEquals } from "@std/assert";
import { PriorityPicker } from "../../src/swarm/mod.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { SimWeb } from "./web.ts";
import { scenario, World } from "./world.ts";

/** Gives pieces in a row another rank, as a file's would be, and now and then another order. */
function reshuffle(world: World, node: SwarmNode, ranks: Uint8Array): void {
  const { random, clock } = world;
  const from = random.below(ranks.length);
  ranks.fill(random.below(4), from, from + 1 + random.below(12));
  node.swarm.wanted.change(ranks, clock.now);
  const { picker } = node.swarm;
  assert(picker instanceof PriorityPicker);
  if (random.below(5) === 0) picker.setSequential(random.below(2) === 0);
  assertEquals(node.swarm.complete, ranks.every((rank, i) => rank === 0 || node.swarm.have.has(i)));
}

scenario(
  "priorities that change all the time: what is wanted comes, what is not is not asked for",
  25,
  (seed) => {
    const world = new World(seed, 40, 3);
    const origin = world.seeder({ rate: 300e3 });
    const leeches = Array.from({ length: 3 }, () => world.leech({ rate: 300e3 }));
    const wishes = leeches.map(() => new Uint8Array(40).fill(2));
    // the last has a web server besides
    new SimWeb(leeches[2]!, { w: { latency: 30, rate: 100e3 } });
    leeches.forEach((leech, i) => {
      world.connect(leech, origin);
      for (const other of leeches.slice(0, i)) world.connect(leech, other);
      for (let at = 50; at < 3_000; at += 150) {
        world.clock.in(at, () => reshuffle(world, leech, wishes[i]!));
      }
    });
    world.clock.run(3.1, () => false);
    leeches.forEach((leech, i) => {
      for (const partial of leech.swarm.downloads.partials.keys()) {
        assert(wishes[i]![partial]! > 0, `Fetches piece ${partial}, which nobody wants`);
      }
      for (const peer of leech.swarm.peers) {
        const useful = [...peer.pieces].filter((piece) => leech.swarm.wants(piece)).length;
        assertEquals([peer.useful, peer.amInterested], [useful, useful > 0]);
      }
    });
    // who was complete for a while has left the seed
    leeches.forEach((leech, i) => {
      leech.swarm.wanted.change(wishes[i]!.fill(2), world.clock.now);
      leech.swarm.closePeers("again");
    });
    for (const leech of leeches) world.connect(leech, origin);
    world.complete(leeches, 300);
    assertEquals(leeches.flatMap((leech) => [...leech.banned]), []);
    return world;
  },
);
