import { assert, assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import { Message } from "../../src/wire/mod.ts";
import { scenario, World } from "./world.ts";

scenario("a free rider gets fewer slots and less than those that give", 2, (seed) => {
  const world = new World(seed, 100, 4);
  const line = { rate: 60e3 };
  const origin = world.seeder({ rate: 120e3 });
  const givers = Array.from({ length: 24 }, () => world.leech(line));
  // they answer requests so slowly that it is nothing
  const riders = Array.from({ length: 3 }, () => world.leech({ ...line, uploadLimit: 1 }));
  const all = [...givers, ...riders];
  all.forEach((node, i) => {
    world.connect(node, origin);
    for (const other of all.slice(0, i)) world.connect(node, other);
  });
  const riding = new Set(riders.map(({ name }) => name));
  const slots = { givers: 0, riders: 0 };
  world.clock.every(1_000, () => {
    for (const peer of givers.flatMap(({ swarm }) => swarm.peers)) {
      if (peer.amChoking || peer.identity.key === origin.name) continue;
      slots[riding.has(peer.identity.key) ? "riders" : "givers"]++;
    }
  });
  const mean = (nodes: typeof all) =>
    nodes.reduce((sum, node) => sum + node.pieces, 0) / nodes.length;
  assert(world.clock.run(600, () => mean(givers) >= 90));
  assertLess(mean(riders), mean(givers));
  assertLess(slots.riders / riders.length, 0.75 * slots.givers / (givers.length - 1));
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

scenario("nine of many peers have a slot at any time, and in the end all had one", 2, (seed) => {
  const world = new World(seed, 200, 4);
  const origin = world.seeder({ rate: 100e3 });
  const takers = Array.from({ length: 25 }, () => world.leech());
  for (const taker of takers) world.connect(taker, origin);
  for (let i = 0; i < 900; i++) {
    world.clock.run(1);
    assertLessOrEqual(origin.swarm.peers.filter((peer) => !peer.amChoking).length, 9);
  }
  for (const taker of takers) assertGreater(taker.swarm.downloads.rate.total, 0);
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
