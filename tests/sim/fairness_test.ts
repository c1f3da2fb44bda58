import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** Everybody is connected with everybody. */
function mesh(world: World, nodes: readonly SwarmNode[]): void {
  nodes.forEach((node, i) => {
    for (const other of nodes.slice(0, i)) world.connect(node, other);
  });
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const received = ({ swarm }: SwarmNode) => swarm.downloads.rate.total;

/** Fails unless every value is within `share` of the mean. */
function assertEven(values: readonly number[], share: number): void {
  const middle = mean(values);
  assertGreater(Math.min(...values), middle * (1 - share));
  assertLess(Math.max(...values), middle * (1 + share));
}

/**
 * A swarm in which upload is what is scarce: everybody has a part, others lack it, and the lines are slow. Half of what
 * a rider gets it gets while nobody knows it yet. Returns what a rider got in times of what a giver got.
 */
function riding(world: World, givers: number, riders: number): number {
  world.fragments = "whole";
  const node = (uploadLimit: number) =>
    world.leech({ rate: 60e3, uploadLimit, have: world.content.some(30, world.random) });
  const giving = Array.from({ length: givers }, () => node(0));
  // they answer requests so slowly that it is nothing
  const taking = Array.from({ length: riders }, () => node(1));
  const all = [world.seeder({ rate: 60e3 }), ...giving, ...taking];
  mesh(world, all);
  const { pieceCount } = world.content.geometry;
  assert(world.clock.run(600, () => mean(giving.map(({ pieces }) => pieces)) >= 0.9 * pieceCount));
  return mean(taking.map(received)) / mean(giving.map(received));
}

scenario("among many a free rider gets less than half of what those get that give", 1, (seed) => {
  const world = new World(seed, 300, 4);
  assertLess(riding(world, 20, 3), 0.5);
  return world;
});

scenario(
  "also among few, who could all have a slot, a free rider gets less than half",
  3,
  (seed) => {
    const world = new World(seed, 300, 4);
    assertLess(riding(world, 8, 2), 0.5);
    return world;
  },
);

scenario("twenty equal leechers finish within a tenth of one another", 1, (seed) => {
  const world = new World(seed, 200, 4);
  world.fragments = "whole";
  const leeches = Array.from({ length: 20 }, () => world.leech({ rate: 100e3 }));
  mesh(world, [world.seeder({ rate: 200e3 }), ...leeches]);
  const finished = new Map<SwarmNode, number>();
  world.clock.every(100, () => {
    for (const leech of leeches) {
      if (leech.complete && !finished.has(leech)) finished.set(leech, world.clock.now);
    }
  });
  assert(world.clock.run(600, () => finished.size === leeches.length));
  assertEven([...finished.values()], 0.1);
  return world;
});

scenario("when nobody gives anything all slots go to those that might", 3, (seed) => {
  const world = new World(seed, 200, 4);
  const leech = world.leech({ have: world.content.some(50, world.random), rate: 50e3 });
  const riders = Array.from(
    { length: 12 },
    () => world.leech({ uploadLimit: 1, have: world.content.some(10, world.random) }),
  );
  for (const rider of riders) world.connect(rider, leech);
  world.clock.run(200);
  const unchoked = leech.swarm.peers.filter((peer) => !peer.amChoking);
  assertGreaterOrEqual(unchoked.length, 4);
  assert(unchoked.every((peer) => peer.optimistic));
  return world;
});

scenario("the upload limit is respected, and used", 3, (seed) => {
  const world = new World(seed, 120, 4);
  const limit = 100e3;
  const origin = world.seeder({ uploadLimit: limit });
  for (let i = 0; i < 5; i++) world.connect(world.leech(), origin);
  world.clock.run(5);
  const before = origin.swarm.uploads.rate.total;
  const seconds = 20;
  world.clock.run(seconds);
  const sent = origin.swarm.uploads.rate.total - before;
  assertLessOrEqual(sent, limit * (seconds + 0.5));
  assertGreater(sent, 0.9 * limit * seconds);
  return world;
});

scenario("a seed's slots go round: each of many has as many turns as the others", 2, (seed) => {
  const world = new World(seed, 400, 4);
  world.fragments = "whole";
  const origin = world.seeder({ rate: 100e3 });
  const takers = Array.from({ length: 20 }, () => world.leech());
  for (const taker of takers) world.connect(taker, origin);
  const turns = new Map<string, number>();
  for (let i = 0; i < 1_800; i++) {
    world.clock.run(1);
    const unchoked = origin.swarm.peers.filter((peer) => !peer.amChoking);
    assertLessOrEqual(unchoked.length, 8);
    for (const { identity: { key } } of unchoked) turns.set(key, (turns.get(key) ?? 0) + 1);
  }
  assertEquals(turns.size, takers.length);
  assertEven([...turns.values()], 0.15);
  assertEven(takers.map(received), 0.15);
  return world;
});

for (const limit of [20e3, 300e3]) {
  scenario(`twenty leechers get the same of a seed that sends ${limit / 1e3} KB/s`, 1, (seed) => {
    const world = new World(seed, 600, 4);
    world.fragments = "whole";
    const origin = world.seeder({ rate: 50e6, uploadLimit: limit });
    const leeches = Array.from({ length: 20 }, () => world.leech());
    for (const leech of leeches) world.connect(leech, origin);
    world.clock.run(1_500);
    assertEven(leeches.map(received), 0.1);
    assertGreater(mean(leeches.map(received)) * 20, 0.95 * 1_500 * limit);
    return world;
  });
}

scenario("a seed's slot is not wasted on a peer that takes nothing", 3, (seed) => {
  const world = new World(seed, 400, 4);
  const origin = world.seeder({ rate: 100e3 });
  const lazy = Array.from(
    { length: 10 },
    () => world.fake({ have: world.content.none(), wants: true }),
  );
  const takers = Array.from({ length: 4 }, () => world.leech());
  for (const peer of [...lazy, ...takers]) world.connect(peer, origin);
  world.clock.run(60);
  const before = origin.swarm.uploads.rate.total;
  const taking = new Set(takers.map(({ name }) => name));
  let turns = 0;
  for (let i = 0; i < 60; i++) {
    world.clock.run(1);
    turns += origin.swarm.peers.filter(({ amChoking, identity: { key } }) =>
      !amChoking && taking.has(key)
    )
      .length;
  }
  assertGreater(turns / 60, 0.8 * takers.length);
  assertGreater(origin.swarm.uploads.rate.total - before, 0.9 * 60 * 100e3);
  return world;
});

/** Payload in `seconds` after `warmUp` from one seed with 50 MB/s at 50 ms each way. */
function throughput(world: World, warmUp: number, seconds: number): number {
  world.fragments = "whole";
  const leech = world.leech();
  const seeder = world.seeder({ rate: 50e6 });
  world.connect(leech, seeder, { latency: 50 });
  world.clock.run(warmUp);
  const before = leech.swarm.downloads.rate.total;
  world.clock.run(seconds);
  assertEquals(leech.complete, false, "Expected more than can be sent in the time");
  return (leech.swarm.downloads.rate.total - before) / seconds;
}

scenario("one peer fills a path of 50 MB/s and a round trip of 100 ms", 1, (seed) => {
  const world = new World(seed, 200, 64);
  assertGreater(throughput(world, 2, 1.5), 0.9 * 50e6);
  return world;
});

scenario("a slow peer is not asked for more than it can send in a few seconds", 5, (seed) => {
  const world = new World(seed, 40, 4);
  const leech = world.leech();
  world.connect(leech, world.fake({ rate: 40e3 }));
  world.clock.run(30);
  const [peer] = leech.swarm.peers;
  assertLessOrEqual(peer!.outstanding * 16_384, 5 * 40e3);
  return world;
});

scenario("who asks while it is choked gets nothing", 3, (seed) => {
  const world = new World(seed, 20, 2);
  const origin = world.seeder();
  const pest = world.fake({ have: world.content.none(), fast: true });
  const connection = world.connect(pest, origin);
  world.clock.run(1);
  // never says that it is interested
  for (let i = 0; i < 20; i++) connection.out.block(Message.Request, i, 0, 16_384);
  connection.flush(world.clock.now);
  world.clock.run(60);
  assertEquals(origin.swarm.uploads.rate.total, 0);
  assertEquals(connection.phase, "open");
  return world;
});
